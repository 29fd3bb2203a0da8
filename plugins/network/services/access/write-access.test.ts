import { ConflictError, type KubeObject, UpstreamError } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeDeployment, makeService } from '../../../compute/testing/make-objects.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { planAccess } from './plan-access.ts';
import { writeAccess } from './write-access.ts';

const labels = { app: 'vote' };
const workload = makeDeployment({
  metadata: { name: 'vote', namespace: 'shop' },
  spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } },
});
const setting = (name: string) =>
  makeService({
    metadata: { name, namespace: 'shop', annotations: { 'longshore.dev/access-of': 'apps/Deployment/vote' } },
    spec: { type: 'ClusterIP', selector: labels, ports: [{ name: 'p', port: 80, targetPort: 80, protocol: 'TCP' }] },
  });
const stepsOf = (names: readonly string[], there: readonly string[]) =>
  planAccess(
    workload,
    names.map((name) => ({ name, way: 'IN_CLUSTER' as const, ports: [{ port: 8080 }] })),
    there.map(setting),
    profileNamed('default'),
  ).steps;

/** A cluster that notes what is written, and fails where it is told to: when tried, or when it is meant. */
function world(fails: (call: string, isDryRun: boolean) => Error | undefined) {
  const written: string[] = [];
  const note = (call: string, isDryRun: boolean) => {
    const error = fails(call, isDryRun);
    if (error) throw error;
    if (!isDryRun) written.push(call);
  };
  const writer = {
    create: async ({ isDryRun }: { isDryRun: boolean }, _kind: object, object: KubeObject) => {
      note(`create ${object.metadata.name}`, isDryRun);
      return { object: makeService(object as never), warnings: [] };
    },
    patch: async ({ isDryRun }: { isDryRun: boolean }, _kind: object, _ns: string, name: string) => {
      note(`patch ${name}`, isDryRun);
      return { object: setting(name), warnings: [] };
    },
    delete: async ({ isDryRun }: { isDryRun: boolean }, _kind: object, _ns: string, name: string) =>
      note(`delete ${name}`, isDryRun),
  };
  const context = {
    principal: {},
    cluster: () => ({ writer: () => writer }),
    services: { registry: { deletionChecks: [] }, profiles: { at: () => profileNamed('default') } },
  };
  const run = (names: readonly string[], there: readonly string[]) =>
    writeAccess(workload, stepsOf(names, there), { isDryRun: false } as never, context as never);
  return { written, run };
}

const inShort = (results: Awaited<ReturnType<ReturnType<typeof world>['run']>>) =>
  results.map(({ name, action, service, error }) => [name, action, service !== undefined, error?.code]);

describe('access settings that are written', () => {
  it('NET-06: are made and changed before others go', async () => {
    const { written, run } = world(() => undefined);
    expect(inShort(await run(['new', 'old'], ['old', 'gone']))).toEqual([
      ['new', 'CREATE', true, undefined],
      ['old', 'UPDATE', true, undefined],
      ['gone', 'DELETE', false, undefined],
    ]);
    expect(written).toEqual(['create new', 'patch old', 'delete gone']);
  });

  it('NET-06: are not written at all where the cluster refuses one of them beforehand (refused)', async () => {
    const { written, run } = world((call) => (call === 'create b' ? new ConflictError('It is there') : undefined));
    await expect(run(['a', 'b'], ['gone'])).rejects.toThrow('It is there');
    expect(written).toEqual([]);
  });

  it('NET-06: tell what stands where one fails on the way, and take nothing away then', async () => {
    const down = new UpstreamError("cluster 'c1'", 'It does not answer');
    const { written, run } = world((call, isDryRun) => (call === 'create b' && !isDryRun ? down : undefined));
    expect(inShort(await run(['a', 'b', 'c'], ['gone']))).toEqual([
      ['a', 'CREATE', true, undefined],
      ['b', 'CREATE', false, 'UPSTREAM'],
      ['c', 'CREATE', true, undefined],
      ['gone', 'DELETE', false, 'PRECONDITION_FAILED'],
    ]);
    expect(written).toEqual(['create a', 'create c']);
  });

  it('NET-06: fail as a whole where nothing was written', async () => {
    const down = new UpstreamError("cluster 'c1'", 'It does not answer');
    const { run } = world((_call, isDryRun) => (isDryRun ? undefined : down));
    await expect(run(['a', 'b'], ['gone'])).rejects.toThrow('It does not answer');
  });
});
