import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Made, type ReleaseDesk, startReleaseDesk } from './testing/release-desk.ts';
import { takeConfiguration } from './testing/take-configuration.ts';

let desk: ReleaseDesk;
beforeAll(async () => {
  desk = await startReleaseDesk();
}, 60_000);
afterAll(() => desk?.[Symbol.asyncDispose]());

const plain = (image: string) => ({ containers: [{ name: 'main', image }] });
/** There is no such image in the simulated registry. */
const missing = (name: string) => plain(`${name}:missing`);

/** A service of two pods that runs, and is configured by a ConfigMap. */
async function configured(name: string): Promise<Made> {
  const settings = `${name}-settings`;
  const place = { cluster: 'embedded', namespace: 'shop' };
  await desk.mutate('createConfigMap', { ...place, name: settings, data: [{ key: 'MODE', text: 'one' }] });
  const container = { name: 'main', image: `${name}:1`, envFrom: [{ configMap: settings }] };
  const service = await desk.createService(name, 2, { containers: [container] });
  await desk.orderIn(await desk.release(`${name} 1`, service), 'SUCCEEDED');
  return service;
}
const unconfigured = (image: string) => ({ containers: [{ name: 'main', image, envFrom: [] }] });

const imagesOf = async (name: string): Promise<readonly string[]> => {
  const { pods } = await desk.ask<{ pods: { nodes: { containers: { image: string }[] }[] } }>(
    `query ($selector: String!) { pods(filter: { cluster: "embedded", namespaces: ["shop"], labelSelector: $selector }) {
      nodes { containers { image } } } }`,
    { selector: `longshore.dev/app-service=${name}` },
  );
  return pods.nodes.map(({ containers }) => containers[0]?.image ?? '').sort();
};

/** What the service says that runs of it. */
const current = async ({ appService }: Made) => {
  const { node } = await desk.ask<{ node: { state: string; currentVersion: { number: number } | null } }>(
    'query ($id: ID!) { node(id: $id) { ... on AppService { state currentVersion { number } } } }',
    { id: appService.id },
  );
  return node;
};

const previewOf = async (id: string) => (await desk.read(id)).releases[0]?.rollbackPreview;
const rollBack = (id: string, confirm: string) => desk.mutate('rollBackReleaseOrder', { id, confirm });

describe('a rollback (REL-34)', () => {
  it('goes TO_EMPTY where nothing was ever released: everything of the service is removed, and may be released again', async () => {
    const service = await desk.createService('empty', 2, missing('empty'), {
      access: [{ name: 'empty', ports: [{ port: 80 }] }],
    });
    const id = await desk.release('Empty 1', service);
    await desk.orderIn(id, 'FAILED');
    expect(await previewOf(id)).toEqual({ outcome: 'TO_EMPTY', version: null });
    await rollBack(id, 'Empty 1');
    const gone = await desk.orderIn(id, 'ROLLBACK_PENDING_CONFIRM');
    expect(gone.releases[0]).toMatchObject({ rollback: 'TO_EMPTY', pods: [] });
    const { services } = await desk.ask<{ services: { nodes: object[] } }>(
      '{ services(filter: { cluster: "embedded", namespaces: ["shop"], name: { equals: "empty" } }) { nodes { name } } }',
    );
    expect(services.nodes).toEqual([]);
    // Until it is confirmed, the service is still in the release (REL-33).
    const again = { services: [{ serviceId: service.appService.id }] };
    expect(await desk.attempt('createReleaseOrder', again)).toMatchObject({ reason: 'RELEASE_ACTIVE' });
    expect(gone.possibleActions).toEqual(['CONFIRM_ROLLBACK']);
    await desk.mutate('confirmReleaseOrder', { id, rollback: true });
    expect(await desk.read(id)).toMatchObject({ state: 'ROLLED_BACK', possibleActions: [] });
    expect(await current(service)).toMatchObject({ currentVersion: null });
    const better = await desk.newVersion(service, plain('empty:2'));
    await desk.orderIn(await desk.release('Empty 2', better), 'SUCCEEDED');
    expect(await imagesOf('empty')).toEqual(['empty:2', 'empty:2']);
  });

  it('is CANCEL_ONLY where only this very version was ever released: it ends, and touches nothing', async () => {
    const service = await desk.createService('same', 2, plain('same:1'));
    await desk.orderIn(await desk.release('Same 1', service), 'SUCCEEDED');
    const id = await desk.createOrder('Same again', service);
    expect(await previewOf(id)).toEqual({ outcome: 'CANCEL_ONLY', version: null });
    await desk.mutate('startReleaseOrder', { id });
    await desk.orderIn(id, 'SUCCEEDED');
    expect(await previewOf(id)).toEqual({ outcome: 'CANCEL_ONLY', version: null });
    const uids = async () => ((await desk.read(id)).releases[0]?.pods ?? []).map(({ pod }) => pod.uid).sort();
    const before = await uids();
    await rollBack(id, 'Same again');
    const ended = await desk.orderIn(id, 'CANCELLED');
    expect(ended.releases[0]).toMatchObject({ state: 'CANCELLED', rollback: 'CANCEL_ONLY' });
    expect(await uids()).toEqual(before);
    expect(await current(service)).toMatchObject({ currentVersion: { number: 1 } });
  });

  it('goes TO_PREVIOUS, fails where what ran before does not come up, is retried, and comes to its end (REL-35)', async () => {
    const service = await configured('back');
    const id = await desk.release('Back 2', await desk.newVersion(service, unconfigured('back:missing')));
    await desk.orderIn(id, 'FAILED');
    expect(await previewOf(id)).toEqual({ outcome: 'TO_PREVIOUS', version: { number: 1 } });
    const taken = await takeConfiguration(desk.gateway, 'back');
    await rollBack(id, 'Back 2');
    const failed = await desk.orderIn(id, 'ROLLBACK_FAILED');
    expect(failed.releases[0]?.reason).toContain('CreateContainerConfigError');
    expect(failed.possibleActions).toEqual(['RETRY', 'ABANDON_ROLLBACK']);
    expect(await desk.attempt('confirmReleaseOrder', { id, rollback: true })).toMatchObject({
      reason: 'RELEASE_STATE',
    });
    await taken.mend();
    await desk.mutate('retryReleaseOrder', { id });
    await desk.orderIn(id, 'ROLLBACK_PENDING_CONFIRM');
    expect(await imagesOf('back')).toEqual(['back:1', 'back:1']);
    await desk.mutate('confirmReleaseOrder', { id, rollback: true });
    expect((await desk.read(id)).state).toBe('ROLLED_BACK');
    expect(await current(service)).toMatchObject({ currentVersion: { number: 1 } });
  });

  it('that failed is given up knowingly: several versions may be online, and the service can be released again (REL-35)', async () => {
    const service = await configured('given');
    const next = await desk.newVersion(service, unconfigured('given:missing'));
    const id = await desk.release('Given 2', next);
    await desk.orderIn(id, 'FAILED');
    await takeConfiguration(desk.gateway, 'given');
    await rollBack(id, 'Given 2');
    await desk.orderIn(id, 'ROLLBACK_FAILED');
    expect(await desk.attempt('cancelReleaseOrder', { id })).toMatchObject({ reason: 'RELEASE_STATE' });
    expect(await desk.attempt('cancelReleaseOrder', { id, rollback: true })).toMatchObject({
      reason: 'ACKNOWLEDGEMENT_REQUIRED',
      unacknowledged: [{ code: 'SEVERAL_VERSIONS_ONLINE' }],
    });
    expect((await desk.read(id)).state).toBe('ROLLBACK_FAILED');
    await desk.mutate('cancelReleaseOrder', { id, rollback: true, acknowledge: ['SEVERAL_VERSIONS_ONLINE'] });
    const ended = await desk.read(id);
    expect(ended).toMatchObject({ state: 'CANCELLED', possibleActions: [] });
    expect(ended.releases[0]).toMatchObject({ state: 'CANCELLED', rollback: 'TO_PREVIOUS' });
    const better = await desk.newVersion(next, plain('given:3'));
    await desk.orderIn(await desk.release('Given 3', better), 'SUCCEEDED');
    expect(await imagesOf('given')).toEqual(['given:3', 'given:3']);
  });
});
