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
  | { readonly do: 'stale'; readonly looks: number }
  | { readonly do: 'scale' | 'autoscale'; readonly service: number; readonly replicas: number }
  | { readonly do: 'submit' | 'delete'; readonly service: number }
  | { readonly do: 'race'; readonly steps: number };

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
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('scale' as const, 'autoscale' as const),
      service: fc.nat(1),
      replicas: fc.integer({ min: 1, max: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('submit' as const), service: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), service: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('race' as const), steps: fc.integer({ min: 1, max: 6 }) }) },
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

/** What was written when a version was last released with success is what runs again behind a way back to it (T13). */
async function expectRecorded(play: OrderPlay, recorded: Map<string, unknown>): Promise<void> {
  const { releases, services } = await play.rows();
  for (const { id, name, releaseId, currentVersionId, deletedAt } of services) {
    const live = play.cluster.workloads.get(name);
    if (deletedAt) continue;
    if (releaseId === null && currentVersionId && live?.versionId === currentVersionId) {
      if (!recorded.has(currentVersionId)) recorded.set(currentVersionId, live.template);
    }
    const back = releases.find((each) => each.serviceId === id && each.state === 'ROLLBACK_PENDING_CONFIRM');
    if (!back) continue;
    if (back.rollback === 'TO_EMPTY') expect(live, `what is left of ${name}`).toBeUndefined();
    else {
      expect(live?.versionId, `version of ${name}`).toBe(back.previous?.versionId);
      expect(live?.template, `template of ${name}`).toEqual(recorded.get(back.previous?.versionId ?? ''));
    }
  }
}

/** Never more pods of the new version than its groups up to now allow. */
async function expectWithinGroups(play: OrderPlay): Promise<void> {
  const { releases, groups, services } = await play.rows();
  for (const { name, releaseId } of services) {
    const release = releases.find(({ id }) => id === releaseId);
    const live = play.cluster.workloads.get(name);
    if (!live || !release || !['GROUPS', 'PAUSED'].includes(release.state)) continue;
    if (release.fromVersionId === release.versionId || live.versionId !== release.versionId) continue;
    // Whoever scales it in the middle changes no version: a group is as many of its pods as there are.
    if (play.cluster.isScaled(name)) continue;
    const upTo = groups.filter(({ releaseId: of, position }) => of === release.id && position <= release.groupPosition);
    const most = upTo.flatMap(({ pods }) => pods).reduce((sum, { count }) => sum + count, 0);
    expect(Math.min(live.allowed, live.replicas), `pods of ${name} that may be new`).toBeLessThanOrEqual(most);
  }
}

/** A scaler may do so at any time; people only while nothing releases the service (REL-17). */
async function scale(play: OrderPlay, name: string, count: number, isAutoscaler: boolean): Promise<void> {
  const { services } = await play.rows();
  const isReleased = services.some((each) => each.name === name && each.releaseId !== null);
  if (isAutoscaler || !isReleased) play.cluster.scale(name, count, isAutoscaler);
}

describe('orders under whatever is done to them (P14)', () => {
  it('keep one live release for each service, the order of dependencies, the bounds of groups, and their ends', {
    timeout: isLong ? 7_200_000 : 240_000,
  }, async () => {
    const run = fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: isLong ? 50 : 25 }), async (commands) => {
      await database.empty();
      const play = playOrders(database);
      const services: { serviceId: string; name: string; versions: string[] }[] = [];
      for (const name of names) services.push(await play.addService(name, replicas, 3));
      const recorded = new Map<string, unknown>();
      const ended = new Map<string, string>();
      let last: string | undefined;
      for (const each of commands) {
        // What is refused has changed nothing, which the next look at everything shows.
        const refused = async (work: Promise<unknown>) =>
          work.catch((error: Error) => expect(error.name).not.toBe('Error'));
        if (each.do === 'create') {
          const [redis, front] = services.map(({ serviceId, versions }, index) => ({
            serviceId,
            versionId: versions.at(-1 - (each.versions[index] ?? 0)) ?? '',
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
        } else if (each.do === 'scale' || each.do === 'autoscale') {
          await scale(play, names[each.service] ?? '', each.replicas, each.do === 'autoscale');
        } else if (each.do === 'submit') {
          const service = services[each.service];
          const submit = async () => {
            if (!service) return;
            service.versions.push(await play.submitVersion(service, service.versions.length + 1, replicas));
          };
          await refused(submit());
        } else if (each.do === 'delete') {
          const service = services[each.service];
          const replace = async () => {
            if (!service) return;
            await play.deleteService(service);
            services[each.service] = await play.addService(service.name, replicas, 3);
          };
          await refused(replace());
        } else if (each.do === 'race') {
          for (let index = 0; index < each.steps; index += 1) await Promise.all([play.step('one'), play.step('two')]);
        } else if (each.do === 'stale') {
          play.cluster.lookBack(each.looks);
        } else {
          play.setClusterState(each.do === 'away' ? 'UNREACHABLE' : 'READY');
        }
        await expectSound(play, ended);
        await expectWithinGroups(play);
        await expectRecorded(play, recorded);
        expect(play.cluster.violations).toEqual([]);
      }
      // With everything well again it comes to rest.
      play.setClusterState('READY');
      play.cluster.lookBack(0);
      expect(await play.settle(3 * 3_600_000)).toBe(true);
      await expectSound(play, ended);
      await expectRecorded(play, recorded);
    });
    await fc.assert(run, { numRuns: isLong ? 2_000 : 12 });
  });
});
