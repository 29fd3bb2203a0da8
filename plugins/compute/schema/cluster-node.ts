import {
  defineKubernetesList,
  enumValue,
  type FieldBuilder,
  type LongshoreBuilder,
  listKubernetesObjects,
  mapMaybe,
  named,
  origin,
  readObject,
  registerEnum,
  registerKubernetesType,
  registerList,
  registerQuery,
  relatedRows,
  relationField,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { clusterNodeTypeRef, type NodeObject, nodeKind } from '../api.ts';
import { millicoresOf, unitsOf } from '../services/amounts.ts';
import { podsOnNode } from '../services/find-pods.ts';
import {
  instanceTypeOf,
  isNodeReady,
  isNodeSchedulable,
  type NodeState,
  type NodeType,
  nodeStateOf,
  nodeTypeOf,
  regionOf,
  rolesOf,
  zoneOf,
} from '../services/node-facts.ts';
import { registerNodeCounts } from './counts/node-counts.ts';
import { resourceListRef } from './resource-list.ts';

type Address = NonNullable<NonNullable<NodeObject['status']>['addresses']>[number];
type Taint = NonNullable<NonNullable<NodeObject['spec']>['taints']>[number];

const addressRef = typeRef<Address>('NodeAddress');
const taintRef = typeRef<Taint>('NodeTaint');
const taintEffects = {
  NoSchedule: 'NO_SCHEDULE',
  PreferNoSchedule: 'PREFER_NO_SCHEDULE',
  NoExecute: 'NO_EXECUTE',
} as const;
const allow = { action: 'READ', subject: subjectOf(nodeKind) };

export function registerClusterNode(builder: LongshoreBuilder): void {
  registerNodeParts(builder);
  registerKubernetesType(builder, {
    ref: clusterNodeTypeRef,
    kind: nodeKind,
    description: 'A machine of a cluster: the Kubernetes kind Node (core/v1).',
    fields: (t) => ({
      roles: t.stringList({
        description: 'Roles as kubectl shows them, e.g. `control-plane`; mostly empty.',
        resolve: rolesOf,
      }),
      isReady: t.boolean({ description: 'Whether its condition Ready is true.', resolve: isNodeReady }),
      isSchedulable: t.boolean({
        description: 'Whether new pods may come: it is not cordoned. Taints are another matter.',
        resolve: isNodeSchedulable,
      }),
      zone: t.string({
        nullable: true,
        description: 'Failure zone, from its labels.',
        resolve: (node) => zoneOf(node) ?? null,
      }),
      region: t.string({
        nullable: true,
        description: 'Region, from its labels.',
        resolve: (node) => regionOf(node) ?? null,
      }),
      instanceType: t.string({
        nullable: true,
        description: 'Type of the machine, from its labels.',
        resolve: (node) => instanceTypeOf(node) ?? null,
      }),
      providerID: t.string({
        nullable: true,
        description: 'The machine in the words of its provider, e.g. `aws:///eu-west-1a/i-0abc`.',
        resolve: ({ spec }) => spec?.providerID ?? null,
      }),
      capacity: t.field({
        type: resourceListRef,
        description: 'All that the machine has.',
        resolve: ({ status }) => status?.capacity ?? {},
      }),
      allocatable: t.field({
        type: resourceListRef,
        description: 'What pods may have of it: the capacity without what the system keeps.',
        resolve: ({ status }) => status?.allocatable ?? {},
      }),
      addresses: t.field({
        type: [addressRef],
        description: 'Names and addresses.',
        resolve: ({ status }) => [...(status?.addresses ?? [])],
      }),
      podCIDRs: t.stringList({
        description: 'Networks from which its pods get their addresses.',
        resolve: ({ spec }) => [...(spec?.podCIDRs ?? [])],
      }),
      ...systemFields(t),
      taints: t.field({
        type: [taintRef],
        description: 'What keeps away pods that do not put up with it.',
        resolve: ({ spec }) => [...(spec?.taints ?? [])],
      }),
      pods: relationField(builder, t, {
        description: 'Pods that are bound to it, as far as you may see them.',
        of: 'Pod',
        rows: (node, context) => relatedRows(context, node[origin].cluster, (reader) => podsOnNode(reader, node)),
      }),
      podCount: t.int({
        nullable: true,
        description: 'Number of pods that are bound to it, as far as you may see them; null where it cannot be told.',
        resolve: (node, _args, context) =>
          mapMaybe(podsOnNode(context.kube(node[origin].cluster), node), (pods) => pods.length),
      }),
    }),
  });
  registerNodeRoots(builder);
}

function registerNodeRoots(builder: LongshoreBuilder): void {
  const list = defineKubernetesList(builder, {
    name: 'ClusterNode',
    node: clusterNodeTypeRef,
    plural: 'nodes',
    isNamespaced: false,
    filter: (t) => ({
      ready: t.boolean({ description: 'Whether its condition Ready is true.' }),
      types: t.field({ type: [named('NodeType')], description: 'Of one of these types.' }),
      states: t.field({ type: [named('NodeState')], description: 'In one of these states.' }),
      schedulable: t.boolean({ description: 'Whether it is not cordoned.' }),
      roles: t.stringList({ description: 'Has one of these roles.' }),
      zones: t.stringList({ description: 'In one of these zones.' }),
    }),
    matches({ ready, schedulable, roles, zones, ...input }) {
      const types = input.types as readonly NodeType[] | null | undefined;
      const states = input.states as readonly NodeState[] | null | undefined;
      return (node) => {
        if (types && !types.includes(nodeTypeOf(node))) return false;
        if (states && !states.includes(nodeStateOf(node))) return false;
        if (typeof ready === 'boolean' && isNodeReady(node) !== ready) return false;
        if (typeof schedulable === 'boolean' && isNodeSchedulable(node) !== schedulable) return false;
        if (zones && !zones.includes(zoneOf(node) ?? '')) return false;
        return !roles || rolesOf(node).some((role) => roles.includes(role));
      };
    },
    orders: {
      READY: { description: 'Those that are not ready first.', value: (node) => (isNodeReady(node) ? 1 : 0) },
      ZONE: { description: 'By zone.', value: zoneOf },
      KUBELET_VERSION: {
        description: 'By version of the kubelet, as text.',
        value: ({ status }) => status?.nodeInfo?.kubeletVersion,
      },
      CPU: {
        description: 'By CPU that pods may have.',
        value: ({ status }) => millicoresOf(status?.allocatable?.cpu),
      },
      MEMORY: {
        description: 'By memory that pods may have.',
        value: ({ status }) => unitsOf(status?.allocatable?.memory),
      },
    },
  });
  registerNodeCounts(builder, list as never);
  registerQuery(builder, {
    name: 'clusterNode',
    description: 'One node by its name; null where it is not there for you.',
    allow,
    type: clusterNodeTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      name: t.string({ required: true, description: "The node's name." }),
    }),
    resolve: ({ cluster, name }, context) => readObject(context, nodeKind, cluster, undefined, name),
  });
  registerList(builder, {
    name: 'clusterNodes',
    description: 'Nodes of all clusters that you may see.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([nodeKind], args, context),
  });
}

function systemFields(t: FieldBuilder<NodeObject>) {
  const info =
    (
      field:
        | 'kubeletVersion'
        | 'operatingSystem'
        | 'osImage'
        | 'architecture'
        | 'kernelVersion'
        | 'containerRuntimeVersion',
    ) =>
    ({ status }: NodeObject): string | null =>
      status?.nodeInfo?.[field] ?? null;
  return {
    kubeletVersion: t.string({
      nullable: true,
      description: 'Version of the kubelet, e.g. `v1.36.2`.',
      resolve: info('kubeletVersion'),
    }),
    os: t.string({
      nullable: true,
      description: 'Operating system: `linux` or `windows`.',
      resolve: info('operatingSystem'),
    }),
    osImage: t.string({
      nullable: true,
      description: 'Its distribution, e.g. `Debian GNU/Linux 13 (trixie)`.',
      resolve: info('osImage'),
    }),
    architecture: t.string({ nullable: true, description: 'Processor, e.g. `amd64`.', resolve: info('architecture') }),
    kernelVersion: t.string({ nullable: true, description: 'Version of the kernel.', resolve: info('kernelVersion') }),
    containerRuntime: t.string({
      nullable: true,
      description: 'Container runtime with its version, e.g. `containerd://2.1.4`.',
      resolve: info('containerRuntimeVersion'),
    }),
  };
}

function registerNodeParts(builder: LongshoreBuilder): void {
  builder.objectType(addressRef, {
    description: 'A name or address of a node.',
    fields: (t) => ({
      type: t.exposeString('type', {
        description: '`InternalIP`, `ExternalIP`, `Hostname`, `InternalDNS` or `ExternalDNS`.',
      }),
      address: t.exposeString('address', { description: 'The name or address.' }),
    }),
  });
  registerEnum(builder, 'TaintEffect', 'What a taint does to pods that do not put up with it.', {
    NO_SCHEDULE: 'New ones do not come.',
    PREFER_NO_SCHEDULE: 'New ones come only where there is no better place.',
    NO_EXECUTE: 'New ones do not come, and those that run have to go.',
    UNKNOWN: 'One that this version does not know.',
  });
  builder.objectType(taintRef, {
    description: 'What keeps pods away from a node.',
    fields: (t) => ({
      key: t.exposeString('key', { description: 'Its key.' }),
      value: t.string({ nullable: true, description: 'Its value.', resolve: (taint) => taint.value ?? null }),
      effect: t.field({
        type: named('TaintEffect'),
        description: 'What it does.',
        resolve: (taint) => enumValue(taintEffects, taint.effect) as never,
      }),
      rawEffect: t.exposeString('effect', { description: 'The effect as Kubernetes writes it.' }),
      addedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when; the cluster notes it for `NoExecute` only.',
        resolve: (taint) => taint.timeAdded ?? null,
      }),
    }),
  });
}
