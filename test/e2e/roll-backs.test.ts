import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { until } from '../support/until.ts';

const developer = { token: 'dev-developer' };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    clusterSpeed: 40,
  });
});
afterAll(() => gateway.stop());

interface Revision {
  readonly number: number;
  readonly isCurrent: boolean;
  readonly images: readonly string[];
  readonly changes: readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[];
}

interface Workload {
  readonly id: string;
  readonly images: readonly string[];
  readonly revisions: readonly Revision[];
}

const kinds = { Deployment: 'deployments', StatefulSet: 'statefulsets', DaemonSet: 'daemonsets', Job: 'jobs' } as const;
type Kind = keyof typeof kinds;

function make(kind: Kind, name: string, image: string): void {
  const { store } = gateway.cluster;
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image }] } };
  const isJob = kind === 'Job';
  const own = { Deployment: { replicas: 2 }, StatefulSet: { replicas: 2, serviceName: name }, DaemonSet: {}, Job: {} }[
    kind
  ];
  store.create(store.resource(isJob ? 'batch' : 'apps', kinds[kind]), {
    apiVersion: isJob ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name, namespace: 'shop' },
    spec: isJob
      ? { template: { spec: { ...template.spec, restartPolicy: 'Never' } } }
      : { ...own, selector: { matchLabels: labels }, template },
  });
}

function change(kind: Kind, name: string, image: string): void {
  const { store } = gateway.cluster;
  const resource = store.resource('apps', kinds[kind]);
  const there = store.get(resource, 'shop', name) as unknown as { spec: { template: { spec: object } } };
  const template = {
    ...there.spec.template,
    spec: { ...there.spec.template.spec, containers: [{ name: 'web', image }] },
  };
  store.update(resource, { ...there, spec: { ...there.spec, template } } as never);
}

async function read(name: string, args = ''): Promise<Workload> {
  const fields = `id images revisions${args} { number isCurrent images changes { path before after } }`;
  const source = `{ workloads(filter: { name: { equals: "${name}" } }) { nodes { ${fields} } } }`;
  const { workloads } = await ask<{ workloads: { nodes: Workload[] } }, object>(gateway, source, {}, developer);
  const [found] = workloads.nodes;
  if (!found) throw new Error(`There is no ${name} yet`);
  return found;
}

interface Answer {
  readonly __typename: string;
  readonly code?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly changes?: readonly { readonly path: string; readonly after: unknown }[];
}

async function write(mutation: string, input: object): Promise<Answer> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
  const source = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { __typename
    ... on ${type}Success { changes { path after } } ... on Error { code message } ... on PreconditionError { reason } } }`;
  const answer = await ask<Record<string, Answer>, object>(gateway, source, { input }, developer);
  return answer[mutation] as Answer;
}

async function twoVersions(kind: Kind, name: string): Promise<Workload> {
  make(kind, name, 'registry.local/web:v1');
  await until(async () => expect((await read(name)).revisions.length).toBe(1));
  change(kind, name, 'registry.local/web:v2');
  return until(async () => {
    const workload = await read(name);
    expect(workload.revisions.length).toBe(2);
    return workload;
  });
}

describe('versions of a workload', () => {
  it.each([
    'Deployment',
    'StatefulSet',
    'DaemonSet',
  ] as const)('are kept, compared and rolled back to: %s (CMP-76, CMP-77)', async (kind) => {
    const name = `versions-${kind.toLowerCase()}`;
    const workload = await twoVersions(kind, name);
    expect(workload.revisions.map(({ number, isCurrent, images }) => ({ number, isCurrent, images }))).toEqual([
      { number: 2, isCurrent: true, images: ['registry.local/web:v2'] },
      { number: 1, isCurrent: false, images: ['registry.local/web:v1'] },
    ]);
    expect(workload.revisions[1]?.changes).toEqual([
      expect.objectContaining({ before: 'registry.local/web:v1', after: 'registry.local/web:v2' }),
    ]);
    const preview = await write('rollBackWorkload', { id: workload.id, dryRun: true });
    expect(preview.changes).toContainEqual(expect.objectContaining({ after: 'registry.local/web:v1' }));
    expect((await read(name)).images).toEqual(['registry.local/web:v2']);
    expect(await write('rollBackWorkload', { id: workload.id })).toMatchObject({
      __typename: 'RollBackWorkloadSuccess',
    });
    // The old version is the newest now, under a new number.
    await until(async () => {
      const [newest] = (await read(name)).revisions;
      expect(newest).toMatchObject({ number: 3, isCurrent: true, images: ['registry.local/web:v1'] });
    });
  });

  it('are found by the time of their first rollout (CMP-76)', async () => {
    await twoVersions('Deployment', 'timed');
    expect((await read('timed', '(from: "2100-01-01T00:00:00Z")')).revisions).toEqual([]);
    expect((await read('timed', '(to: "2100-01-01T00:00:00Z")')).revisions.length).toBe(2);
  });

  it('are refused where there is none of that number, or it is the present one (CMP-77, refused)', async () => {
    const { id } = await twoVersions('Deployment', 'refusing');
    expect(await write('rollBackWorkload', { id, revision: 9 })).toMatchObject({
      code: 'VALIDATION',
    });
    expect(await write('rollBackWorkload', { id, revision: 2 })).toMatchObject({ reason: 'REVISION_IS_CURRENT' });
    make('Job', 'once', 'registry.local/job:v1');
    const job = await until(() => read('once'));
    expect(job.revisions).toEqual([]);
    expect(await write('rollBackWorkload', { id: job.id })).toMatchObject({ reason: 'NO_REVISIONS' });
  });
});

describe('a rollout', () => {
  it('is paused and resumed, and not twice (CMP-72)', async () => {
    const { id } = await twoVersions('Deployment', 'pausing');
    expect(await write('resumeWorkload', { id })).toMatchObject({ reason: 'WORKLOAD_NOT_PAUSED' });
    expect(await write('pauseWorkload', { id })).toMatchObject({ __typename: 'PauseWorkloadSuccess' });
    expect(await write('pauseWorkload', { id })).toMatchObject({ reason: 'WORKLOAD_PAUSED' });
    expect(await write('rollBackWorkload', { id, revision: 1 })).toMatchObject({ reason: 'WORKLOAD_PAUSED' });
    expect(await write('resumeWorkload', { id })).toMatchObject({ __typename: 'ResumeWorkloadSuccess' });
    const { id: job } = await until(() => read('once'));
    expect(await write('pauseWorkload', { id: job })).toMatchObject({ reason: 'NOT_PAUSABLE' });
  });
});
