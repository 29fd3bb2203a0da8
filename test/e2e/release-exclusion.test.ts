import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEngines } from '../../src/embedded/engines/load-engines.ts';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { encodeGlobalId } from '../../src/graph/global-id.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { type MutationWorld, mutationInputs } from '../support/mutation-inputs.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

// The schema itself says which mutations there are, so that this cannot lag behind it.
const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {}).filter((name) => name in mutationInputs);

/**
 * What changes or deletes workloads, Services and copies of configuration. A mutation that could and is not here fails by its name: it has
 * to be refused while a release is active, as these are.
 */
const refused = [
  ...['restartWorkload', 'restartWorkloads', 'scaleWorkload', 'scaleWorkloads', 'pauseWorkload', 'resumeWorkload'],
  ...['stopWorkload', 'stopWorkloads', 'startWorkload', 'startWorkloads', 'rollBackWorkload'],
  ...['updateWorkload', 'updateWorkloadMetadata', 'deleteWorkload', 'deleteWorkloads'],
  ...['killWorkloadInstances', 'startWorkloadInstances', 'updateWorkloadInstances'],
  ...['stopApplication', 'stopApplications', 'startApplication', 'startApplications'],
  ...['redeployApplication', 'redeployApplications', 'linkWorkloads', 'unlinkWorkloads'],
  ...['setWorkloadAccess', 'setSecurityGroups', 'updateService', 'deleteService', 'deleteServices'],
  ...['updateConfigMap', 'deleteConfigMap', 'deleteConfigMaps', 'updateSecret', 'deleteSecret', 'deleteSecrets'],
  ...['deleteObject', 'deleteObjects'],
];
/** Text, whose rows make nothing that a release could have: the test of texts has its own. */
const texts = ['applyManifest', 'updateManifest'];

const token = 'the-token-of-an-administrator-of-everything';
const stack = new AsyncDisposableStack();
let gateway: TestGateway;
let world: MutationWorld;
/** What is labelled as an app service's: `plural/name`. */
let made: string[] = [];

const serviceLabel = 'longshore.dev/app-service';
const guarded: readonly (readonly [group: string, plural: string])[] = [
  ['apps', 'deployments'],
  ['apps', 'statefulsets'],
  ['apps.kruise.io', 'clonesets'],
  ['apps.kruise.io', 'statefulsets'],
  ['', 'services'],
  ['', 'configmaps'],
  ['', 'secrets'],
];

beforeAll(async () => {
  const engines = await loadEngines(['kruise', 'volume-snapshot', 'kube-ovn', 'gateway-api', 'cluster-api']);
  const cluster = stack.use(await startEmbeddedCluster({ name: 'main', controllers: false, engines }));
  const { path } = stack.use(await kubeconfigFile(cluster));
  const settings = {
    embedded: { enabled: false },
    egress: { allow: ['127.0.0.1'] },
    tokens: [staticToken('operator', token, { roles: ['ADMIN'] })],
    clusters: [{ name: 'main', kubeconfig: path }],
  };
  gateway = stack.use(await startTestGateway({ settings }));
  const { db } = gateway.gateway.foundation.database;
  await db.execute(
    `insert into release_app_services (id, cluster, namespace, name, application_id, application_name, is_stateful, operators, description, version, created_at)
     values ('${randomUUID()}', 'main', 'default', 'web', '${randomUUID()}', 'made', false, '[]', '', 1, now())`,
  );
  const store = new Proxy(cluster.store, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      if (key !== 'create') return value.bind(target) as unknown;
      return (resource: { group: string; plural: string }, object: Labelled, ...rest: unknown[]) => {
        const isGuarded = guarded.some(([group, plural]) => group === resource.group && plural === resource.plural);
        if (!isGuarded || object.metadata.namespace !== 'default') return value.call(target, resource, object, ...rest);
        made.push(`${resource.group}/${resource.plural}/${object.metadata.name}`);
        const labels = { ...object.metadata.labels, [serviceLabel]: 'web' };
        return value.call(target, resource, { ...object, metadata: { ...object.metadata, labels } }, ...rest);
      };
    },
  });
  world = {
    cluster: new Proxy(cluster, { get: (target, key) => (key === 'store' ? store : Reflect.get(target, key, target)) }),
    mutate: async <T>(name: string, input: object, fields: string) => {
      // What is made for a test is changed by hand knowingly.
      const answer = await call(name, input, fields);
      if (answer.__typename !== `${capitalize(name)}Success`) throw new Error(`${name}: ${JSON.stringify(answer)}`);
      return answer as T;
    },
    execute: (statement) => db.execute(statement),
    untilSeen: async (id) => {
      await until(async () => {
        const { data } = await gateway.query<{ node: unknown }>(
          'query ($id: ID!) { node(id: $id) { id } }',
          { id },
          { token },
        );
        expect(data?.node).not.toBeNull();
      });
    },
  };
});
afterAll(() => stack.disposeAsync());

interface Labelled {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: object };
}

const capitalize = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };

async function call(name: string, input: object, fields = ''): Promise<Answer> {
  const type = capitalize(name);
  const errors = `... on Error { code message } ... on PreconditionError { reason unacknowledged { code } }
    ... on ValidationError { issues { path code } }`;
  const { data, errors: failures } = await gateway.query<Record<string, Answer>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) {
      __typename ${fields === '' ? '' : `... on ${type}Success { ${fields} }`} ${errors}
    } }`,
    { input },
    { token },
  );
  const answer = data?.[name];
  if (!answer) throw new Error(`${name}: ${JSON.stringify(failures)}`);
  return answer;
}

/** Reasons of the items of a batch, or of the whole. */
async function reasonsOf(name: string, input: object): Promise<readonly unknown[]> {
  const isBatch = 'ids' in input && !name.endsWith('Application');
  const answer = await call(name, input, isBatch ? 'results { error { ... on PreconditionError { reason } } }' : '');
  const results = answer.results as readonly { readonly error: { readonly reason?: string } | null }[] | undefined;
  return results ? results.map(({ error }) => error?.reason) : [answer.reason ?? answer.__typename];
}

const release = (id: string | null) =>
  world.execute(`update release_app_services set release_id = ${id === null ? 'null' : `'${id}'`}`);

/** What the cluster has of everything that is an app service's. */
function digest(): string {
  const { store } = world.cluster;
  return JSON.stringify(
    made.map((key) => {
      const [group = '', plural = '', name = ''] = key.split('/');
      return [key, store.get(store.resource(group, plural), 'default', name)?.metadata.resourceVersion];
    }),
  );
}

async function releasing(name: string): Promise<object> {
  made = [];
  await release(null);
  const input = (await mutationInputs[name]?.(world)) ?? {};
  await release(randomUUID());
  return input;
}

/** Of the platform's own data, and of things without a namespace: no app service has any. */
const apart =
  /(Workspace|Project|Department|Members?|User|Session|Token|EventWebhook|Impersonation|AlarmPolic(y|ies)|LogStore|OperationStep|Vpcs?|Subnets?|SubnetNamespaces|Nat[A-Z]\w*|ElasticIps?|[DS]natRules?|SecurityGroups?|AddressPool|StorageClass(es)?|PersistentVolumes?|Disks?|Terminal)$/;
const asked = mutations.filter((name) => refused.includes(name) || !(apart.test(name) || texts.includes(name)));

describe('while an app service is released (REL-17, REL-33)', () => {
  it.each(asked)('%s changes nothing that the release is at work on', async (name) => {
    const input = await releasing(name);
    const before = digest();
    if (!refused.includes(name) && made.length === 0) return;
    const reasons = await reasonsOf(name, input);
    expect(digest()).toBe(before);
    if (refused.includes(name)) expect(new Set(reasons)).toEqual(new Set(['RELEASE_ACTIVE']));
    // What is not refused only looks at it, or makes something beside it.
    else expect(reasons).not.toContain('RELEASE_ACTIVE');
  });
});

type Store = MutationWorld['cluster']['store'];
const resourceOf = (store: Store, plural: string) => store.resource(plural === 'deployments' ? 'apps' : '', plural);

async function make(plural: string, name: string, more: object = {}): Promise<string> {
  const { store } = world.cluster;
  const [group, kind] =
    plural === 'deployments' ? ['apps', 'Deployment'] : ['', plural === 'services' ? 'Service' : 'ConfigMap'];
  store.create(resourceOf(store, plural), { metadata: { name, namespace: 'default' }, ...more } as never);
  const id = encodeGlobalId({ of: 'kubernetes', cluster: 'main', group, kind, namespace: 'default', name });
  await world.untilSeen(id);
  return id;
}

const template = (image: string, labels: object = {}) => ({
  metadata: { labels: { app: 'web', ...labels } },
  spec: { containers: [{ name: 'web', image }] },
});
const deployment = (name: string, image: string, labels: object = {}, ofPods: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default', labels },
  spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: template(image, ofPods) },
});
const makeDeployment = (name: string) => make('deployments', name, { spec: deployment(name, 'acme/web:1').spec });
const apply = (object: object, more: object = {}) =>
  call('applyManifest', { cluster: 'main', manifest: JSON.stringify(object), force: true, ...more });

describe('texts', () => {
  const labels = { [serviceLabel]: 'web' };

  it('are refused while a release is active, in a preview too (REL-17)', async () => {
    await release(null);
    await makeDeployment('text');
    await release(randomUUID());
    const before = digest();
    const text = deployment('text', 'acme/web:2', labels);
    for (const dryRun of [true, false]) {
      expect(await apply(text, { dryRun, acknowledge: ['RELEASED_BY_APP_SERVICE'] })).toMatchObject({
        reason: 'RELEASE_ACTIVE',
      });
    }
    expect(digest()).toBe(before);
  });

  it.each([
    ['a label of a workload', deployment('free', 'acme/web:1', labels)],
    ['a label of its pods, which Services would send requests to', deployment('free', 'acme/web:1', {}, labels)],
    ['another service', deployment('bound', 'acme/web:1', { [serviceLabel]: 'shop' })],
    [
      'a pod of its own',
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'stray', namespace: 'default', labels },
        spec: { containers: [{ name: 'a', image: 'a' }] },
      },
    ],
  ])('cannot set what releases go by: %s (REL-17)', async (_what, object) => {
    await release(null);
    const { store } = world.cluster;
    if (!store.get(resourceOf(store, 'deployments'), 'default', 'bound')) await makeDeployment('bound');
    expect(await apply(object)).toMatchObject({ issues: [{ code: 'reserved' }] });
  });

  it('cannot take it off either, and who edits the rest must know that the next release undoes it (REL-17)', async () => {
    await release(null);
    const id = await makeDeployment('edited');
    const { store } = world.cluster;
    const { metadata } = store.get(resourceOf(store, 'deployments'), 'default', 'edited') ?? {};
    const resourceVersion = metadata?.resourceVersion;
    const edit = (object: object, more: object = {}) =>
      call('updateManifest', { id, resourceVersion, manifest: JSON.stringify(object), ...more });
    expect(await edit(deployment('edited', 'acme/web:1'))).toMatchObject({ issues: [{ code: 'reserved' }] });
    const changed = deployment('edited', 'acme/web:2', labels);
    const unacknowledged = [{ code: 'RELEASED_BY_APP_SERVICE' }];
    expect(await edit(changed)).toMatchObject({ reason: 'ACKNOWLEDGEMENT_REQUIRED', unacknowledged });
    expect(await edit(changed, { acknowledge: ['RELEASED_BY_APP_SERVICE'] })).toMatchObject({
      __typename: 'UpdateManifestSuccess',
    });
  });
});

describe('between releases', () => {
  it('pods are changed by hand by who acknowledges it, and how many there are by anybody (REL-17)', async () => {
    await release(null);
    const id = await makeDeployment('between');
    const wish = { id, template: { containers: [{ name: 'web', image: 'acme/web:3' }] } };
    expect(await call('updateWorkload', wish)).toMatchObject({
      unacknowledged: [{ code: 'RELEASED_BY_APP_SERVICE' }],
    });
    expect(await call('updateWorkload', { ...wish, acknowledge: ['RELEASED_BY_APP_SERVICE'] })).toMatchObject({
      __typename: 'UpdateWorkloadSuccess',
    });
    expect(await call('scaleWorkload', { id, replicas: 3 })).toMatchObject({ __typename: 'ScaleWorkloadSuccess' });
    expect(await call('restartWorkload', { id })).toMatchObject({ __typename: 'RestartWorkloadSuccess' });
    const part = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'between', namespace: 'default' } };
    expect(await apply({ ...part, spec: { replicas: 4 } })).toMatchObject({ __typename: 'ApplyManifestSuccess' });
  });

  it('a copy of a workload is nobody’s (CMP-73)', async () => {
    await release(null);
    const id = await makeDeployment('original');
    expect(await call('copyWorkload', { id, name: 'a-copy' })).toMatchObject({ __typename: 'CopyWorkloadSuccess' });
    const { store } = world.cluster;
    const copy = store.get(resourceOf(store, 'deployments'), 'default', 'a-copy');
    expect(JSON.stringify(copy)).not.toContain(serviceLabel);
  });

  it('a workload without the label is none of its business, also while a release is active', async () => {
    await release(null);
    const answer = await apply(deployment('stranger', 'acme/web:1'));
    expect(answer.__typename).toBe('ApplyManifestSuccess');
    await release(randomUUID());
    expect((await apply(deployment('stranger', 'acme/web:2'))).__typename).toBe('ApplyManifestSuccess');
  });

  it('a copy of configuration stays while a version names it (REL-34)', async () => {
    await release(null);
    const [named, unnamed] = [await make('configmaps', 'web-config-1'), await make('configmaps', 'web-config-2')];
    const versionId = randomUUID();
    const spec = { configuration: [{ kind: 'ConfigMap', name: 'web-config', snapshot: 'web-config-1' }] };
    await world.execute(
      `insert into release_versions (id, service_id, number, edit_state, spec, created_by, created_at, updated_at, version)
       select '${versionId}', id, 1, 'SUBMITTED', '${JSON.stringify(spec)}', 'ada', now(), now(), 1 from release_app_services where name = 'web'`,
    );
    expect(await call('deleteConfigMap', { id: named })).toMatchObject({ __typename: 'InUseError' });
    expect(await call('deleteObject', { id: named })).toMatchObject({ __typename: 'InUseError' });
    expect(await call('deleteConfigMap', { id: unnamed })).toMatchObject({ __typename: 'DeleteConfigMapSuccess' });
  });
});

describe('a console', () => {
  it('is told that nothing can be done to the workload now (CMP-71, REL-17)', async () => {
    await release(null);
    const id = await makeDeployment('told');
    const states = async () => {
      const { data } = await gateway.query<{ node: { operationStates: readonly { reason: string | null }[] } }>(
        'query ($id: ID!) { node(id: $id) { ... on Workload { operationStates(only: [EDIT, SCALE, DELETE]) { reason } } } }',
        { id },
        { token },
      );
      return data?.node.operationStates.map(({ reason }) => reason);
    };
    expect(await states()).toEqual([null, null, null]);
    await release(randomUUID());
    expect(await states()).toEqual(['RELEASE_ACTIVE', 'RELEASE_ACTIVE', 'RELEASE_ACTIVE']);
  });

  it('deletes a namespace with a running release only knowingly (CMP-35)', async () => {
    await release(randomUUID());
    const input = { cluster: 'main', name: 'default', confirm: 'default' };
    expect(await call('deleteNamespace', input)).toMatchObject({ unacknowledged: [{ code: 'IN_USE' }] });
  });
});
