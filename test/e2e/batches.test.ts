import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCluster } from '../../plugins/core/testing/call-cluster.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { encodeGlobalId } from '../../src/graph/global-id.ts';
import { createManualClock, startTestGateway, type TestGateway } from '../../src/testing.ts';
import { type KubeconfigFile, kubeconfigFile } from '../support/kubeconfig-file.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const token = 'the-token-of-an-administrator-of-many-things';
const worker = 'the-token-of-who-works-in-one-namespace-only';

const slowClock = createManualClock();
let clusters: ReadonlyMap<string, EmbeddedCluster> = new Map();
let files: readonly KubeconfigFile[] = [];
let gateway: TestGateway;

beforeAll(async () => {
  const names = ['plain', 'edge', 'slow'];
  const profiles: Record<string, string> = { edge: 'esk' };
  clusters = new Map(
    await Promise.all(
      names.map(async (name) => {
        const time = name === 'slow' ? { clock: slowClock } : {};
        return [name, await startEmbeddedCluster({ name, controllers: false, ...time })] as const;
      }),
    ),
  );
  files = await Promise.all([...clusters.values()].map((cluster) => kubeconfigFile(cluster)));
  gateway = await startTestGateway({
    settings: {
      embedded: { enabled: false },
      tokens: [
        staticToken('operator', token, { roles: ['ADMIN'] }),
        staticToken('worker', worker, { roles: ['DEVELOPER'], namespaces: ['default'] }),
      ],
      clusters: names.map((name, index) => ({ name, kubeconfig: files[index]?.path, profile: profiles[name] })),
    },
  });
});
afterAll(async () => {
  await gateway?.stop();
  await Promise.all([...clusters.values()].map((cluster) => cluster.stop()));
  await Promise.all(files.map((file) => file[Symbol.asyncDispose]()));
});

const plurals = { ConfigMap: 'configmaps', Secret: 'secrets', Deployment: 'deployments', DaemonSet: 'daemonsets' };
type Kind = keyof typeof plurals;

let things = 0;

/** Makes things of a cluster, waits until the gateway sees them, and answers their ids. */
async function make(cluster: string, kind: Kind, count: number): Promise<string[]> {
  const { store } = clusters.get(cluster) ?? {};
  if (!store) throw new Error(cluster);
  const group = kind === 'Deployment' || kind === 'DaemonSet' ? 'apps' : '';
  const labels = { app: 'thing' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'acme/main:1' }] } };
  const ids = Array.from({ length: count }, () => {
    things += 1;
    const name = `thing-${things}`;
    store.create(store.resource(group, plurals[kind]), {
      apiVersion: group === '' ? 'v1' : `${group}/v1`,
      kind,
      metadata: { name, namespace: 'default' },
      ...(group === '' ? {} : { spec: { selector: { matchLabels: labels }, template } }),
    });
    return encodeGlobalId({ of: 'kubernetes', cluster, group, kind, namespace: 'default', name });
  });
  await until(async () => expect(await there(ids)).toBe(count));
  return ids;
}

/** How many of these the gateway sees. */
async function there(ids: readonly string[]): Promise<number> {
  const { data } = await gateway.query<{ nodes: (object | null)[] }>(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    { ids },
    { token },
  );
  return data?.nodes.filter((node) => node !== null).length ?? -1;
}

interface Result {
  readonly id: string;
  readonly ok: boolean;
  readonly error: { readonly code: string; readonly reason?: string } | null;
  readonly success: { readonly operation: { readonly id: string; readonly action: string } | null } | null;
}
interface Answer {
  readonly __typename: string;
  readonly results: readonly Result[];
  readonly okCount: number;
  readonly failedCount: number;
  readonly issues?: readonly { readonly path: readonly string[]; readonly code: string; readonly message: string }[];
  readonly operation: { readonly id: string; readonly action: string; readonly status: string } | null;
}

async function batch(name: string, input: object, as = token): Promise<Answer> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const { data, errors } = await gateway.query<Record<string, Answer>>(
    `mutation ($input: ${type}Input!) {
      ${name}(input: $input) {
        __typename
        ... on ${type}Success {
          results { id ok error { code ... on PreconditionError { reason } } success { operation { id action } } }
          okCount failedCount operation { id action status }
        }
        ... on ValidationError { issues { path code message } }
        ... on Error { message }
      }
    }`,
    { input },
    { token: as },
  );
  expect(errors).toBeUndefined();
  return data?.[name] as Answer;
}

const fate = ({ results }: Answer) => results.map(({ ok, error }) => (ok ? 'done' : (error?.reason ?? error?.code)));
const countRecords = async () => {
  const { data } = await gateway.query<{ operationRecords: { totalCount: number } }>(
    '{ operationRecords(first: 1) { totalCount } }',
    {},
    { token },
  );
  return data?.operationRecords.totalCount;
};
const missing = encodeGlobalId({
  of: 'kubernetes',
  cluster: 'plain',
  group: '',
  kind: 'ConfigMap',
  namespace: 'default',
  name: 'nobody',
});

describe('a batch', () => {
  it('does each thing by itself, answers in the order of the ids, and leaves a record for each and for itself (CORE-26)', async () => {
    const ids = [...(await make('plain', 'ConfigMap', 2)), ...(await make('slow', 'ConfigMap', 1))];
    const answer = await batch('deleteObjects', { ids });
    expect(answer.results.map(({ id }) => id)).toEqual(ids);
    expect(fate(answer)).toEqual(['done', 'done', 'done']);
    expect(answer).toMatchObject({
      __typename: 'DeleteObjectsSuccess',
      okCount: 3,
      failedCount: 0,
      operation: { action: 'deleteObjects', status: 'SUCCEEDED' },
    });
    const records = answer.results.map(({ success }) => success?.operation);
    expect(records.map((record) => record?.action)).toEqual(['deleteObject', 'deleteObject', 'deleteObject']);
    expect(new Set(records.map((record) => record?.id)).size).toBe(3);
    expect(await there(ids)).toBe(0);
  });

  it('lets what fails fail alone, each with its own error (refused, CORE-26)', async () => {
    const [deployment = '', daemonSet = ''] = [
      ...(await make('plain', 'Deployment', 1)),
      ...(await make('plain', 'DaemonSet', 1)),
    ];
    const answer = await batch('scaleWorkloads', { ids: [missing, deployment, daemonSet], replicas: 3 });
    expect(fate(answer)).toEqual(['NOT_FOUND', 'done', 'NOT_SCALABLE']);
    expect(answer).toMatchObject({ okCount: 1, failedCount: 2, operation: { status: 'FAILED' } });
  });

  it('asks each thing’s own rights (refused, CORE-26)', async () => {
    const [own = ''] = await make('plain', 'ConfigMap', 1);
    const foreign = encodeGlobalId({
      of: 'kubernetes',
      cluster: 'plain',
      group: '',
      kind: 'ConfigMap',
      namespace: 'kube-system',
      name: 'extension-apiserver-authentication',
    });
    expect(fate(await batch('deleteObjects', { ids: [foreign, own] }, worker))).toEqual(['NOT_FOUND', 'done']);
  });

  it.each([
    { name: 'no id', ids: () => [], code: 'too_small' },
    { name: 'more ids than 100', ids: () => Array.from({ length: 101 }, String), code: 'too_big' },
    { name: 'an id twice', ids: (id: string) => [id, id], code: 'duplicate' },
  ])('refuses $name as a whole (refused, CORE-26)', async ({ ids, code }) => {
    const [id = ''] = await make('plain', 'ConfigMap', 1);
    const before = await countRecords();
    expect(await batch('deleteObjects', { ids: ids(id) })).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['ids'], code }],
    });
    expect([await there([id]), await countRecords()]).toEqual([1, before]);
  });

  it('is done for 100 things', async () => {
    const ids = await make('plain', 'Secret', 100);
    expect(await batch('deleteObjects', { ids })).toMatchObject({ okCount: 100, failedCount: 0 });
    expect(await there(ids)).toBe(0);
  });

  it('is offered where the profile of the place offers it, and refused for the other things alone (refused, CORE-26, CON-28)', async () => {
    const ids = [
      ...(await make('edge', 'Deployment', 1)),
      ...(await make('edge', 'Secret', 1)),
      ...(await make('plain', 'Deployment', 1)),
    ];
    const answer = await batch('deleteObjects', { ids, confirm: '确认删除' });
    expect(fate(answer)).toEqual(['BATCH_NOT_OFFERED', 'done', 'done']);
    expect(await there(ids)).toBe(1);
  });

  it('tells in a dry run what would come of each, changes nothing and leaves no record (CORE-31)', async () => {
    const ids = [...(await make('plain', 'Secret', 1)), ...(await make('edge', 'Secret', 1))];
    const before = await countRecords();
    const answer = await batch('deleteObjects', { ids: [...ids, missing], dryRun: true });
    expect(fate(answer)).toEqual(['done', 'done', 'NOT_FOUND']);
    expect(answer.operation).toBeNull();
    expect([await there(ids), await countRecords()]).toEqual([2, before]);
  });
});

describe('a preview', () => {
  it('of a scaling or restart tells whose fields it would change, and changes nothing (CORE-31)', async () => {
    const [id = ''] = await make('plain', 'Deployment', 1);
    const cluster = clusters.get('plain');
    if (!cluster) throw new Error('plain');
    const name = `thing-${things}`;
    await callCluster(cluster, 'PATCH', `/apis/apps/v1/namespaces/default/deployments/${name}`, {
      spec: { replicas: 4 },
    });
    const preview = async (mutation: string, input: object) => {
      const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
      const { data } = await gateway.query(
        `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { ... on ${type}Success { changes { path before } conflicts { manager field } } } }`,
        { input: { id, dryRun: true, ...input } },
        { token },
      );
      return data?.[mutation];
    };
    await expect
      .poll(() => preview('scaleWorkload', { replicas: 7 }))
      .toEqual({
        changes: [{ path: '/spec/replicas', before: 4 }],
        conflicts: [{ manager: 'kubectl', field: '.spec.replicas' }],
      });
    expect(await preview('scaleWorkload', { replicas: 4 })).toEqual({ changes: [], conflicts: [] });
    expect(await preview('restartWorkload', {})).toMatchObject({ conflicts: [] });
    const { store } = cluster;
    expect(store.get(store.resource('apps', 'deployments'), 'default', name)).toMatchObject({ spec: { replicas: 4 } });
  });
});

describe('the confirmation of a batch', () => {
  it('is the phrase, once, where one of the things asks for it (CORE-24)', async () => {
    const ids = [...(await make('edge', 'ConfigMap', 2)), ...(await make('plain', 'ConfigMap', 1))];
    const refused = await batch('deleteObjects', { ids, confirm: '确认' });
    expect(refused).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['confirm'], code: 'confirmation_mismatch', message: 'confirm must be "确认删除"' }],
    });
    expect(await there(ids)).toBe(3);
    expect(await batch('deleteObjects', { ids, confirm: '确认删除' })).toMatchObject({ okCount: 3 });
  });

  it('is told by the query confirmation (CORE-24)', async () => {
    const ids = [...(await make('edge', 'ConfigMap', 1)), missing, ...(await make('plain', 'ConfigMap', 1))];
    const { data } = await gateway.query(
      'query ($ids: [ID!]!) { confirmation(mutation: "deleteObjects", ids: $ids) { kind expected items { cluster } } }',
      { ids },
      { token },
    );
    expect(data).toEqual({
      confirmation: { kind: 'PHRASE', expected: '确认删除', items: [{ cluster: 'edge' }, null, { cluster: 'plain' }] },
    });
  });
});

describe('the idempotency key of a batch (P18)', () => {
  const operationsOf = ({ results, operation }: Answer) => [
    operation?.id,
    ...results.map(({ success }) => success?.operation?.id),
  ];

  it('does it once for many calls at once, and answers all of them alike', async () => {
    const ids = await make('plain', 'ConfigMap', 3);
    const before = (await countRecords()) ?? 0;
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => batch('deleteObjects', { ids, idempotencyKey: 'all-at-once' })),
    );
    expect(new Set(answers.map((answer) => JSON.stringify([fate(answer), operationsOf(answer)]))).size).toBe(1);
    expect(answers[0]).toMatchObject({ okCount: 3 });
    expect(await countRecords()).toBe(before + 4);
  });

  it('does in a repetition only what is left to do', async () => {
    const ids = [...(await make('plain', 'Deployment', 1)), ...(await make('plain', 'DaemonSet', 1))];
    const input = { ids, replicas: 2, idempotencyKey: 'partly' };
    const [first, second] = [await batch('scaleWorkloads', input), await batch('scaleWorkloads', input)];
    expect([fate(first), fate(second)]).toEqual([
      ['done', 'NOT_SCALABLE'],
      ['done', 'NOT_SCALABLE'],
    ]);
    expect(second.results[0]?.success?.operation?.id).toBe(first.results[0]?.success?.operation?.id);
  });

  it('refuses other ids under the same key (refused)', async () => {
    const [one = '', two = ''] = await make('plain', 'ConfigMap', 2);
    await batch('deleteObjects', { ids: [one], idempotencyKey: 'other-ids' });
    const answer = await batch('deleteObjects', { ids: [one, two], idempotencyKey: 'other-ids' });
    expect(answer.__typename).toBe('ConflictError');
    expect(await there([two])).toBe(1);
  });
});

it('a cluster that hangs holds up nothing but its own things (CORE-26)', async () => {
  const quick = await make('plain', 'ConfigMap', 2);
  const slow = await make('slow', 'ConfigMap', 6);
  const cluster = clusters.get('slow');
  if (!cluster) throw new Error('slow');
  // Its deletions wait for a time that does not come until the others are done.
  cluster.faults = ({ method }) => (method === 'DELETE' ? { delayMs: 60_000 } : undefined);
  const answered = batch('deleteObjects', { ids: [...slow, ...quick] });
  await expect.poll(() => there(quick)).toBe(0);
  expect(await there(slow)).toBe(6);
  cluster.faults = undefined;
  await expect
    .poll(() => {
      slowClock.advance(60_000);
      return there(slow);
    })
    .toBe(0);
  expect(await answered).toMatchObject({ okCount: 8, failedCount: 0 });
});
