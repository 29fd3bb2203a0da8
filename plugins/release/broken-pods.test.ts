import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../src/graph/global-id.ts';
import { until } from '../../test/support/until.ts';
import { callCluster } from '../core/testing/call-cluster.ts';
import { type ReleaseDesk, startReleaseDesk } from './testing/release-desk.ts';

let desk: ReleaseDesk;
beforeAll(async () => {
  desk = await startReleaseDesk({ readySeconds: 1 });
}, 60_000);
afterAll(() => desk?.[Symbol.asyncDispose]());

const plain = (image: string) => ({ containers: [{ name: 'main', image }] });
const crashing = { containers: [{ name: 'main', image: 'web:2', command: ['sh', '-c', 'exit 1'] }] };

const podsOf = async (id: string) => (await desk.read(id)).releases[0]?.pods ?? [];
const uidsOf = async (id: string) => (await podsOf(id)).map(({ pod }) => pod.uid).sort();
/** One that crashes runs for a moment each time that it is started again, and has not failed then. */
const failedPod = (id: string) =>
  until(async () => {
    const found = (await podsOf(id)).find(({ state }) => state === 'FAILED');
    expect(found).toBeDefined();
    return found;
  });

describe('a pod that crashes (REL-27, REL-28)', () => {
  let front: Awaited<ReturnType<ReleaseDesk['createService']>>;
  let id: string;

  it('is FAILED and says why, and fails its group; the other pods stay as they were (REL-27)', async () => {
    front = await desk.createService('front', 3, plain('web:1'));
    const first = await desk.release('Front 1', front);
    const updating = await until(async () => {
      const found = (await podsOf(first)).find(({ state }) => state === 'UPDATING');
      expect(found?.readySince).toEqual(expect.any(String));
      return found;
    });
    expect(updating?.problem).toBeNull();
    await desk.orderIn(first, 'SUCCEEDED');
    expect(await desk.podStates(first)).toEqual(['UPDATED', 'UPDATED', 'UPDATED']);

    id = await desk.release('Front 2', await desk.newVersion(front, crashing));
    const failed = await desk.orderIn(id, 'FAILED');
    expect(failed.releases[0]?.groups.map(({ state }) => state)).toEqual(['FAILED', 'PENDING', 'PENDING']);
    expect(await desk.podStates(id)).toEqual(['FAILED', 'NOT_UPDATED', 'NOT_UPDATED']);
    const pod = await failedPod(id);
    expect(pod?.problem).toMatch(/^container main: (CrashLoopBackOff|restarted)/);
    expect(failed.releases[0]?.reason).toContain(`Pod ${pod?.pod.name}: `);
  });

  it('is made anew by its id alone, and by no other id (REL-28, refused and bad input)', async () => {
    const other = await desk.release('Other', await desk.createService('other', 1, plain('other:1')));
    await desk.orderIn(other, 'SUCCEEDED');
    const [foreign] = await podsOf(other);
    const bad = await failedPod(id);
    const fine = (await podsOf(id)).find(({ state }) => state === 'NOT_UPDATED');
    const before = await uidsOf(id);
    const retry = (podIds: readonly unknown[]) => desk.attempt('retryReleaseOrder', { id, podIds });
    const podId = (name: string) =>
      encodeGlobalId({ of: 'kubernetes', cluster: 'embedded', group: '', kind: 'Pod', namespace: 'shop', name });
    for (const wrong of [foreign?.pod.id, 'x', id, podId('not-there')]) {
      expect(await retry([bad?.pod.id, wrong])).toMatchObject({ __typename: 'NotFoundError' });
    }
    const refused = await retry([bad?.pod.id, fine?.pod.id]);
    expect(refused).toMatchObject({ reason: 'RELEASE_STATE' });
    expect(refused.message).toBe(
      `Pod ${fine?.pod.name} is NOT_UPDATED: only pods that failed, or are not ready, are made anew.`,
    );
    const many = (length: number) => Array.from({ length }, (_, index) => podId(`p-${index}`));
    expect(await retry(many(51))).toMatchObject({ issues: [{ path: ['podIds'], code: 'too_many' }] });
    const { errors } = await desk.gateway.query(
      'mutation ($input: RetryReleaseOrderInput!) { retryReleaseOrder(input: $input) { __typename } }',
      { input: { id, podIds: many(10_000) } },
    );
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['TOO_COMPLEX']);
    expect(await uidsOf(id)).toEqual(before);
    expect((await desk.read(id)).state).toBe('FAILED');
    const succeeded = await desk.attempt('retryReleaseOrder', { id: other, podIds: [foreign?.pod.id] });
    expect(succeeded).toMatchObject({ reason: 'RELEASE_STATE' });

    expect(await retry([bad?.pod.id])).toMatchObject({ __typename: 'RetryReleaseOrderSuccess' });
    await desk.orderIn(id, 'FAILED');
    const again = await failedPod(id);
    expect(again?.pod.uid).not.toBe(bad?.pod.uid);
    const stayed = before.filter((uid) => uid !== bad?.pod.uid);
    expect(await uidsOf(id)).toEqual([...stayed, again?.pod.uid ?? ''].sort());
  });

  it('is made anew once with its group, and goes with the way back, on which pods are told by what they go back to (REL-27, REL-28)', async () => {
    const before = await failedPod(id);
    // A pod that was made in the second of the retry counts as made by it.
    await until(async () => {
      await desk.attempt('retryReleaseOrder', { id });
      await desk.orderIn(id, 'FAILED');
      expect((await failedPod(id))?.pod.uid).not.toBe(before?.pod.uid);
    });
    await desk.mutate('rollBackReleaseOrder', { id, confirm: 'Front 2' });
    await desk.orderIn(id, 'ROLLBACK_PENDING_CONFIRM');
    expect(await desk.podStates(id)).toEqual(['UPDATED', 'UPDATED', 'UPDATED']);
    await desk.mutate('confirmReleaseOrder', { id, rollback: true });
    expect(await desk.podStates(id)).toEqual(['UPDATED', 'UPDATED', 'UPDATED']);
  });
});

describe('a pod that never becomes ready (REL-27, REL-28)', () => {
  it('is UPDATING until its group took too long, is made anew by its id, and is UPDATED once it is ready', async () => {
    const disks = [{ name: 'data', size: '21Gi', storageClass: 'embedded-standard' }];
    const stateful = { isStateful: true, volumeClaimTemplates: disks };
    const ledger = await desk.createService('ledger', 2, plain('ledger:1'), stateful);
    await desk.orderIn(await desk.release('Ledger 1', ledger), 'SUCCEEDED');
    const probe = { action: { tcpSocket: { port: 80 } }, periodSeconds: 1 };
    const simulate = 'embedded.longshore.dev/simulate';
    const never = {
      annotations: [{ key: simulate, value: 'unready' }],
      containers: [{ name: 'main', image: 'ledger:2', readinessProbe: probe }],
    };
    const id = await desk.release('Ledger 2', await desk.newVersion(ledger, never));
    const waiting = await until(async () => {
      const found = (await podsOf(id)).find(({ state }) => state === 'UPDATING');
      expect(found).toMatchObject({ problem: null, readySince: null });
      return found;
    });
    expect(waiting?.pod.name).toBe('ledger-1');
    expect(await desk.attempt('retryReleaseOrder', { id, podIds: [waiting?.pod.id] })).toMatchObject({
      reason: 'RELEASE_STATE',
    });
    // A quarter of an hour passes.
    await desk.execute(`update release_service_releases set since = since - interval '1 hour' where state = 'GROUPS'`);
    const failed = await desk.orderIn(id, 'FAILED');
    expect(failed.releases[0]?.reason).toMatch(/^0 of 2 pods are updated, and no other within 900 s\.$/);
    expect(await desk.podStates(id)).toEqual(['NOT_UPDATED', 'UPDATING']);

    await desk.mutate('retryReleaseOrder', { id, podIds: [waiting?.pod.id] });
    for (const name of ['ledger-1', 'ledger-0']) {
      await until(async () => {
        const found = (await podsOf(id)).find(({ pod }) => pod.name === name);
        expect(found?.state).toBe('UPDATING');
        expect(found?.pod.uid).not.toBe(waiting?.pod.uid);
      });
      const body = { metadata: { annotations: { [simulate]: null } } };
      await callCluster(desk.gateway.cluster, 'PATCH', `/api/v1/namespaces/shop/pods/${name}`, body);
    }
    await desk.orderIn(id, 'SUCCEEDED');
    expect(await desk.podStates(id)).toEqual(['UPDATED', 'UPDATED']);
  });
});

describe('a task that fails (REL-25, REL-28)', () => {
  it('is done again or ignored by its id, and nothing else is ignored (refused)', async () => {
    const service = (name: string) => ({
      metadata: { name, namespace: 'shop' },
      spec: { selector: { app: 'of-somebody-else' }, ports: [{ port: 80 }] },
    });
    const path = '/api/v1/namespaces/shop/services';
    const blocked = async (name: string) => {
      const made = await desk.createService(name, 1, plain('web:1'), { access: [{ name, ports: [{ port: 80 }] }] });
      await callCluster(desk.gateway.cluster, 'POST', path, service(name));
      return desk.release(name, made);
    };
    const [again, ignored] = [await blocked('taken'), await blocked('held')];
    const failedTask = async (id: string) => {
      const { releases } = await desk.orderIn(id, 'FAILED');
      expect(releases[0]?.reason).toContain('was not made for app service');
      return releases[0]?.tasks.find(({ state }) => state === 'FAILED');
    };
    const task = await failedTask(ignored);
    expect(task?.kind).toBe('APPLY_SERVICES');
    expect((await desk.read(ignored)).releases[0]?.pods).toEqual([]);
    const open = (await desk.read(ignored)).releases[0]?.tasks.find(({ state }) => state === 'PENDING');
    expect(await desk.attempt('retryReleaseOrder', { id: ignored, ignoreTaskId: open?.id })).toMatchObject({
      reason: 'RELEASE_STATE',
    });
    const foreign = await failedTask(again);
    expect(await desk.attempt('retryReleaseOrder', { id: ignored, ignoreTaskId: foreign?.id })).toMatchObject({
      __typename: 'NotFoundError',
    });
    await desk.mutate('retryReleaseOrder', { id: ignored, ignoreTaskId: task?.id });
    // Its pods are released by now; behind them the same Service is in the way once more.
    const cleaning = await until(async () => {
      const found = await failedTask(ignored);
      expect(found?.kind).toBe('CLEAN_SERVICES');
      return found;
    });
    expect(await desk.podStates(ignored)).toEqual(['UPDATED']);
    await desk.mutate('retryReleaseOrder', { id: ignored, ignoreTaskId: cleaning?.id });
    const { releases } = await desk.orderIn(ignored, 'SUCCEEDED');
    expect(releases[0]?.tasks.filter(({ state }) => state === 'IGNORED').map(({ id }) => id)).toEqual([
      task?.id,
      cleaning?.id,
    ]);

    await callCluster(desk.gateway.cluster, 'DELETE', `${path}/taken`);
    await until(async () => {
      await desk.attempt('retryReleaseOrder', { id: again });
      await desk.orderIn(again, 'SUCCEEDED');
    });
  });
});
