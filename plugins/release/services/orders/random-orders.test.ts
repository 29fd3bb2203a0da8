import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../../../src/data/testing/open-test-database.ts';
import { type OrderPlay, openReleaseDatabase, playOrders } from '../../testing/play-orders.ts';
import { type ReleaseAction, releaseActions } from './decide-action.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openReleaseDatabase();
});
afterAll(() => database.close());

const isLong = process.env.LONGSHORE_TEST_LONG === '1';
const names = ['redis', 'front'] as const;
const replicas = 4;

type Command =
  | { readonly do: 'create'; readonly versions: readonly [number, number]; readonly betaGroup: boolean }
  | { readonly do: 'act'; readonly action: ReleaseAction }
  | { readonly do: 'work'; readonly steps: number }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'break' | 'mend'; readonly service: number; readonly version: number }
  | { readonly do: 'away' | 'back' }
  | { readonly do: 'stale'; readonly looks: number };

const nth = fc.nat(2);
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('create' as const), versions: fc.tuple(nth, nth), betaGroup: fc.boolean() }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('act' as const), action: fc.constantFrom(...releaseActions) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('act' as const),
      action: fc.constantFrom('START' as const, 'CONFIRM' as const),
    }),
  },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('work' as const), steps: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 120 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('break' as const, 'mend' as const), service: fc.nat(1), version: nth }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('away' as const, 'back' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stale' as const), looks: fc.integer({ min: 0, max: 50 }) }) },
);

/** What must hold after every command, whatever has happened (P14). */
async function expectSound(play: OrderPlay, ended: Map<string, string>): Promise<void> {
  const { releases, services, groups } = await play.rows();
  for (const { id, name, releaseId } of services) {
    const open = releases.filter(
      ({ serviceId, state }) => serviceId === id && !['SUCCEEDED', 'CANCELLED', 'ROLLED_BACK'].includes(state),
    );
    expect(open.length, `live releases of ${name}`).toBeLessThanOrEqual(1);
    expect(releaseId, `release that has ${name}`).toBe(open[0]?.id ?? null);
  }
  for (const { id, state, dependsOn, orderId } of releases) {
    // What is begun is begun behind what it depends on.
    if (['PRE_TASKS', 'GROUPS', 'PAUSED', 'POST_TASKS', 'SUCCEEDED'].includes(state)) {
      for (const needed of dependsOn) {
        const found = releases.find((each) => each.id === needed);
        // It may go back later, by somebody's will.
        expect([
          'SUCCEEDED',
          'CANCELLED',
          'ROLLING_BACK',
          'ROLLBACK_TASKS',
          'ROLLBACK_PENDING_CONFIRM',
          'ROLLED_BACK',
          'ROLLBACK_FAILED',
        ]).toContain(found?.state);
      }
    }
    // A release that has ended stays so; only a success may still be taken back.
    const before = ended.get(id);
    if (before !== undefined)
      expect(before === 'SUCCEEDED' ? ['SUCCEEDED', ...back] : [before], orderId).toContain(state);
    if (['SUCCEEDED', 'CANCELLED', 'ROLLED_BACK'].includes(state)) ended.set(id, state);
    const running = groups.filter(({ releaseId, state: of }) => releaseId === id && of === 'RUNNING');
    expect(running.length, 'groups under way at a time').toBeLessThanOrEqual(1);
  }
}

const back = [
  'ROLLING_BACK',
  'ROLLBACK_TASKS',
  'ROLLBACK_PENDING_CONFIRM',
  'ROLLED_BACK',
  'ROLLBACK_FAILED',
  'CANCELLED',
];

/** Never more pods of the new version than its groups up to now allow. */
async function expectWithinGroups(play: OrderPlay): Promise<void> {
  const { releases, groups, services } = await play.rows();
  for (const { name, releaseId } of services) {
    const release = releases.find(({ id }) => id === releaseId);
    const live = play.cluster.workloads.get(name);
    if (!live || !release || !['GROUPS', 'PAUSED'].includes(release.state)) continue;
    if (release.fromVersionId === release.versionId || live.versionId !== release.versionId) continue;
    const upTo = groups.filter(({ releaseId: of, position }) => of === release.id && position <= release.groupPosition);
    const most = upTo.flatMap(({ pods }) => pods).reduce((sum, { count }) => sum + count, 0);
    expect(live.allowed, `pods of ${name} that may be new`).toBeLessThanOrEqual(most);
  }
}

describe('orders under whatever is done to them (P14)', () => {
  it('keep one live release for each service, the order of dependencies, the bounds of groups, and their ends', {
    timeout: isLong ? 7_200_000 : 240_000,
  }, async () => {
    const run = fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: isLong ? 50 : 25 }), async (commands) => {
      await database.empty();
      const play = playOrders(database);
      const services = [];
      for (const name of names) services.push(await play.addService(name, replicas, 3));
      const ended = new Map<string, string>();
      let last: string | undefined;
      for (const each of commands) {
        // What is refused has changed nothing, which the next look at everything shows.
        const refused = async (work: Promise<unknown>) =>
          work.catch((error: Error) => expect(error.name).not.toBe('Error'));
        if (each.do === 'create') {
          const [redis, front] = services.map(({ serviceId, versions }, index) => ({
            serviceId,
            versionId: versions[each.versions[index] ?? 0] ?? '',
          }));
          if (!redis || !front) throw new Error('two services were made');
          await refused(
            play
              .create([redis, { ...front, dependsOn: [redis.serviceId] }], { betaGroup: each.betaGroup })
              .then(({ uuid }) => {
                last = uuid;
              }),
          );
        } else if (each.do === 'act') {
          if (last) await refused(play.act(each.action, last));
        } else if (each.do === 'work') {
          for (let index = 0; index < each.steps; index += 1) await play.step();
        } else if (each.do === 'pass') {
          play.clock.advance(each.seconds * 1_000);
        } else if (each.do === 'break' || each.do === 'mend') {
          const versionId = services[each.service]?.versions[each.version] ?? '';
          if (each.do === 'break') play.cluster.breakVersion(versionId);
          else play.cluster.mendVersion(versionId);
        } else if (each.do === 'stale') {
          play.cluster.lookBack(each.looks);
        } else {
          play.setClusterState(each.do === 'away' ? 'UNREACHABLE' : 'READY');
        }
        await expectSound(play, ended);
        await expectWithinGroups(play);
      }
      // With everything well again it comes to rest.
      play.setClusterState('READY');
      play.cluster.lookBack(0);
      expect(await play.settle(3 * 3_600_000)).toBe(true);
      await expectSound(play, ended);
    });
    await fc.assert(run, { numRuns: isLong ? 2_000 : 12 });
  });
});
