import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger, PodCluster, type PodState, type Replica, startReplica, Tally } from '../../testing/metered-world.ts';

const firstSecond = Date.UTC(2026, 0, 1) / 1_000;

/** A pod as it truly was. */
interface TruePod {
  state: PodState;
  changes: { readonly at: number; readonly millicores: number; readonly memoryMi: number }[];
  /** When it ended, or is taken to have ended. */
  end: number | undefined;
  isForced?: boolean;
}

type Step =
  | { readonly do: 'start'; readonly millicores: number; readonly memoryMi: number; readonly series: number }
  | { readonly do: 'resize'; readonly pod: number; readonly millicores: number }
  | { readonly do: 'end'; readonly pod: number; readonly how: 'GONE' | 'FORCED' | 'COMPLETED' }
  | { readonly do: 'forget'; readonly pod: number }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'round'; readonly replica: number; readonly isBehind: boolean }
  | { readonly do: 'restart'; readonly replica: number }
  | { readonly do: 'leave' }
  | { readonly do: 'return'; readonly how: 'RESUMED' | 'RELISTED' | 'RESTARTED' }
  | { readonly do: 'clock'; readonly offset: number };

const pod = fc.nat(20);
const amounts = { millicores: fc.integer({ min: 0, max: 64_000 }), memoryMi: fc.integer({ min: 0, max: 100_000 }) };
const passing = fc.oneof(
  { weight: 6, arbitrary: fc.nat(90) },
  { weight: 4, arbitrary: fc.nat(4_000) },
  { weight: 1, arbitrary: fc.nat(200_000) },
);
const start = fc.record({ do: fc.constant('start' as const), ...amounts, series: fc.nat(2) });
const happening = [
  { weight: 4, arbitrary: start },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('resize' as const), pod, millicores: amounts.millicores }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      pod,
      how: fc.constantFrom('GONE' as const, 'FORCED' as const, 'COMPLETED' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), pod }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: passing }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('round' as const), replica: fc.nat(1), isBehind: fc.boolean() }),
  },
];
const wholeHistories = fc.array(
  fc.oneof(
    ...happening,
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), replica: fc.nat(1) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('clock' as const),
        offset: fc.constantFrom(0, 0, -3_000, 7_200, 80_000, -80_000, -200_000),
      }),
    },
  ),
  { maxLength: 80, size: 'max' },
);
const brokenHistories = fc.array(
  fc.oneof(
    ...happening,
    { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('return' as const),
        how: fc.constantFrom('RESUMED' as const, 'RELISTED' as const, 'RESTARTED' as const),
      }),
    },
  ),
  { maxLength: 80, size: 'max' },
);

/** What happens to pods, the same for every property; undefined where it does not apply. */
class History {
  readonly cluster = new PodCluster();
  readonly ledger = new Ledger();
  readonly pods: TruePod[] = [];
  now = firstSecond + 1_234;
  offset = 0;
  since: number | undefined;
  /** Since when nothing was heard. */
  awaySince: number | undefined;
  readonly clock = () => (this.now + this.offset) * 1_000;

  happen(step: Step): void {
    if (step.do === 'start') {
      const { millicores, memoryMi } = step;
      const state = { name: `p${this.pods.length}`, series: `s${step.series}`, millicores, memoryMi };
      this.pods.push({ state: { ...state, startSeconds: this.now }, changes: [], end: undefined });
      this.cluster.put({ ...state, startSeconds: this.now });
      return;
    }
    if (step.do !== 'resize' && step.do !== 'end' && step.do !== 'forget') return;
    const pod = this.pods[step.pod % this.pods.length];
    if (!pod || !this.cluster.pods.has(pod.state.name)) return;
    if (step.do === 'forget') {
      // It has ended, and goes.
      if (pod.end !== undefined) this.cluster.remove(pod.state.name);
    } else if (pod.end !== undefined) {
      return;
    } else if (step.do === 'resize') {
      // What nobody writes down a time of is known by the clock of who hears it.
      if (this.offset !== 0) return;
      pod.state = { ...pod.state, millicores: step.millicores };
      const at = this.awaySince === undefined ? this.now : Number.POSITIVE_INFINITY;
      pod.changes.push({ at, millicores: step.millicores, memoryMi: pod.state.memoryMi });
      this.cluster.put(pod.state);
    } else {
      if (step.how === 'FORCED' && this.offset !== 0) return;
      pod.end = this.now;
      pod.isForced = step.how === 'FORCED';
      if (step.how !== 'FORCED') this.cluster.put({ ...pod.state, finishedSeconds: this.now });
      if (step.how !== 'COMPLETED') this.cluster.remove(pod.state.name);
    }
  }

  /** Whether there was one. */
  round(replica: Replica, mayBeDeaf: boolean): boolean {
    if (this.ledger.round(replica, this.now + this.offset, { mayBeDeaf }) !== undefined) return false;
    this.since ??= this.ledger.meter?.sinceSeconds;
    return true;
  }

  /** Rounds until now has been reached. */
  finish(replica: Replica, mayBeDeaf = false): void {
    for (let each = 0; each < 500; each += 1) {
      this.round(replica, mayBeDeaf);
      if (this.ledger.meter?.throughSeconds === this.now) return;
    }
  }

  /** What is known, by the rules, once the cluster is heard again: the time while it was away is what nobody saw. */
  hearAgain(isWhole: boolean): void {
    const away = this.awaySince as number;
    for (const pod of this.pods) {
      const isNew = pod.state.startSeconds >= away && !this.knownBefore.has(pod.state.name);
      const unheard = pod.changes.filter(({ at }) => at === Number.POSITIVE_INFINITY);
      if (unheard.length > 0) {
        const heard = unheard.map((change) => ({ ...change, at: this.now }));
        pod.changes = [...pod.changes.slice(0, -unheard.length), ...(isNew && !isWhole ? [] : heard)];
        if (isNew && !isWhole) this.firstOf.set(pod.state.name, pod.state);
      }
      const isGone = !this.cluster.pods.has(pod.state.name);
      if (!isGone || pod.end === undefined || this.endedBefore.has(pod.state.name)) continue;
      if (isWhole) pod.end = pod.isForced ? this.now : pod.end;
      else pod.end = isNew ? pod.state.startSeconds : away;
    }
    this.awaySince = undefined;
  }

  knownBefore = new Set<string>();
  endedBefore = new Set<string>();
  leave(): void {
    this.awaySince = this.now;
    this.knownBefore = new Set(this.pods.map(({ state }) => state.name));
    this.endedBefore = new Set(this.pods.filter(({ end }) => end !== undefined).map(({ state }) => state.name));
  }

  /** Second by second, from what truly was. */
  expected() {
    const tally = new Tally();
    for (const { state, changes, end } of this.pods) {
      const first = this.firstOf.get(state.name) ?? state;
      let { millicores, memoryMi } = first;
      let next = 0;
      for (let second = state.startSeconds; second < (end ?? this.now); second += 1) {
        for (let change = changes[next]; change && change.at <= second; change = changes[next]) {
          ({ millicores, memoryMi } = change);
          next += 1;
        }
        if (second >= (this.since ?? 0)) tally.add(state.series, second, millicores, memoryMi);
      }
    }
    return tally.told;
  }

  /** As pods were when they started. */
  readonly firstOf = new Map<string, PodState>();
  remember(): void {
    for (const { state } of this.pods) if (!this.firstOf.has(state.name)) this.firstOf.set(state.name, state);
  }
}

describe('metering (CMP-114)', () => {
  it('adds up to the second to what pods had, whoever settles, whenever, with whatever clock', () => {
    fc.assert(
      fc.property(wholeHistories, (steps) => {
        const history = new History();
        const replicas = [0, 1].map(() => startReplica(history.cluster, history.clock)) as [Replica, Replica];
        history.round(replicas[0], false);
        for (const step of steps as Step[]) {
          history.happen(step);
          history.remember();
          if (step.do === 'round') {
            const replica = replicas[step.replica] as Replica;
            if (!step.isBehind) replica.feed.hear();
            history.round(replica, false);
          } else if (step.do === 'pass' || step.do === 'restart' || step.do === 'clock') {
            for (const { feed } of replicas) feed.hear();
            if (step.do === 'pass') history.now += step.seconds;
            else if (step.do === 'clock') history.offset = step.offset;
            else {
              // The other one has heard it all, and settles before somebody asks this one.
              const isSettled = history.round(replicas[1 - step.replica] as Replica, false);
              if (isSettled) replicas[step.replica] = startReplica(history.cluster, history.clock);
            }
          }
        }
        history.offset = 0;
        for (const { feed } of replicas) feed.hear();
        for (const replica of replicas) history.finish(replica);
        expect(history.ledger.told).toEqual(history.expected());
        expect(history.ledger.gaps).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  it('says where it has gaps, and invents nothing for them (CMP-114)', () => {
    fc.assert(
      fc.property(brokenHistories, (steps) => {
        const history = new History();
        let replica = startReplica(history.cluster, history.clock);
        const gaps: object[] = [];
        const comeBack = (how: 'RESUMED' | 'RELISTED' | 'RESTARTED') => {
          const fromSeconds = history.awaySince as number;
          replica.feed.staleSince = undefined;
          if (how === 'RESUMED') replica.feed.hear();
          else if (how === 'RELISTED') replica.feed.relist();
          else replica = startReplica(history.cluster, history.clock);
          history.hearAgain(how === 'RESUMED');
          // A cluster in which nothing happened is where it was, and nothing was missed.
          const isMissed = how !== 'RESUMED' && String(history.cluster.version) !== history.ledger.meter?.position;
          if (isMissed && history.now > fromSeconds) gaps.push({ fromSeconds, toSeconds: history.now });
          history.finish(replica, true);
        };
        history.round(replica, false);
        for (const step of steps as Step[]) {
          history.happen(step);
          history.remember();
          if (history.awaySince === undefined) replica.feed.hear();
          if (step.do === 'pass') history.now += step.seconds;
          else if (step.do === 'round') history.finish(replica, true);
          else if (step.do === 'leave' && history.awaySince === undefined) {
            history.finish(replica, true);
            history.leave();
            replica.feed.staleSince = history.clock();
            expect(replica.hearing.look(undefined)).toBe('AWAY');
          } else if (step.do === 'return' && history.awaySince !== undefined) comeBack(step.how);
        }
        if (history.awaySince !== undefined) comeBack('RELISTED');
        history.finish(replica, true);
        expect(history.ledger.told).toEqual(history.expected());
        expect(history.ledger.gaps).toEqual(gaps);
      }),
      { numRuns: 80 },
    );
  });
});
