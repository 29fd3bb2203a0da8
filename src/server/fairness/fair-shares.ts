import type { Settings } from '../../config/settings.ts';
import type { OperationBudget } from '../../graph/limits/budget.ts';
import type { Clock } from '../../kernel/clock.ts';
import { RequestError } from '../../kernel/request-error.ts';
import type { Metrics } from '../telemetry/create-metrics.ts';
import { type CostBuckets, createCostBuckets } from './cost-buckets.ts';
import { createFairAdmission, type FairAdmission, type Place } from './fair-admission.ts';
import { createLoopTurns } from './loop-turns.ts';
import { connectionPrice, priceOf, reusedPart } from './price-of.ts';

/** One request of a caller: its place among those that are executed, and what its operation may cost. */
export interface Turn {
  readonly budget: OperationBudget;
  leave(): void;
}

/** What each caller gets of this gateway (P32). */
export interface FairShares {
  /**
   * A turn, or a promise of one where others are before. Throws `RATE_LIMITED` where the caller has spent what it may, `OVERLOADED` where
   * it could not be soon.
   */
  enter(principalId: string): Turn | Promise<Turn>;
  /** An operation that waits for no turn, since it is only opened: a stream. */
  budgetOf(principalId: string): OperationBudget;
  /** Pays for a connection of its own; false where the caller has spent what it may. */
  connect(principalId: string): boolean;
  /** An address had too many sign-ins that failed. */
  noteLimitedAddress(): void;
  /** Requests that are executed or wait for it. */
  readonly count: number;
}

export interface FairSharesOptions {
  readonly limits: Pick<Settings['limits'], 'inFlight' | 'inFlightPerPrincipal' | 'costPerMinute' | 'cost'>;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'counter' | 'readAtScrape'>;
}

export function createFairShares({ limits, clock, metrics }: FairSharesOptions): FairShares {
  const { costPerMinute } = limits;
  // Ten seconds at once, and at any rate the dearest operation that is allowed.
  const capacity = Math.max(costPerMinute / 6, limits.cost);
  const buckets = createCostBuckets({ clock, perMinute: costPerMinute, capacity });
  const admission = createFairAdmission({ clock, limits, ...createLoopTurns() });
  const outcomes = metrics.counter('longshore_refused_requests_total', 'Requests that had to come back later.', [
    'outcome',
  ]);
  metrics.readAtScrape('longshore_requests_waiting', 'Requests that wait for their turn.', () => admission.waiting);
  metrics.readAtScrape('longshore_callers_with_costs', 'Callers who have spent lately.', () => buckets.known);

  function assertSolvent(principalId: string): void {
    const retryAfterSeconds = buckets.waitSeconds(principalId);
    if (retryAfterSeconds === undefined) return;
    outcomes.inc({ outcome: 'rate_limited' });
    throw new RequestError('RATE_LIMITED', 'You have asked for more than your share; try again later', {
      retryAfterSeconds,
    });
  }

  function counted(error: unknown): unknown {
    if (error instanceof RequestError) outcomes.inc({ outcome: 'overloaded' });
    return error;
  }

  function admit(principalId: string): ReturnType<FairAdmission['enter']> {
    try {
      const place = admission.enter(principalId);
      if (!(place instanceof Promise)) return place;
      return place.catch((error: unknown) => {
        throw counted(error);
      });
    } catch (error) {
      throw counted(error);
    }
  }

  const turnOf = (principalId: string, place: Place): Turn => ({
    budget: createBudget(buckets, principalId, assertSolvent, place),
    leave: place.leave,
  });

  return {
    enter(principalId) {
      assertSolvent(principalId);
      const place = admit(principalId);
      return place instanceof Promise
        ? place.then((granted) => turnOf(principalId, granted))
        : turnOf(principalId, place);
    },
    budgetOf: (principalId) => createBudget(buckets, principalId, assertSolvent, undefined),
    connect(principalId) {
      if (buckets.waitSeconds(principalId) !== undefined) {
        outcomes.inc({ outcome: 'rate_limited' });
        return false;
      }
      buckets.charge(principalId, connectionPrice);
      return true;
    },
    noteLimitedAddress: () => outcomes.inc({ outcome: 'address_limited' }),
    get count() {
      return admission.count;
    },
  };
}

function createBudget(
  buckets: CostBuckets,
  principalId: string,
  assertSolvent: (principalId: string) => void,
  place: Place | undefined,
): OperationBudget {
  let spent = 0;
  function charge(cost: number): void {
    spent += cost;
    buckets.charge(principalId, cost);
    place?.charge(cost);
  }
  return {
    spend(type, cost) {
      assertSolvent(principalId);
      charge(priceOf(type, cost));
    },
    giveBack: () => charge(-spent * (1 - reusedPart)),
  };
}
