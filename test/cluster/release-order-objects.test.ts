import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway } from '../../src/testing.ts';
import { type ClusterClient, createClusterClient } from '../conformance/support/cluster-client.ts';
import { readConnection } from '../conformance/support/connection.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { realKubeconfig, sayThatEmbeddedStandsIn } from '../support/real-kubeconfig.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

/**
 * The definition of deploy/crds on whatever cluster there is: that it is taken, and that it takes and refuses what the loop relies on. Works in a
 * namespace of its own, and takes the definition away again where it was not there.
 */
const ofUser = realKubeconfig();
const namespace = `longshore-orders-${randomBytes(4).toString('hex')}`;
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const objects = `/apis/release.longshore.dev/v1alpha1/namespaces/${namespace}/releaseorders`;
const stack = new AsyncDisposableStack();
let client: ClusterClient;
let kubeconfig = ofUser ?? '';

beforeAll(async () => {
  if (!ofUser) {
    sayThatEmbeddedStandsIn();
    const standIn = stack.use(await startEmbeddedCluster({ controllers: false }));
    kubeconfig = stack.use(await kubeconfigFile(standIn)).path;
  }
  client = createClusterClient(await readConnection({ kubeconfigPath: kubeconfig }));
  stack.defer(async () => client.close());
  const file = new URL('../../deploy/crds/releaseorders.release.longshore.dev.yaml', import.meta.url);
  const definition = parse(await readFile(file, 'utf8')) as { metadata: { name: string } };
  const { name } = definition.metadata;
  const made = await client.create(definitions, definition);
  expect([201, 409], made.text).toContain(made.status);
  if (made.status === 201) stack.defer(async () => void (await client.delete(`${definitions}/${name}`)));
  const own = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await client.create('/api/v1/namespaces', own);
  stack.defer(async () => void (await client.delete(`/api/v1/namespaces/${namespace}`)));
  await until(async () => expect((await client.get(objects)).status).toBe(200));
}, 60_000);
afterAll(() => stack.disposeAsync());

const manifest = (name: string, spec: object) => ({
  ...{ apiVersion: 'release.longshore.dev/v1alpha1', kind: 'ReleaseOrder', metadata: { name }, spec },
});
const front = { appService: 'front' };
const redis = { appService: 'redis' };

describe('the definition of ReleaseOrders (REL-39)', () => {
  it.each<readonly [string, object]>([
    ['one service', { services: [front] }],
    [
      'versions by number and by id',
      {
        services: [
          { ...front, version: 3 },
          { ...redis, version: 'aWQ' },
        ],
      },
    ],
    [
      'what a new version changes',
      { services: [{ ...front, change: { replicas: 4, images: [{ container: 'a', image: 'b' }] } }] },
    ],
    [
      '200 services',
      { services: Array.from({ length: 200 }, (_, at) => ({ appService: `s${at}`, dependsOn: at ? ['s0'] : [] })) },
    ],
    ['confirmed groups', { services: [front], confirmedGroups: 1, confirmedGroupsOf: { front: 2 }, start: true }],
    ['a rollback', { services: [front], rollback: { confirm: 'front', confirmed: true } }],
  ])('takes %s', async (_what, spec) => {
    const { status, text } = await client.create(objects, manifest('taken', spec), { dryRun: 'All' });
    expect(status, text).toBe(201);
  });

  it.each<readonly [string, object]>([
    ['no services', { services: [] }],
    ['nothing', {}],
    ['a service twice', { services: [front, { ...front, version: 2 }] }],
    ['a version and a change', { services: [{ ...front, version: 2, change: { replicas: 1 } }] }],
    ['a change of nothing', { services: [{ ...front, change: {} }] }],
    ['a cancelled order that goes back', { services: [front], cancelled: true, rollback: { confirm: 'x' } }],
    ['a rollback without its title', { services: [front], rollback: {} }],
    ['fewer than no confirmed groups', { services: [front], confirmedGroups: -1 }],
    ['201 services', { services: Array.from({ length: 201 }, (_, at) => ({ appService: `s${at}` })) }],
    ['a dependency twice', { services: [{ ...front, dependsOn: ['redis', 'redis'] }, redis] }],
  ])('refuses %s', async (_what, spec) => {
    const { status, text } = await client.create(objects, manifest('refused', spec), { dryRun: 'All' });
    expect(status, text).toBe(422);
  });

  it('lets a spec change until there is an order, and what drives it afterwards', async () => {
    const path = `${objects}/vote`;
    const patch = (spec: object) => client.patch('merge', path, { spec });
    expect((await client.create(objects, manifest('vote', { services: [front] }))).status).toBe(201);
    expect((await patch({ services: [front, redis], betaGroup: true })).status).toBe(200);
    const status = { observedGeneration: 2, orderId: 'aWQ', phase: 'READY', conditions: [] };
    const told = await client.patch('merge', `${path}/status`, { status });
    expect(told.status, told.text).toBe(200);
    for (const change of [
      { services: [front] },
      { betaGroup: null },
      { betaGroup: false },
      { title: 'Other' },
      { units: ['a'] },
    ]) {
      const refused = await patch(change);
      expect(refused.status, JSON.stringify(change)).toBe(422);
      expect(refused.text).toContain('stays once the order is made');
    }
    for (const change of [{ start: true }, { confirmedGroups: 3 }, { acknowledge: ['X'] }, { cancelled: true }]) {
      expect((await patch(change)).status, JSON.stringify(change)).toBe(200);
    }
  });

  it('is heeded by a gateway, which tells in the status and by an Event why it makes no order', {
    timeout: 90_000,
  }, async () => {
    const { contexts } = parse(await readFile(kubeconfig, 'utf8')) as { contexts: { name: string }[] };
    const bound = contexts.map(({ name }) => ({ cluster: name, namespaces: [namespace], actAs: 'token:gitops' }));
    await using _gateway = await startTestGateway({
      flags: ['--kubeconfig', kubeconfig],
      settings: {
        tokens: [
          staticToken('gitops', 'a-token-that-nobody-ever-sends-to-it', {
            roles: ['DEVELOPER'],
            namespaces: [namespace],
          }),
        ],
        pluginSettings: { release: { orderObjects: bound } },
      },
    });
    expect((await client.create(objects, manifest('refused', { services: [front] }))).status).toBe(201);
    await until(async () => {
      const { body } = await client.get(`${objects}/refused`);
      expect(body.status).toMatchObject({ observedGeneration: 1, phase: 'REFUSED' });
      expect(body.status.conditions).toContainEqual(
        expect.objectContaining({ type: 'Accepted', status: 'False', reason: 'VALIDATION' }),
      );
      const events = await client.get(`/api/v1/namespaces/${namespace}/events`);
      expect(events.text).toContain("There is no app service 'front' here");
    }, 60_000);
  });
});
