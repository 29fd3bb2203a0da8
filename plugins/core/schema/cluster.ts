import {
  type Capability,
  type Cluster,
  clusterRef,
  defineList,
  type LongshoreBuilder,
  matchesText,
  registerList,
  registerQuery,
  registerSubscription,
  type StringFilter,
  typeRef,
  viewerCanField,
} from 'longshore/sdk';
import { clustersTopic } from '../api.ts';

const readCluster = { action: 'READ', subject: 'core/Cluster' } as const;

/** The clusters that this gateway serves. */
export function registerCluster(builder: LongshoreBuilder): void {
  const state = registerClusterState(builder);
  const capability = registerCapability(builder);
  builder.objectType(clusterRef, {
    description: 'A Kubernetes cluster that this gateway serves.',
    fields: (t) => ({
      name: t.exposeString('name', {
        description: 'Unique and immutable: the name in the configuration, or `embedded`.',
      }),
      version: t.string({
        nullable: true,
        description: 'Version of its API server, e.g. `v1.36.2`; null until it has answered once.',
        resolve: (cluster) => cluster.version ?? null,
      }),
      state: t.field({ type: state, description: 'Whether it answers.', resolve: (cluster) => cluster.state }),
      problem: t.string({
        nullable: true,
        description: 'What is wrong at the moment, in one sentence.',
        resolve: (cluster) => cluster.problem ?? null,
      }),
      isEmbedded: t.exposeBoolean('isEmbedded', {
        description: 'Whether it is the development cluster inside this process.',
      }),
      isImpersonated: t.boolean({
        description: 'Whether writes reach it in the caller’s own name rather than the gateway’s.',
        resolve: (cluster) => cluster.identity === 'impersonate',
      }),
      capabilities: t.field({
        type: [capability],
        description: 'What engines are there, found by API discovery, and what is missing.',
        resolve: (cluster) => [...cluster.capabilities],
      }),
      ...viewerCanField<Cluster>(t, ({ name }) => ({ subject: 'core/Cluster', cluster: name, name })),
    }),
  });
  const list = defineList(builder, {
    name: 'Cluster',
    node: clusterRef,
    plural: 'clusters',
    filter: (t) => ({
      name: t.field({ type: 'StringFilter' as never, description: 'Test of the name.' }),
      states: t.field({ type: [state], description: 'Only in these states.' }),
    }),
    matches:
      ({ name, states }) =>
      (cluster) =>
        matchesText(name as StringFilter | undefined, cluster.name) && (!states || states.includes(cluster.state)),
    orders: {
      NAME: { description: 'By name.', value: (cluster) => cluster.name },
      STATE: { description: 'By state.', value: (cluster) => cluster.state },
    },
    place: (cluster) => ({ cluster: cluster.name, namespace: '', name: '' }),
  });
  registerList(builder, {
    name: 'clusters',
    description: 'The clusters that you may see.',
    allow: readCluster,
    list,
    rows: (_args, context) => ({ items: context.clusters.all }),
  });
  registerQuery(builder, {
    name: 'cluster',
    description: 'One cluster by name; null where it is not there or not for you.',
    allow: readCluster,
    type: clusterRef,
    nullable: true,
    args: (t) => ({ name: t.string({ required: true, description: 'Its name.' }) }),
    resolve: ({ name }, context) => context.clusters.get(name) ?? null,
  });
  registerSubscription<Cluster>(builder, {
    name: 'clusterChanges',
    description: 'Clusters whose state, version or capabilities change.',
    allow: readCluster,
    itemField: 'cluster',
    itemType: clusterRef,
    itemDescription: 'The cluster as it now is.',
    isThrottled: true,
    subscribe: ({ snapshot, after, throttleMs }, context) =>
      context.services.topics.subscribe({
        topic: clustersTopic,
        matches: ({ name }) => context.access.allowed('READ', { subject: 'core/Cluster', cluster: name }),
        initial: snapshot ? () => context.clusters.all : undefined,
        after: after ?? undefined,
        throttleMs,
        keyOf: ({ name }) => name,
        signal: context.signal,
        onClose: context.onStreamClosed,
      }),
  });
}

function registerClusterState(builder: LongshoreBuilder) {
  return builder.enumType('ClusterState', {
    description: 'Whether a cluster answers.',
    values: {
      CONNECTING: { description: 'It has not answered yet since the gateway started.' },
      READY: { description: 'It answers.' },
      DEGRADED: { description: 'It answers, but something is wrong: some rows may be old.' },
      UNREACHABLE: { description: 'It does not answer; what was last known is shown.' },
    } as const,
  });
}

function registerCapability(builder: LongshoreBuilder) {
  const capability = typeRef<Capability>('Capability');
  builder.objectType(capability, {
    description: 'Something the platform can do in a cluster where an engine is installed.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'What it is called in errors, e.g. `gateway-api`.' }),
      engine: t.exposeString('engine', { description: 'The engine that provides it.' }),
      installed: t.exposeBoolean('isInstalled', { description: 'Whether the cluster serves its API.' }),
      hint: t.string({
        nullable: true,
        description: 'What would install it; null where it is there.',
        resolve: (row) => row.hint ?? null,
      }),
    }),
  });
  return capability;
}
