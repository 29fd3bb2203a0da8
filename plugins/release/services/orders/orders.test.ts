import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../../../src/data/testing/open-test-database.ts';
import { type OrderPlay, openReleaseDatabase, playOrders } from '../../testing/play-orders.ts';

let database: TestDatabase;
let play: OrderPlay;
beforeAll(async () => {
  database = await openReleaseDatabase();
});
beforeEach(async () => {
  await database.empty();
  play = playOrders(database);
});
afterAll(() => database.close());

/** A service whose first version runs. */
async function released(name: string, replicas: number) {
  const service = await play.addService(name, replicas, 3);
  const order = await play.create([{ serviceId: service.serviceId, versionId: service.versions[0] ?? '' }], {
    betaGroup: false,
  });
  await play.settle();
  await play.act('START', order.uuid);
  expect(await play.settle()).toBe(true);
  expect(await stateOf(order.uuid)).toBe('SUCCEEDED');
  return service;
}

const stateOf = async (uuid: string) => (await play.store.get([uuid]))[0]?.state;
const kindsOf = async (uuid: string) => [...(await play.store.eventsOf(uuid, 100))].reverse().map(({ kind }) => kind);
const versionsOf = (name: string) => play.cluster.state()[name]?.versions ?? [];

describe('a release order', () => {
  it('waits for its start, releases a first version, and says so (REL-22, REL-23)', async () => {
    const { serviceId, versions } = await play.addService('redis', 4);
    const order = await play.create([{ serviceId, versionId: versions[0] ?? '' }], { betaGroup: false });
    expect(order.state).toBe('INITIALIZING');
    await play.settle();
    expect(await stateOf(order.uuid)).toBe('READY');
    expect(play.cluster.effects).toEqual([]);
    await play.act('START', order.uuid);
    expect(await play.settle()).toBe(true);
    expect(await stateOf(order.uuid)).toBe('SUCCEEDED');
    expect(versionsOf('redis')).toEqual(Array(4).fill(versions[0]));
    const { services, releases } = await play.rows();
    expect(services[0]).toMatchObject({
      currentVersionId: versions[0],
      releaseId: null,
      lastReleaseState: 'SUCCEEDED',
    });
    expect(releases[0]).toMatchObject({ updatedPods: 4, totalPods: 4 });
    expect(await kindsOf(order.uuid)).toEqual([
      ...['CREATED', 'INITIALIZED', 'STARTED', 'STARTED', 'GROUP_STARTED', 'GROUP_SUCCEEDED', 'GROUP_STARTED'],
      ...['GROUP_SUCCEEDED', 'GROUP_STARTED', 'GROUP_SUCCEEDED', 'SUCCEEDED'],
    ]);
  });

  it('goes through its phases in their order, and through those of the way back (REL-24)', async () => {
    const { serviceId, versions } = await released('front', 2);
    const order = await play.create([{ serviceId, versionId: versions[1] ?? '' }], { betaGroup: false });
    await play.settle();
    const seen: ReturnType<typeof play.store.releasesOf>[] = [];
    play.onFailpoint((name) => {
      if (name === 'queue.before-finish') seen.push(play.store.releasesOf([order.uuid]));
    });
    const phases = async () => {
      const states = (await Promise.all(seen.splice(0))).map(([release]) => release?.state);
      return states.filter((state, index) => state !== states[index - 1]);
    };
    await play.act('START', order.uuid);
    await play.settle();
    expect(await phases()).toEqual(['PRE_TASKS', 'GROUPS', 'POST_TASKS', 'SUCCEEDED']);
    await play.act('ROLL_BACK', order.uuid);
    await play.settle();
    expect(await phases()).toEqual(['ROLLING_BACK', 'ROLLBACK_TASKS', 'ROLLBACK_PENDING_CONFIRM']);
    await play.act('CONFIRM_ROLLBACK', order.uuid);
    expect(await kindsOf(order.uuid)).toEqual([
      ...['CREATED', 'INITIALIZED', 'STARTED', 'STARTED', 'GROUP_STARTED', 'GROUP_SUCCEEDED', 'GROUP_STARTED'],
      ...['GROUP_SUCCEEDED', 'SUCCEEDED', 'ROLLBACK_STARTED', 'ROLLED_BACK', 'CONFIRMED'],
    ]);
  });

  it('stops behind the beta group until somebody confirms it, then runs through (REL-30, REL-31)', async () => {
    const { serviceId, versions } = await released('front', 7);
    const order = await play.create([{ serviceId, versionId: versions[1] ?? '' }]);
    await play.settle();
    await play.act('START', order.uuid);
    await play.settle();
    expect(await stateOf(order.uuid)).toBe('PAUSED');
    expect(versionsOf('front').filter((id) => id === versions[1])).toHaveLength(1);
    await play.settle(86_400_000);
    expect(await stateOf(order.uuid)).toBe('PAUSED');
    await play.act('CONFIRM', order.uuid);
    await play.settle();
    expect(await stateOf(order.uuid)).toBe('SUCCEEDED');
    expect(versionsOf('front')).toEqual(Array(7).fill(versions[1]));
  });

  it('counts a pod as updated only once it has been ready for 30 s (REL-27)', async () => {
    const { serviceId, versions } = await released('front', 1);
    const order = await play.create([{ serviceId, versionId: versions[1] ?? '' }]);
    await play.settle();
    await play.act('START', order.uuid);
    const begun = play.clock.now();
    await play.settle();
    expect(await stateOf(order.uuid)).toBe('SUCCEEDED');
    expect(play.clock.now() - begun).toBeGreaterThanOrEqual(32_000);
  });

  it('releases what others depend on first, and independent ones beside each other (REL-20)', async () => {
    const [redis, front, other] = [
      await play.addService('redis', 2),
      await play.addService('front', 2),
      await play.addService('other', 2),
    ];
    const of = (service: { serviceId: string; versions: string[] }) => ({
      serviceId: service.serviceId,
      versionId: service.versions[0] ?? '',
    });
    const order = await play.create([{ ...of(front), dependsOn: [redis.serviceId] }, of(redis), of(other)], {
      betaGroup: false,
    });
    await play.settle();
    await play.act('START', order.uuid);
    expect(await play.settle(300_000)).toBe(true);
    expect(await stateOf(order.uuid)).toBe('SUCCEEDED');
    const events = [...(await play.store.eventsOf(order.uuid, 200))].reverse();
    const releases = new Map((await play.store.releasesOf([order.uuid])).map(({ id, serviceId }) => [id, serviceId]));
    const told = events.map(({ releaseId, kind }) => `${releases.get(releaseId ?? '')} ${kind}`);
    expect(told.indexOf(`${front.serviceId} GROUP_STARTED`)).toBeGreaterThan(
      told.indexOf(`${redis.serviceId} SUCCEEDED`),
    );
    expect(told.indexOf(`${other.serviceId} GROUP_STARTED`)).toBeLessThan(told.indexOf(`${redis.serviceId} SUCCEEDED`));
  });

  it('fails with the pod that does not come up, leaves the rest as it is, and goes on when it is retried (REL-28, REL-33)', async () => {
    const { serviceId, versions } = await released('front', 5);
    play.cluster.breakVersion(versions[1] ?? '');
    const order = await play.create([{ serviceId, versionId: versions[1] ?? '' }], { betaGroup: false });
    await play.settle();
    await play.act('START', order.uuid);
    await play.settle();
    const [release] = await play.store.releasesOf([order.uuid]);
    expect(release).toMatchObject({ state: 'FAILED', reason: expect.stringContaining('ImagePullBackOff') });
    expect(versionsOf('front').filter((id) => id === versions[0])).toHaveLength(3);
    await expect(play.create([{ serviceId, versionId: versions[2] ?? '' }])).rejects.toThrow(
      'its last release has failed',
    );
    play.cluster.mendVersion(versions[1] ?? '');
    await play.act('RETRY', order.uuid);
    for (const { pods } of play.cluster.workloads.values()) {
      for (const pod of pods) pod.readyAt ??= play.clock.now();
    }
    await play.settle();
    expect(await stateOf(order.uuid)).toBe('SUCCEEDED');
  });

  it.each([
    5_000, 400,
  ])('makes pods anew that were made %i ms before the retry and have failed, once, and fails again with those made since (REL-28)', async (ageMs) => {
    const { serviceId, versions } = await released('front', 3);
    play.cluster.breakVersion(versions[1] ?? '');
    const order = await play.create([{ serviceId, versionId: versions[1] ?? '' }], { betaGroup: false });
    await play.settle();
    await play.act('START', order.uuid);
    await play.settle();
    const broken = () =>
      [...play.cluster.workloads.values()].flatMap(({ pods }) =>
        pods.filter(({ versionId }) => versionId === versions[1]).map(({ uid }) => uid),
      );
    const before = broken();
    play.clock.advance(ageMs);
    await play.act('RETRY', order.uuid);
    await play.settle();
    expect(await stateOf(order.uuid)).toBe('FAILED');
    expect(broken()).toHaveLength(1);
    expect(broken()).not.toEqual(before);
  });

  it('goes back to the version before, with what was written for it then, in the reverse order of dependencies (REL-34)', async () => {
    const [redis, front] = [await released('redis', 2), await released('front', 3)];
    play.cluster.breakVersion(front.versions[1] ?? '');
    const order = await play.create(
      [
        { serviceId: redis.serviceId, versionId: redis.versions[1] ?? '' },
        { serviceId: front.serviceId, versionId: front.versions[1] ?? '', dependsOn: [redis.serviceId] },
      ],
      { betaGroup: false },
    );
    await play.settle();
    await play.act('START', order.uuid);
    await play.settle(300_000);
    expect(await stateOf(order.uuid)).toBe('FAILED');
    expect(versionsOf('redis')).toEqual(Array(2).fill(redis.versions[1]));
    await play.act('ROLL_BACK', order.uuid);
    await play.settle(300_000);
    expect(await stateOf(order.uuid)).toBe('ROLLBACK_PENDING_CONFIRM');
    expect(versionsOf('redis')).toEqual(Array(2).fill(redis.versions[0]));
    expect(versionsOf('front')).toEqual(Array(3).fill(front.versions[0]));
    const events = [...(await play.store.eventsOf(order.uuid, 100))]
      .reverse()
      .filter(({ kind }) => kind === 'ROLLED_BACK');
    const back = await play.store.releasesOf([order.uuid]);
    expect(back.map(({ updatedPods }) => updatedPods).sort()).toEqual([2, 3]);
    const releases = new Map(back.map(({ id, serviceId }) => [id, serviceId]));
    expect(events.map(({ releaseId }) => releases.get(releaseId ?? ''))).toEqual([front.serviceId, redis.serviceId]);
    await play.act('CONFIRM_ROLLBACK', order.uuid);
    expect(await stateOf(order.uuid)).toBe('ROLLED_BACK');
    const { services } = await play.rows();
    expect(services.find(({ name }) => name === 'front')).toMatchObject({
      currentVersionId: front.versions[0],
      releaseId: null,
    });
  });

  it('takes all away where nothing was ever released with success, and only ends where this version was the only one (REL-34)', async () => {
    const { serviceId, versions } = await play.addService('front', 3);
    play.cluster.breakVersion(versions[0] ?? '');
    const first = await play.create([{ serviceId, versionId: versions[0] ?? '' }], { betaGroup: false });
    await play.settle();
    await play.act('START', first.uuid);
    await play.settle();
    await play.act('ROLL_BACK', first.uuid);
    await play.settle();
    expect(await stateOf(first.uuid)).toBe('ROLLBACK_PENDING_CONFIRM');
    expect(play.cluster.state()).toEqual({});
    await play.act('CONFIRM_ROLLBACK', first.uuid);

    const same = await released('same', 2);
    const again = await play.create([{ serviceId: same.serviceId, versionId: same.versions[0] ?? '' }]);
    await play.settle();
    await play.act('START', again.uuid);
    await play.settle();
    const before = play.cluster.state();
    await play.act('ROLL_BACK', again.uuid);
    expect(await stateOf(again.uuid)).toBe('CANCELLED');
    expect(play.cluster.state()).toEqual(before);
  });

  it('undoes nothing and is not late while its cluster is away (T25)', async () => {
    const { serviceId, versions } = await released('front', 4);
    const order = await play.create([{ serviceId, versionId: versions[1] ?? '' }], { betaGroup: false });
    await play.settle();
    await play.act('START', order.uuid);
    await play.settle(10_000);
    const effects = play.cluster.effects.length;
    play.setClusterState('UNREACHABLE');
    await play.settle(20 * 60_000);
    expect(await stateOf(order.uuid)).toBe('RUNNING');
    expect(play.cluster.effects).toHaveLength(effects);
    play.setClusterState('READY');
    expect(await play.settle(300_000)).toBe(true);
    expect(await stateOf(order.uuid)).toBe('SUCCEEDED');
  });

  it('stops where nobody is left in whose name it goes on, and goes on for who retries it', async () => {
    const { serviceId, versions } = await released('front', 4);
    const order = await play.create([{ serviceId, versionId: versions[1] ?? '' }]);
    await play.settle();
    play.removeActor();
    await play.act('START', order.uuid);
    await play.settle();
    const [release] = await play.store.releasesOf([order.uuid]);
    expect(release).toMatchObject({ state: 'FAILED', reason: expect.stringContaining("'ann'") });
  });

  it('is not READY without a plan: who takes out the service that could not be planned has the rest planned again (REL-22, REL-32)', async () => {
    const [one, two] = [await play.addService('one', 1), await play.addService('two', 1)];
    play.setClusterState('UNREACHABLE');
    const order = await play.create([
      { serviceId: one.serviceId, versionId: one.versions[0] ?? '' },
      { serviceId: two.serviceId, versionId: two.versions[0] ?? '' },
    ]);
    await play.settle();
    expect(await stateOf(order.uuid)).toBe('INIT_FAILED');
    const [first, second] = await play.store.releasesOf([order.uuid]);
    await play.act('CANCEL', order.uuid, [first?.id ?? '']);
    expect(await stateOf(order.uuid)).toBe('INIT_FAILED');
    await expect(play.act('START', order.uuid)).rejects.toThrow('INIT_FAILED');
    play.setClusterState('READY');
    await play.retryInitialization(order.uuid);
    await play.settle();
    expect(await stateOf(order.uuid)).toBe('READY');
    const planned = await play.store.releasesOf([order.uuid]);
    expect(planned.map(({ id, engine }) => [id, engine])).toEqual([
      [first?.id, null],
      [second?.id, 'CLONE_SET'],
    ]);
    await play.act('CANCEL', order.uuid, [second?.id ?? '']);
    expect(await stateOf(order.uuid)).toBe('CANCELLED');
  });

  it('cannot be made of a draft, a version of another service, or a service that is in another order (REL-17, REL-19)', async () => {
    const [one, two] = [await play.addService('one', 1), await play.addService('two', 1)];
    await expect(play.create([{ serviceId: one.serviceId, versionId: two.versions[0] ?? '' }])).rejects.toMatchObject({
      issues: [{ path: ['services', 0, 'versionId'], code: 'unknown' }],
    });
    await play.create([{ serviceId: one.serviceId, versionId: one.versions[0] ?? '' }]);
    await expect(play.create([{ serviceId: one.serviceId, versionId: one.versions[0] ?? '' }])).rejects.toMatchObject({
      reason: 'RELEASE_ACTIVE',
    });
    await expect(
      play.create([
        { serviceId: two.serviceId, versionId: two.versions[0] ?? '' },
        { serviceId: two.serviceId, versionId: two.versions[0] ?? '' },
      ]),
    ).rejects.toMatchObject({ issues: [{ code: 'twice' }] });
  });
});
