import type { Clock } from '../../kernel/clock.ts';
import { RequestError } from '../../kernel/request-error.ts';

export interface FairAdmissionOptions {
  readonly clock: Clock;
  readonly limits: { readonly inFlight: number; readonly inFlightPerPrincipal: number };
  /** Whether more would only make all that are executed slower: what comes now waits its turn. */
  isBusy(): boolean;
  /** Calls back once, with how many may go on then. */
  whenFree(look: (room: number) => void): void;
  /** How long somebody waits at the most, in ms; then it is told so. */
  readonly mostWaitMs?: number;
}

/** A request that is executed. */
export interface Place {
  /** What it turned out to cost; before it is known it counts as little. */
  charge(cost: number): void;
  leave(): void;
}

/**
 * Who is executed when: at once while there is room, else by turns of callers and not in the order of arrival, so that who asks much waits
 * for itself. Nobody waits long: what cannot be soon is refused now (`OVERLOADED`).
 */
export interface FairAdmission {
  /** A place, or a promise of one. Throws or rejects with `OVERLOADED`. */
  enter(principalId: string): Place | Promise<Place>;
  readonly count: number;
  readonly waiting: number;
}

interface Waiter {
  admit(place: Place): void;
  refuse(): void;
  cancel(): void;
}

/** What somebody does at present. Forgotten when it does nothing. */
interface Share {
  executing: number;
  readonly waiting: Waiter[];
  /** What it has been given, in cost; who has least is next. Who was away begins where the others are. */
  given: number;
}

/** What a request counts as before its cost is known. */
const smallestCost = 1;

export function createFairAdmission(options: FairAdmissionOptions): FairAdmission {
  const { clock, limits, mostWaitMs = 1_000 } = options;
  /** About as many may wait as are executed: more would wait for seconds. */
  const mostWaiting = Math.max(limits.inFlight, limits.inFlightPerPrincipal);
  const shares = new Map<string, Share>();
  let executing = 0;
  let waiting = 0;
  /** What the one had been given who was let in last. */
  let floor = 0;
  let isLooking = false;
  /** Of those whose time was over before the loop came to look: one that stood still for a second is no reason to refuse what has room by now. */
  const overdue = new Set<() => void>();

  function shareOf(id: string): Share {
    let share = shares.get(id);
    if (!share) {
      share = { executing: 0, waiting: [], given: floor };
      shares.set(id, share);
    }
    return share;
  }

  function forget(id: string, share: Share): void {
    if (share.executing === 0 && share.waiting.length === 0) shares.delete(id);
  }

  function admit(id: string, share: Share): Place {
    executing += 1;
    share.executing += 1;
    floor = Math.max(floor, share.given);
    share.given += smallestCost;
    let isIn = true;
    return {
      charge(cost) {
        share.given += cost;
      },
      leave() {
        if (!isIn) return;
        isIn = false;
        executing -= 1;
        share.executing -= 1;
        forget(id, share);
        if (waiting > 0) lookAgain();
      },
    };
  }

  /** Lets some in; whoever leaves makes room for others. */
  function letIn(room: number): void {
    for (let left = room; left > 0 && waiting > 0 && executing < limits.inFlight; left -= 1) {
      const next = nextShare();
      if (!next) return;
      const [id, share] = next;
      const waiter = share.waiting.shift();
      if (!waiter) return;
      waiting -= 1;
      waiter.cancel();
      waiter.admit(admit(id, share));
    }
    if (waiting > 0 && executing < limits.inFlight && nextShare()) lookAgain();
  }

  function lookAgain(): void {
    if (isLooking) return;
    isLooking = true;
    options.whenFree((room) => {
      isLooking = false;
      letIn(room);
      for (const end of overdue) end();
      overdue.clear();
    });
  }

  function nextShare(): [string, Share] | undefined {
    let next: [string, Share] | undefined;
    for (const entry of shares) {
      const [, share] = entry;
      if (share.waiting.length === 0 || share.executing >= limits.inFlightPerPrincipal) continue;
      if (!next || share.given < next[1].given) next = entry;
    }
    return next;
  }

  /** Room for one more to wait, where need be at the cost of who has most waiting. */
  function makeRoom(share: Share): boolean {
    if (share.waiting.length >= limits.inFlightPerPrincipal) return false;
    if (waiting < mostWaiting) return true;
    let longest = share;
    for (const other of shares.values()) if (other.waiting.length > longest.waiting.length) longest = other;
    if (longest.waiting.length <= share.waiting.length + 1) return false;
    drop(longest, longest.waiting.at(-1));
    return true;
  }

  function drop(share: Share, waiter: Waiter | undefined): void {
    const place = waiter ? share.waiting.indexOf(waiter) : -1;
    if (!waiter || place < 0) return;
    share.waiting.splice(place, 1);
    waiting -= 1;
    waiter.cancel();
    waiter.refuse();
  }

  return {
    enter(id) {
      const share = shareOf(id);
      const hasRoom = executing < limits.inFlight && share.executing < limits.inFlightPerPrincipal;
      if (hasRoom && waiting === 0 && !options.isBusy()) return admit(id, share);
      if (!makeRoom(share)) {
        forget(id, share);
        throw overloaded();
      }
      const { promise, resolve, reject } = Promise.withResolvers<Place>();
      function giveUp(): void {
        drop(share, waiter);
        forget(id, share);
      }
      const waiter: Waiter = {
        admit: resolve,
        refuse: () => reject(overloaded()),
        cancel: clock.schedule(mostWaitMs, () => {
          if (isLooking) overdue.add(giveUp);
          else giveUp();
        }),
      };
      share.waiting.push(waiter);
      waiting += 1;
      if (hasRoom) lookAgain();
      return promise;
    },
    get count() {
      return executing + waiting;
    },
    get waiting() {
      return waiting;
    },
  };
}

const overloaded = (): RequestError =>
  new RequestError('OVERLOADED', 'Too many requests are under way; try again in a second', { retryAfterSeconds: 1 });
