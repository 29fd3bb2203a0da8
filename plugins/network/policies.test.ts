import { startTestGateway, type TestGateway, type TestStream } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { kubeconfigFile } from '../../test/support/kubeconfig-file.ts';
import { staticToken } from '../../test/support/static-token.ts';

const asAdmin = { token: 'the-token-of-an-administrator-of-everything' };
const asShop = { token: 'the-token-of-a-developer-of-the-namespace-shop' };
const asOther = { token: 'the-token-of-a-developer-of-another-namespace' };

const stack = new AsyncDisposableStack();
let gateway: TestGateway;

beforeAll(async () => {
  const far = stack.use(await startEmbeddedCluster({ name: 'far', sample: 'shop', controllers: false }));
  const file = stack.use(await kubeconfigFile(far));
  gateway = stack.use(
    await startTestGateway({
      clusterSpeed: 40,
      settings: {
        embedded: { enabled: true, engines: [] },
        clusters: [{ name: 'far', kubeconfig: file.path }],
        tokens: [
          staticToken('admin', asAdmin.token, { roles: ['ADMIN'] }),
          staticToken('shop', asShop.token, { roles: ['DEVELOPER'], namespaces: ['embedded/shop'] }),
          staticToken('other', asOther.token, { roles: ['DEVELOPER'], namespaces: ['embedded/default'] }),
        ],
      },
    }),
  );
}, 60_000);
afterAll(() => stack.disposeAsync());

type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };
const failures = '... on Error { code message } ... on ValidationError { issues { path code } }';

async function call(name: string, input: object, fields = 'warnings', as = asShop): Promise<Answer> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const { data, errors } = await gateway.query<Record<string, Answer>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${failures} } }`,
    { input },
    as,
  );
  const answer = data?.[name];
  if (!answer) throw new Error(JSON.stringify(errors));
  const issues = answer.issues as { path: string[]; code: string }[] | undefined;
  return issues ? { ...answer, issues: issues.map(({ path, code }) => `${path.join('.')} ${code}`) } : answer;
}

async function ask<T>(source: string, as = asShop): Promise<T> {
  const { data, errors } = await gateway.query(source, {}, as);
  if (errors) throw new Error(JSON.stringify(errors));
  return data as T;
}

const at = { clusters: ['embedded'], namespace: 'shop' };
const rules = `podSelector { text matchLabels { key value } matchExpressions { key operator values } } policyTypes description
  ingress { peers { podSelector { text } namespaceSelector { text } ipBlock { cidr except } } ports { protocol port endPort } }
  egress { peers { ipBlock { cidr except } } ports { protocol port endPort } }`;

async function make(name: string, form: object, as = asShop): Promise<string> {
  const answer = await call('createNetworkPolicy', { ...at, name, ...form }, 'networkPolicy { id }', as);
  if (!answer.networkPolicy) throw new Error(JSON.stringify(answer));
  return (answer.networkPolicy as { id: string }).id;
}

describe('a NetworkPolicy', () => {
  it('is made by a form, read as typed rules, changed, and deleted by who works in its namespace (NET-33, VND-04)', async () => {
    const id = await make('front', {
      description: 'For the front',
      podSelector: {
        matchLabels: [{ key: 'app', value: 'front' }],
        matchExpressions: [{ key: 'old', operator: 'DOES_NOT_EXIST' }],
      },
      ingress: [
        {
          peers: [
            { podSelector: { matchLabels: [{ key: 'app', value: 'edge' }] }, namespaceSelector: {} },
            { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
          ],
          ports: [
            { port: 80, endPort: 90 },
            { protocol: 'UDP', port: 'dns' },
          ],
        },
      ],
    });
    const read = () => ask(`{ networkPolicy(cluster: "embedded", namespace: "shop", name: "front") { ${rules} } }`);
    expect(await read()).toEqual({
      networkPolicy: {
        description: 'For the front',
        podSelector: {
          text: 'app=front,!old',
          matchLabels: [{ key: 'app', value: 'front' }],
          matchExpressions: [{ key: 'old', operator: 'DOES_NOT_EXIST', values: [] }],
        },
        policyTypes: ['INGRESS'],
        ingress: [
          {
            peers: [
              { podSelector: { text: 'app=edge' }, namespaceSelector: { text: '' }, ipBlock: null },
              { podSelector: null, namespaceSelector: null, ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
            ],
            ports: [
              { protocol: 'TCP', port: 80, endPort: 90 },
              { protocol: 'UDP', port: 'dns', endPort: null },
            ],
          },
        ],
        egress: [],
      },
    });
    const changed = { id, podSelector: {}, ingress: null, egress: [{ peers: [{ ipBlock: { cidr: 'fd00::/8' } }] }] };
    expect(await call('updateNetworkPolicy', changed, `networkPolicy { ${rules} }`)).toMatchObject({
      networkPolicy: {
        description: 'For the front',
        podSelector: { text: '' },
        policyTypes: ['INGRESS', 'EGRESS'],
        ingress: [],
        egress: [{ peers: [{ ipBlock: { cidr: 'fd00::/8', except: [] } }], ports: [] }],
      },
    });
    expect(await call('deleteNetworkPolicy', { id }, 'id')).toMatchObject({ id });
    expect(await read()).toEqual({ networkPolicy: null });
  });

  it('is made the same in several clusters, or in none where one refuses it (NET-33, NET-11; refused)', async () => {
    const both = { ...at, clusters: ['embedded', 'far'], name: 'both' };
    const results = 'results { cluster ok manifest }';
    expect(await call('createNetworkPolicy', { ...both, dryRun: true }, results, asAdmin)).toMatchObject({
      results: [
        { cluster: 'embedded', ok: true, manifest: { kind: 'NetworkPolicy', spec: { podSelector: {} } } },
        { cluster: 'far', ok: true },
      ],
    });
    const wrong = { ...both, ingress: [{ ports: [{ port: 'http', endPort: 90 }] }] };
    expect(await call('createNetworkPolicy', wrong, results, asAdmin)).toMatchObject({
      code: 'VALIDATION',
      issues: ['ingress.0.ports.0.endPort invalid'],
    });
    expect(await call('createNetworkPolicy', both, results, asAdmin)).toMatchObject({
      results: [{ ok: true }, { ok: true }],
    });
    expect(await call('createNetworkPolicy', both, results, asAdmin)).toMatchObject({ code: 'CONFLICT' });
  });

  it('comes by YAML too, and what its API server refuses is told at its line (NET-33, CORE-27; refused)', async () => {
    const manifest = (cidr: string) =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: by-yaml\n  namespace: shop\nspec:\n  egress:\n  - to:\n    - ipBlock:\n        cidr: ${cidr}\n`;
    const apply = (cidr: string) => call('applyManifest', { cluster: 'embedded', manifest: manifest(cidr) });
    expect(await apply('10.0.0.0')).toMatchObject({ code: 'VALIDATION', issues: [expect.stringMatching(/cidr/)] });
    expect(await apply('10.0.0.0/8')).toMatchObject({ __typename: 'ApplyManifestSuccess' });
    expect(
      await ask(
        '{ networkPolicy(cluster: "embedded", namespace: "shop", name: "by-yaml") { policyTypes egress { peers { ipBlock { cidr } } } } }',
      ),
    ).toEqual({
      networkPolicy: { policyTypes: ['INGRESS', 'EGRESS'], egress: [{ peers: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
    });
  });

  it('tells its pods and workloads, and these which policies hold for them, without asking the cluster (NET-33)', async () => {
    await call('createWorkload', {
      cluster: 'embedded',
      namespace: 'shop',
      name: 'guarded',
      kind: { deployment: { replicas: 2 } },
      labels: [{ key: 'app', value: 'guarded' }],
      template: { labels: [{ key: 'app', value: 'guarded' }], containers: [{ name: 'web', image: 'nginx' }] },
    });
    await make('one', { podSelector: { matchLabels: [{ key: 'app', value: 'guarded' }] } });
    await make('two', {
      podSelector: { matchExpressions: [{ key: 'app', operator: 'IN', values: ['guarded', 'else'] }] },
    });
    await make('none', {
      podSelector: {
        matchLabels: [
          { key: 'app', value: 'guarded' },
          { key: 'tier', value: 'x' },
        ],
      },
    });
    await vi.waitFor(
      async () =>
        expect(
          await ask(
            `{ networkPolicy(cluster: "embedded", namespace: "shop", name: "one") { workloads { nodes { name } } pods { totalCount } } }`,
          ),
        ).toEqual({ networkPolicy: { workloads: { nodes: [{ name: 'guarded' }] }, pods: { totalCount: 2 } } }),
      { timeout: 10_000, interval: 50 },
    );
    gateway.cluster.requests.clear();
    const { workloads, pods } = await ask<{
      workloads: { nodes: readonly object[] };
      pods: { nodes: readonly object[] };
    }>(
      `{ workloads(filter: { namespaces: ["shop"], name: { equals: "guarded" } }) { nodes { networkPolicies { nodes { name } } } }
         pods(filter: { namespaces: ["shop"], labelSelector: "app=guarded" }) { nodes { networkPolicies { nodes { name } } } } }`,
    );
    const names = { nodes: expect.arrayContaining([{ name: 'one' }, { name: 'two' }]) };
    for (const each of [...workloads.nodes, ...pods.nodes]) {
      expect(each).toEqual({ networkPolicies: names });
      expect(JSON.stringify(each)).not.toContain('"none"');
    }
    expect([workloads.nodes.length, pods.nodes.length]).toEqual([1, 2]);
    expect(
      gateway.cluster.requests.entries.filter(({ verb, resource }) => verb !== 'watch' && resource !== ''),
    ).toEqual([]);
  });

  it('is not there for who has no rights in its namespace, in lists and streams alike (refused, NET-33, CORE-11)', async () => {
    interface Message {
      readonly networkPolicyChanges: {
        readonly type: string;
        readonly networkPolicy: { readonly name: string } | null;
      };
    }
    const source = 'subscription { networkPolicyChanges { type networkPolicy { name } } }';
    await using shops: TestStream<Message> = gateway.subscribe(source, {}, asShop);
    await using others: TestStream<Message> = gateway.subscribe(source, {}, asOther);
    for (const stream of [shops, others]) {
      await stream.next(({ data }) => data?.networkPolicyChanges.type === 'SNAPSHOT');
    }
    const id = await make('hidden', {});
    await call('createNetworkPolicy', { ...at, namespace: 'default', name: 'theirs' }, 'warnings', asOther);
    const added = async (stream: TestStream<Message>) =>
      (await stream.next(({ data }) => data?.networkPolicyChanges.type === 'ADDED')).data?.networkPolicyChanges
        .networkPolicy?.name;
    expect([await added(shops), await added(others)]).toEqual(['hidden', 'theirs']);
    const list = '{ networkPolicies(filter: { cluster: "embedded" }) { nodes { name } } }';
    const { networkPolicies } = await ask<{ networkPolicies: { nodes: { name: string }[] } }>(list, asOther);
    expect(networkPolicies.nodes).toEqual([{ name: 'theirs' }]);
    for (const mutation of ['updateNetworkPolicy', 'deleteNetworkPolicy']) {
      expect(await call(mutation, { id }, 'warnings', asOther)).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await call('createNetworkPolicy', { ...at, name: 'intruder' }, 'warnings', asOther)).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
