import fc from 'fast-check';
import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { createManualClock } from '../../src/kernel/manual-clock.ts';
import type { KubeClusters } from '../../src/kube/kube-cluster.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { type KubeconfigFile, kubeconfigFile } from '../support/kubeconfig-file.ts';
import { createChance, randomQuery } from '../support/random-query.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const developer = 'a-developer-of-the-shop';
const twin = 'another-administrator';
const other = 'a-developer-of-the-platform';
const secret = 'dHVybmlwcw==';

let cluster: EmbeddedCluster;
let file: KubeconfigFile;
let reusing: TestGateway;
let forgetting: TestGateway;
let schema: GraphQLSchema;

beforeAll(async () => {
  // Time stands still: what differs between two answers is never their minute.
  const clock = createManualClock(Date.now());
  cluster = await startEmbeddedCluster({ name: 'far', sample: 'shop', clock });
  clock.advance(60_000);
  file = await kubeconfigFile(cluster);
  const start = (answerCacheBytes: number): Promise<TestGateway> =>
    startTestGateway({
      settings: {
        embedded: { enabled: false },
        clusters: [{ name: 'far', kubeconfig: file.path }],
        tokens: [
          staticToken('dev', developer, { roles: ['DEVELOPER'], namespaces: ['far/shop'] }),
          // The same rights as the first administrator's, under another name.
          staticToken('twin', twin, { roles: ['ADMIN'] }),
          staticToken('other', other, { roles: ['DEVELOPER'], namespaces: ['far/platform'] }),
        ],
        limits: { answerCacheBytes, cost: 10_000_000, aliases: 1_000, tokens: 100_000, directives: 1_000 },
      },
    });
  [reusing, forgetting] = await Promise.all([start(64 * 1_048_576), start(0)]);
  const introspection = await ask<IntrospectionQuery, object>(reusing, getIntrospectionQuery(), undefined, {
    token: tokenOf(reusing, 'admin'),
  });
  schema = buildClientSchema(introspection);
  await seen(put('configmaps', 'first', { data: { a: '1' } }));
});
afterAll(async () => {
  await Promise.all([reusing?.stop(), forgetting?.stop()]);
  await cluster?.stop();
  await file?.[Symbol.asyncDispose]();
});

function tokenOf(gateway: TestGateway, caller: string): string {
  if (caller === 'admin') return gateway.gateway.rooms.signIn.adminToken ?? '';
  return { developer, twin, other }[caller] ?? '';
}

/** Creates or replaces an object of the shop; answers its resourceVersion. */
function put(plural: string, name: string, rest: object): string {
  const resource = cluster.store.resource('', plural);
  const known = cluster.store.get(resource, 'shop', name);
  const { labels, ...content } = rest as { readonly labels?: object };
  const metadata = { ...known?.metadata, name, namespace: 'shop', ...(labels ? { labels } : {}) };
  const object = { ...known, ...content, metadata };
  const stored = known ? cluster.store.update(resource, object) : cluster.store.create(resource, object);
  return stored.metadata.resourceVersion ?? '';
}

/** Waits until both gateways have heard of everything up to this version: they watch it all through the same store. */
async function seen(resourceVersion: string): Promise<void> {
  for (const { gateway } of [reusing, forgetting]) {
    await until(() => {
      const [far] = (gateway.rooms.clusters as KubeClusters).all;
      if (!far) throw new Error('no cluster');
      const kinds = ['pods', 'configmaps', 'secrets'];
      const positions = [...gateway.services.registry.kinds.values()]
        .filter(({ kind }) => kinds.includes(kind.plural))
        .map(({ kind }) => {
          const feed = far.feed(kind);
          const items = [...feed.snapshot().items];
          feed.release();
          return items;
        });
      const newest = positions.flat().some(({ metadata }) => metadata.resourceVersion === resourceVersion);
      if (!newest) throw new Error(`version ${resourceVersion} has not been seen`);
      return Promise.resolve();
    });
  }
}

async function answer(gateway: TestGateway, caller: string, query: string, variables: object): Promise<string> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    authorization: `Bearer ${tokenOf(gateway, caller)}`,
  };
  const { body } = await request(`${gateway.url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
  });
  return (await body.text()).replaceAll(/"requestId":"[^"]*"/g, '"requestId":""');
}

const write = fc.oneof(
  fc.record({
    plural: fc.constant('configmaps'),
    name: fc.constantFrom('first', 'second'),
    value: fc.string({ maxLength: 5 }),
  }),
  fc.record({
    plural: fc.constant('secrets'),
    name: fc.constantFrom('hidden', 'vote-redis'),
    value: fc.string({ maxLength: 5 }),
  }),
  // One pod that belongs to this Service and then to that: what both show changes with it, and they themselves do not.
  fc.record({
    plural: fc.constant('pods'),
    name: fc.constant('wanderer'),
    value: fc.constantFrom('front', 'redis'),
  }),
);

function contentOf({ plural, name, value }: { plural: string; name: string; value: string }): object {
  if (plural === 'configmaps') return { data: { value } };
  if (plural === 'pods') {
    return {
      labels: { 'app.kubernetes.io/name': 'vote', 'app.kubernetes.io/component': value },
      spec: { containers: [{ name: 'main', image: 'registry.local/vote:v1' }] },
    };
  }
  const data = { key: Buffer.from(value).toString('base64'), other: secret };
  return { data, ...(name === 'vote-redis' ? { type: 'Opaque' } : {}) };
}

describe('the reuse of answers', () => {
  it('never shows: answers are the same byte for byte with and without it', { timeout: 180_000 }, async () => {
    let reused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.array(write, { minLength: 1, maxLength: 3 }),
        fc.option(fc.boolean(), { nil: undefined }),
        async (seed, writes, yes) => {
          const query = randomQuery({
            schema,
            chance: createChance(seed),
            args: {
              cluster: ['"far"', '"nowhere"'],
              namespace: ['"shop"', '"platform"'],
              name: ['"vote-front"', '"first"', '"hidden"', '"vote-redis"', '"none"', '"far"', '"shop"'],
            },
            often: ['viewer { name }'],
            // Each gateway has records, kept events and a life of its own; a cluster's state is each gateway's view of it.
            without: [
              'Query.operationRecords',
              'Query.operationRecord',
              'Query.timeline',
              'Query.kubernetesEventHistory',
              'Query.kubernetesEventCounts',
              'Query.sessions',
              'Query.users',
              'Query.serviceTokens',
              'Query.plugins',
              'Query.diagnosis',
              'Query.node',
              'Query.nodes',
            ],
          });
          for (const each of [{ plural: 'configmaps', name: 'first', value: 'x' }, ...writes]) {
            await seen(put(each.plural, each.name, contentOf(each)));
            // Often enough for the operation to be compiled, and for its answer to be given again.
            for (let round = 0; round < 2; round += 1) {
              for (const caller of ['admin', 'developer', 'twin', 'other']) {
                const [with_, without] = await Promise.all([
                  answer(reusing, caller, query, { yes }),
                  answer(forgetting, caller, query, { yes }),
                ]);
                expect(with_, `${caller}: ${query}`).toBe(without);
                expect(with_).not.toContain(secret);
                reused += 1;
              }
            }
          }
        },
      ),
      { numRuns: process.env.LONGSHORE_TEST_LONG === '1' ? 500 : 25 },
    );
    expect(reused).toBeGreaterThan(100);
  });

  it('never reaches records of operations: each is there as soon as it is written, however often one asked before', async () => {
    const query = '{ viewer { name } operationRecords(first: 1000) { nodes { requestId status operator } } }';
    const recorded = async (caller: string) => {
      const { data } = JSON.parse(await answer(reusing, caller, query, {}));
      return { caller: data.viewer.name, records: data.operationRecords.nodes as readonly object[] };
    };
    const before = (await recorded('admin')).records.length;
    for (let round = 1; round <= 3; round += 1) {
      const input = { cluster: 'far', namespace: 'shop', manifest: manifestOf(round) };
      const written = await answer(
        reusing,
        'twin',
        'mutation ($input: ApplyManifestInput!) { applyManifest(input: $input) { __typename } }',
        { input },
      );
      expect(written).toContain('ApplyManifestSuccess');
      // Asked often enough to be compiled; two callers with the same rights are still two callers.
      for (let time = 0; time < 4; time += 1) {
        expect(await recorded('admin')).toMatchObject({ caller: 'admin', records: { length: before + round } });
        expect(await recorded('twin')).toMatchObject({ caller: 'twin', records: { length: before + round } });
      }
    }
  });
});

const manifestOf = (round: number): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'recorded' }, data: { round: `${round}` } });
