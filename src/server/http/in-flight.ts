import { RequestError } from '../../kernel/request-error.ts';

export interface InFlight {
  /** Takes a place for this principal and returns what gives it back; throws `OVERLOADED` where none is free. */
  enter(principalId: string): () => void;
  readonly count: number;
}

/** Refuses early instead of answering late: one caller cannot take every place, and all together cannot queue without end. */
export function createInFlight(limits: { readonly inFlight: number; readonly inFlightPerPrincipal: number }): InFlight {
  const byPrincipal = new Map<string, number>();
  let all = 0;
  return {
    get count() {
      return all;
    },
    enter(principalId) {
      const own = byPrincipal.get(principalId) ?? 0;
      if (all >= limits.inFlight || own >= limits.inFlightPerPrincipal) {
        throw new RequestError('OVERLOADED', 'Too many requests are under way; try again in a second', {
          retryAfterSeconds: 1,
        });
      }
      all += 1;
      byPrincipal.set(principalId, own + 1);
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        all -= 1;
        const left = (byPrincipal.get(principalId) ?? 1) - 1;
        if (left === 0) byPrincipal.delete(principalId);
        else byPrincipal.set(principalId, left);
      };
    },
  };
}
