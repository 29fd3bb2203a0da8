import { randomUUID } from 'node:crypto';
import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import type { PermissionRule } from '../../../src/access/permission-rule.ts';
import { workspaceLabel } from '../../../src/access/workspace-kinds.ts';
import { clusters as registeredClusters } from '../../../src/data/tables.ts';
import { loadEngines } from '../../../src/embedded/engines/load-engines.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../../src/embedded/start-embedded-cluster.ts';
import type { ClusterStore } from '../../../src/embedded/store/types.ts';
import { encodeGlobalId } from '../../../src/graph/global-id.ts';
import type { RootField, SchemaRegistry } from '../../../src/graph/schema/schema-registry.ts';
import { createManualClock, type ManualClock } from '../../../src/kernel/manual-clock.ts';
import { type KindRef, subjectOf } from '../../../src/kube/kind-ref.ts';
import { startTestGateway, type TestGateway } from '../../../src/testing.ts';
import { ask } from '../../support/ask.ts';
import { kubeconfigFile } from '../../support/kubeconfig-file.ts';
import { until } from '../../support/until.ts';
import { exemplarBody, exemplarLabels } from './exemplars.ts';
import { makeAlarmRows, makeApplicationRow, makeAppServiceRow } from './make-applications.ts';
import { makeLogStoreRow } from './make-log-stores.ts';
import { makeReleaseOrderRow } from './make-release-orders.ts';
import { makeStackRow } from './make-stacks.ts';
import { makeTemplateRow } from './make-templates.ts';
import { makeTenants, regionOfWorld, regionSettings, type Tenants } from './make-tenants.ts';
import { disabledTokenSettings, makeUserRow } from './make-users.ts';
import { createOracle, type Oracle, type Place } from './oracle.ts';
import { allCallers, type Caller, callerNamed, roleSettings, tokenSettings } from './principals.ts';

export type Position = 'own' | 'other namespace' | 'other cluster' | 'missing' | 'missing elsewhere' | 'deleted';

/** A thing that cells are asked about. */
export interface Thing extends Place {
  readonly position: Position;
  readonly kind: KindRef | undefined;
  readonly cluster: string;
  readonly name: string;
  /** Global id; undefined for what is no Node. */
  readonly id: string | undefined;
  readonly exists: boolean;
  /** Text that no request contains: where it shows, the thing was seen. Undefined for what is not there. */
  readonly mark: string | undefined;
  /** What an operation acted on; for records alone. */
  readonly target?: { readonly name: string; readonly id: string };
  /** The application that an alarm policy is about, or an app service of, which is there wherever that would be. */
  readonly applicationId?: string;
}

export interface World extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly clusters: { readonly alpha: EmbeddedCluster; readonly beta: EmbeddedCluster };
  readonly clock: ManualClock;
  readonly schema: GraphQLSchema;
  readonly registry: SchemaRegistry;
  readonly rootFields: readonly RootField[];
  readonly rules: readonly PermissionRule[];
  readonly oracle: Oracle;
  readonly callers: readonly Caller[];
  readonly admin: Caller;
  /** Things by subject. */
  readonly things: ReadonlyMap<string, readonly Thing[]>;
  /** Subjects of rules and root fields that the clusters do not serve. */
  readonly unserved: readonly string[];
}

/** Besides the kinds that root fields name: some that developers may read without a type of their own, some that they may not. */
const furtherSubjects = [
  'core/ServiceAccount',
  'core/PersistentVolume',
  'storage.k8s.io/StorageClass',
  'rbac.authorization.k8s.io/Role',
];

/**
 * Two clusters with the same namespaces and the same kinds of things in them, whose time stands still, and a gateway
 * whose callers all need tokens.
 */
export async function startWorld(): Promise<World> {
  const stack = new AsyncDisposableStack();
  try {
    const clock = createManualClock(Date.now());
    // Networks and clusters without their controllers: what is made stays as it is.
    const still = (await loadEngines(['kube-ovn', 'gateway-api', 'cluster-api'])).map((engine) => ({
      ...engine,
      createControllers: () => [],
    }));
    const engines = [...(await loadEngines(['volume-snapshot'])), ...still];
    const shared = { sample: 'shop', clock, speed: 1, engines } as const;
    const alpha = stack.use(await startEmbeddedCluster({ name: 'alpha', ...shared }));
    const beta = stack.use(await startEmbeddedCluster({ name: 'beta', ...shared }));
    const files = { alpha: stack.use(await kubeconfigFile(alpha)), beta: stack.use(await kubeconfigFile(beta)) };
    const gateway = stack.use(
      await startTestGateway({
        settings: {
          embedded: { enabled: false },
          pluginSettings: { core: { regions: [regionSettings] } },
          tokens: [...tokenSettings, ...disabledTokenSettings],
          roles: roleSettings,
          clusters: ['alpha', 'beta'].map((name) => ({
            name,
            kubeconfig: files[name as 'alpha'].path,
          })),
          limits: {
            aliases: 1_000,
            tokens: 100_000,
            cost: 10_000_000,
            bodyBytes: 8_388_608,
            inFlight: 10_000,
            inFlightPerPrincipal: 10_000,
            subscriptionsPerSocket: 1_000,
          },
        },
      }),
    );
    const { services, rooms } = gateway.gateway;
    const { registry, permissions } = services;
    const rules = permissions.rules.map(({ rule }) => rule);
    const rootFields = [...registry.rootFields.values()];
    const adminToken = rooms.signIn.adminToken;
    if (adminToken === undefined) throw new Error('dev tokens are on: nobody would be refused');
    const callers = allCallers(adminToken);
    const admin = callerNamed(callers, 'admin');

    const subjects = new Set([
      ...[...registry.kinds.keys()],
      ...rootFields.flatMap(({ guard }) => ('subjects' in guard ? guard.subjects : [])),
      ...furtherSubjects,
    ]);
    const things = new Map<string, Thing[]>();
    const unserved: string[] = [];
    const cluster = rooms.clusters.get('alpha');
    if (!cluster) throw new Error('cluster alpha is not there');
    for (const { store } of [alpha, beta]) {
      store.create(store.resource('', 'namespaces'), {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'team-b' },
      });
    }
    // The pods of the sample start, and their logs have lines; after this nothing moves any more.
    clock.advance(90_000);
    const ofWorkspaces = new Set(
      gateway.gateway.foundation.plugins
        .manifests()
        .flatMap(({ workspaceKinds = [] }) => workspaceKinds.map(({ kind }) => subjectOf(kind))),
    );
    for (const subject of subjects) {
      if (rowThings[subject] || ofWorkspaces.has(subject)) continue;
      const [group = '', kindName = ''] = subject.split('/');
      const kind = await cluster.resolveGroupKind(group === 'core' ? '' : group, kindName);
      if (kind) things.set(subject, kubernetesThings(subject, kind, { alpha, beta }, clock));
      else unserved.push(subject);
    }
    clock.advance(90_000);
    for (const [subject, list] of things)
      things.set(
        subject,
        list.map((thing) => withMark(thing, { alpha, beta })),
      );
    await untilSeen(gateway, admin, things);
    const tenants = await makeTenants(gateway, admin);
    for (const subject of ofWorkspaces) {
      const [group = '', kindName = ''] = subject.split('/');
      const kind = await cluster.resolveGroupKind(group, kindName);
      if (!kind) throw new Error(`the world serves no ${subject}`);
      const made = kubernetesThings(subject, kind, { alpha, beta }, clock, tenants);
      things.set(
        subject,
        made.map((thing) => withMark(thing, { alpha, beta })),
      );
    }
    // What was done before somebody had the namespace is none of theirs.
    await makeRecords(gateway, admin, things);
    for (const subject of subjects) {
      const make = rowThings[subject];
      if (make) things.set(subject, await make({ gateway, admin, subject, tenants }));
    }
    await untilSeen(gateway, admin, things);

    const asked = { token: admin.token ?? null };
    const introspection = await ask<IntrospectionQuery, object>(gateway, getIntrospectionQuery(), {}, asked);
    const schema = buildClientSchema(introspection);
    const disposal = stack.move();
    return {
      gateway,
      clusters: { alpha, beta },
      clock,
      schema,
      registry,
      rootFields,
      rules,
      oracle: createOracle(rules),
      callers,
      admin,
      things,
      unserved,
      [Symbol.asyncDispose]: () => disposal.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

const places: readonly (readonly [Position, 'alpha' | 'beta', string, string])[] = [
  ['own', 'alpha', 'shop', 'mxown'],
  ['other namespace', 'alpha', 'team-b', 'mxhidden'],
  ['other cluster', 'beta', 'shop', 'mxafar'],
  ['missing', 'alpha', 'shop', 'mxmissing'],
  ['missing elsewhere', 'alpha', 'team-b', 'mxnowhere'],
  ['deleted', 'alpha', 'shop', 'mxdeleted'],
];

/** A Secret that a developer of the namespace may see, and may neither open nor write. */
const keyToTheCluster: (typeof places)[number] = ['own', 'alpha', 'shop', 'mxkey'];

function kubernetesThings(
  subject: string,
  kind: KindRef,
  clusters: Readonly<Record<'alpha' | 'beta', EmbeddedCluster>>,
  clock: ManualClock,
  tenants?: Tenants,
): Thing[] {
  const ofKind = subject === 'core/Secret' ? [...places, keyToTheCluster] : places;
  return ofKind.map((place) => {
    const [position, cluster, shop, plainName] = place;
    const facts =
      subject === 'core/Secret' ? { type: place === keyToTheCluster ? 'helm.sh/release.v1' : 'Opaque' } : {};
    const workspace = tenants?.[workspaceAt[position]]?.['core/Workspace'];
    const { store } = clusters[cluster];
    const resource = store.resource(kind.group, kind.plural);
    const namespace = kind.isNamespaced ? shop : undefined;
    const exists = position === 'own' || position.startsWith('other');
    const isNamespace = subject === 'core/Namespace';
    const own = isNamespace ? shop : subject === 'core/Node' ? nodeName(store, position) : undefined;
    const name = exists && own !== undefined ? own : `${plainName}-${kind.kind.toLowerCase()}`;
    const isThere = store.get(resource, namespace, name) !== undefined;
    if (!isThere && (exists || position === 'deleted')) {
      const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
      const marker = `marker-${randomUUID()}`;
      const metadata = {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        annotations: { 'matrix.test/marker': marker },
        ...exemplarLabels[subject],
        ...(workspace ? { labels: { [workspaceLabel]: workspace.tenants[0]?.split('/')[1] ?? '' } } : {}),
      };
      try {
        store.create(resource, {
          apiVersion,
          kind: kind.kind,
          metadata,
          ...exemplarBody(subject, namespace, marker),
          ...facts,
        });
      } catch (error) {
        throw new Error(`Add an exemplar of ${subject} to exemplars.ts: ${String(error)}`, { cause: error });
      }
      if (position === 'deleted') {
        store.delete(resource, namespace, name, { gracePeriodSeconds: 0 });
        clock.advance(60_000);
      }
    }
    return {
      position,
      subject,
      kind,
      cluster,
      // A Namespace lies in itself.
      namespace: isNamespace ? name : namespace,
      name,
      id: encodeGlobalId({ of: 'kubernetes', cluster, group: kind.group, kind: kind.kind, namespace, name }),
      exists,
      mark: undefined,
      facts,
      ...(workspace ? { tenants: workspace.tenants } : {}),
    };
  });
}

/** Whose something in no namespace is, or was, or would be. */
const workspaceAt: Readonly<Record<Position, 'own' | 'other namespace' | 'other cluster'>> = {
  own: 'own',
  missing: 'own',
  deleted: 'own',
  'other namespace': 'other namespace',
  'missing elsewhere': 'other namespace',
  'other cluster': 'other cluster',
};

function nodeName(store: ClusterStore, position: Position): string | undefined {
  const names = store.list(store.resource('', 'nodes')).map(({ metadata }) => metadata.name);
  return names.sort()[position === 'own' ? 0 : 1];
}

/** The uid is written by the cluster: no request names it, so whoever shows it has read the object. */
function withMark(thing: Thing, clusters: Readonly<Record<string, EmbeddedCluster>>): Thing {
  if (!thing.kind) return thing;
  const store = clusters[thing.cluster]?.store;
  const namespace = thing.kind.isNamespaced ? thing.namespace : undefined;
  const found = store?.get(store.resource(thing.kind.group, thing.kind.plural), namespace, thing.name);
  if ((found !== undefined) !== thing.exists) {
    throw new Error(
      `${thing.subject} '${thing.name}' should ${thing.exists ? '' : 'not '}be there (${thing.position})`,
    );
  }
  return { ...thing, mark: found?.metadata.uid };
}

const recordTargets = ['own', 'other namespace', 'other cluster'] as const;

/** One real operation in each place, done by the administrator. */
async function makeRecords(gateway: TestGateway, admin: Caller, things: ReadonlyMap<string, readonly Thing[]>) {
  for (const position of recordTargets) {
    const deployment = things.get('apps/Deployment')?.find((thing) => thing.position === position);
    if (!deployment) throw new Error('there is no Deployment to scale');
    const answer = await ask<{ scaleWorkload: { __typename: string } }, object>(
      gateway,
      `mutation ($id: ID!) { scaleWorkload(input: { id: $id, replicas: 0 }) { __typename ... on Error { message } } }`,
      { id: deployment.id },
      { token: admin.token ?? null },
    );
    if (answer.scaleWorkload.__typename !== 'ScaleWorkloadSuccess') throw new Error(JSON.stringify(answer));
  }
}

interface RowSource {
  readonly gateway: TestGateway;
  readonly admin: Caller;
  readonly subject: string;
  readonly tenants: Tenants;
}

/** Subjects that are no kinds of a cluster. A new one needs a line here; without it the world does not start. */
const rowThings: Readonly<Record<string, (source: RowSource) => Promise<Thing[]>>> = {
  'compute/Application': applicationThings,
  'compute/LogStore': (source) => thingsOfProjects(makeLogStoreRow, source),
  'release/OrchestrationTemplate': (source) => thingsOfProjects(makeTemplateRow, source),
  'release/Stack': (source) => thingsOfProjects(makeStackRow, source),
  'compute/AlarmPolicy': (source) => alarmThings('AlarmPolicy', source),
  'compute/Alarm': (source) => alarmThings('Alarm', source),
  'release/AppService': appServiceThings,
  'release/ReleaseOrder': releaseOrderThings,
  'core/OperationRecord': operationThings,
  'core/EventWebhook': userThings,
  'core/ServiceToken': userThings,
  'core/Session': userThings,
  'core/User': userThings,
  'core/Workspace': async ({ tenants }) => tenantThings('core/Workspace', tenants),
  'core/Project': async ({ tenants }) => tenantThings('core/Project', tenants),
  'core/Department': async ({ tenants }) => tenantThings('core/Department', tenants),
  'core/Region': async ({ subject }) =>
    places.map(([position, , , plainName]) => {
      const exists = position === 'own' || position.startsWith('other');
      const name = exists ? regionOfWorld : `${plainName}-region`;
      const mark = exists ? regionSettings.displayName : undefined;
      return {
        subject,
        kind: undefined,
        namespace: undefined,
        cluster: '',
        position,
        name,
        id: undefined,
        exists,
        mark,
      };
    }),
  'core/Cluster': async ({ subject }) => {
    const row = { subject, kind: undefined, namespace: undefined };
    const names = { own: 'alpha', 'other namespace': 'alpha', 'other cluster': 'beta' } as const;
    return places.map(([position, , , plainName]) => {
      const known = position in names ? names[position as keyof typeof names] : undefined;
      const name = known ?? `${plainName}-cluster`;
      return { ...row, position, cluster: name, name, id: undefined, exists: known !== undefined, mark: known };
    });
  },
  'core/ClusterRegistration': registrationThings,
  // About the gateway itself: there is one, and it has no place.
  'core/Diagnosis': async ({ subject }) =>
    places.map(([position, cluster]) => ({
      subject,
      kind: undefined,
      namespace: undefined,
      cluster,
      position,
      name: 'diagnosis',
      id: undefined,
      exists: true,
      mark: undefined,
    })),
  'core/Plugin': async ({ subject }) =>
    places.map(([position, , , plainName]) => {
      const exists = position === 'own' || position.startsWith('other');
      const name = exists ? 'core' : `${plainName}-plugin`;
      return {
        subject,
        kind: undefined,
        namespace: undefined,
        cluster: 'alpha',
        position,
        name,
        id: undefined,
        exists,
        mark: exists ? '"core"' : undefined,
      };
    }),
};

/** One of the place's namespace in each place. */
async function applicationThings({ gateway, admin, subject }: RowSource): Promise<Thing[]> {
  const made: Thing[] = [];
  for (const [position, cluster, namespace, plainName] of places) {
    const exists = position === 'own' || position.startsWith('other');
    const row = await makeApplicationRow(gateway, admin.token ?? '', { cluster, namespace, plainName }, exists);
    made.push({ position, subject, kind: undefined, cluster, namespace, exists, ...row });
  }
  return made;
}

/** One of the place's namespace in each place. */
async function appServiceThings({ gateway, admin, subject }: RowSource): Promise<Thing[]> {
  const made: Thing[] = [];
  for (const [position, cluster, namespace, plainName] of places) {
    const exists = position === 'own' || position.startsWith('other');
    const row = await makeAppServiceRow(gateway, admin.token ?? '', { cluster, namespace, plainName }, exists);
    made.push({ position, subject, kind: undefined, cluster, namespace, exists, ...row });
  }
  return made;
}

/** One of the place's namespace in each place. */
async function releaseOrderThings({ gateway, subject }: RowSource): Promise<Thing[]> {
  const made: Thing[] = [];
  for (const [position, cluster, namespace, plainName] of places) {
    const exists = position === 'own' || position.startsWith('other');
    const thing = { position, subject, kind: undefined, cluster, namespace, exists };
    made.push({ ...thing, ...(await makeReleaseOrderRow(gateway, { cluster, namespace, plainName }, exists)) });
  }
  return made;
}

/** One of the place's project in each place; where there is none, its project is that of the place all the same. */
async function thingsOfProjects(
  make: typeof makeLogStoreRow,
  { gateway, admin, subject, tenants }: RowSource,
): Promise<Thing[]> {
  const projectOf = { missing: 'own', 'missing elsewhere': 'other namespace', deleted: 'own' } as const;
  const made: Thing[] = [];
  for (const [position, cluster, , plainName] of places) {
    const exists = position === 'own' || position.startsWith('other');
    const of = position in projectOf ? projectOf[position as keyof typeof projectOf] : position;
    const project = tenants[of]?.['core/Project'];
    if (!project) throw new Error(`there is no project in '${of}'`);
    const row = await make(gateway, admin.token ?? '', project.id, plainName, exists);
    const place = { cluster, namespace: undefined, tenants: project.tenants };
    made.push({ position, subject, kind: undefined, exists, ...place, ...row });
  }
  return made;
}

/** About an application of the place's namespace, in each place. */
async function alarmThings(type: 'AlarmPolicy' | 'Alarm', { gateway, admin, subject }: RowSource): Promise<Thing[]> {
  const made: Thing[] = [];
  for (const [position, cluster, namespace, plainName] of places) {
    const exists = position === 'own' || position.startsWith('other');
    const place = { cluster, namespace, plainName: `${plainName}-${type.toLowerCase()}` };
    const { [type]: row } = await makeAlarmRows(gateway, admin.token ?? '', place, exists);
    made.push({ position, subject, kind: undefined, cluster, namespace, exists, ...row });
  }
  return made;
}

/** What is kept of who signs in: it lies in no cluster. */
async function userThings({ gateway, admin, subject }: RowSource): Promise<Thing[]> {
  const made: Thing[] = [];
  for (const [position] of places) {
    const exists = position === 'own' || position.startsWith('other');
    const row = await makeUserRow[subject]?.(gateway, admin.token ?? '', position, exists);
    if (!row) throw new Error(`nobody makes a ${subject}`);
    made.push({ position, subject, kind: undefined, cluster: '', namespace: undefined, exists, ...row });
  }
  return made;
}

/**
 * One of each cluster of the settings, which are served as these say: what is registered beside them would be a cluster more in
 * every list.
 */
async function registrationThings({ gateway, subject }: RowSource): Promise<Thing[]> {
  const { rooms, foundation } = gateway.gateway;
  const rows = ['alpha', 'beta'].map((name) => ({
    id: randomUUID(),
    name,
    server: `https://marker-${randomUUID()}.example`,
  }));
  await foundation.database.db.insert(registeredClusters).values(
    rows.map((row) => ({
      ...row,
      description: '',
      sealedKubeconfig: null,
      identity: 'gateway' as const,
      profile: null,
      namespaces: [],
      registeredBy: 'local:admin',
      registeredByName: 'admin',
      version: 1,
      createdAt: new Date(),
    })),
  );
  await foundation.database.signal('core.clusters', '');
  await until(async () => {
    if (rooms.clusterRegistry.all.size < 2) throw new Error('the registrations are not known yet');
  });
  return places.map(([position, , , plainName]) => {
    const exists = position === 'own' || position.startsWith('other');
    const row = exists ? rows[position === 'other cluster' ? 1 : 0] : undefined;
    const name = row?.name ?? `${plainName}-cluster`;
    const id = encodeGlobalId({ of: 'row', plugin: 'core', type: 'ClusterRegistration', key: row?.id ?? randomUUID() });
    return {
      subject,
      kind: undefined,
      namespace: undefined,
      position,
      cluster: name,
      name,
      id,
      exists,
      mark: row?.server,
    };
  });
}

/** One tenant of each kind per place; it has the place's namespace. */
function tenantThings(subject: 'core/Workspace' | 'core/Project' | 'core/Department', tenants: Tenants): Thing[] {
  return places.map(([position, cluster, namespace, plainName]) => {
    const type = subject.slice('core/'.length);
    const made = tenants[position]?.[subject];
    const key = randomUUID();
    return {
      position,
      subject,
      kind: undefined,
      cluster,
      namespace,
      name: made?.identifier ?? `${plainName}-${type.toLowerCase()}`,
      id: made?.id ?? encodeGlobalId({ of: 'row', plugin: 'core', type, key }),
      exists: made !== undefined && position !== 'deleted',
      mark: position === 'deleted' ? undefined : made?.displayName,
      tenants: made?.tenants ?? [`${type.toLowerCase()}/${key}`],
    };
  });
}

async function operationThings({ gateway, admin, subject, tenants }: RowSource): Promise<Thing[]> {
  const { operationRecords } = await ask<
    {
      operationRecords: {
        nodes: {
          id: string;
          requestId: string;
          target: { id: string; cluster: string; namespace: string; name: string };
        }[];
      };
    },
    object
  >(
    gateway,
    '{ operationRecords { nodes { id requestId target { id cluster namespace name } } } }',
    {},
    { token: admin.token ?? null },
  );
  return places.map(([position, cluster, namespace, plainName]) => {
    const row = operationRecords.nodes.find(
      ({ target }) =>
        target.cluster === cluster && target.namespace === namespace && recordTargets.includes(position as 'own'),
    );
    const key = randomUUID();
    return {
      position,
      subject,
      kind: undefined,
      cluster,
      namespace,
      owner: 'local:admin',
      tenants: row === undefined ? [] : (tenants[position]?.['core/Project']?.tenants ?? []),
      name: plainName,
      id: row?.id ?? encodeGlobalId({ of: 'row', plugin: 'core', type: 'OperationRecord', key }),
      exists: row !== undefined,
      mark: row?.requestId,
      target: row?.target ?? { name: plainName, id: key },
    };
  });
}

/** The gateway's caches have seen all of it: from here on an answer is final. */
async function untilSeen(gateway: TestGateway, admin: Caller, things: ReadonlyMap<string, readonly Thing[]>) {
  const all = [...things.values()].flat().filter((thing) => thing.kind);
  await until(async () => {
    for (const isThere of [true, false]) {
      const ids = all.flatMap(({ id, exists }) => (id !== undefined && exists === isThere ? [id] : []));
      for (let from = 0; from < ids.length; from += 100) {
        const { nodes } = await ask<{ nodes: (object | null)[] }, object>(
          gateway,
          'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
          { ids: ids.slice(from, from + 100) },
          { token: admin.token ?? null },
        );
        const wrong = nodes.findIndex((node) => (node !== null) !== isThere);
        if (wrong !== -1)
          throw new Error(`not yet: ${JSON.stringify(all.find((thing) => thing.id === ids[from + wrong]))}`);
      }
    }
  });
}
