export interface StreamPlaces {
  /** Takes a place for this caller and answers what gives it back; undefined where none is free. */
  enter(principalId: string): (() => void) | undefined;
}

/** Connections of one caller that go on share these places, and each is paid for: whoever opens many does so at nobody else's cost. */
export function createStreamPlaces(
  most: number,
  mayConnect: (principalId: string) => boolean = () => true,
): StreamPlaces {
  const taken = new Map<string, number>();
  return {
    enter(principalId) {
      const own = taken.get(principalId) ?? 0;
      if (own >= most || !mayConnect(principalId)) return undefined;
      taken.set(principalId, own + 1);
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        const left = (taken.get(principalId) ?? 1) - 1;
        if (left === 0) taken.delete(principalId);
        else taken.set(principalId, left);
      };
    },
  };
}
