import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { encodeGlobalId } from '../../../src/graph/global-id.ts';
import { apiVersionOf } from '../../../src/kube/kind-ref.ts';
import { exemplarBody } from './exemplars.ts';
import { releasedServiceOf } from './make-release-orders.ts';
import { memberOfAll, regionOfWorld, zoneOfWorld } from './make-tenants.ts';
import type { Thing } from './world.ts';

const tenantSubjects: ReadonlySet<string> = new Set(['core/Workspace', 'core/Project', 'core/Department']);

/** What lies in a project. */
const ofProjects: ReadonlySet<string> = new Set(['compute/LogStore', 'release/OrchestrationTemplate', 'release/Stack']);
/** Rows that lie in a namespace. */
const namespacedRows: ReadonlySet<string> = new Set([
  'compute/Application',
  'release/AppService',
  'release/ReleaseOrder',
]);

/** A value in GraphQL's own notation, or undefined where the builder has none for this thing. */
type Builder = (thing: Thing, type: GraphQLInputType) => string | undefined;

/**
 * What an argument or input field of a name means. A required one that is not here fails the matrix by its name: add
 * what it needs so that the root field is really called.
 */
const builders: Readonly<Record<string, Builder>> = {
  'Mutation.createLoadBalancer(input).instances': () => '1',
  access: ({ subject }) =>
    subject === 'core/ClusterRegistration'
      ? '{ token: { server: "https://127.0.0.1:1", token: "made-up" } }'
      : undefined,
  'Mutation.updateClusterFeatures(input).mesh': () => 'null',
  'Mutation.createClusterKubeconfig(input).namespaces': ({ name }) => `[${text(name)}]`,
  clusterClass: () => text('base'),
  nodes: (_thing, type) => (getNamedType(type).name === 'ClusterNodesInput' ? '[{ count: 1 }]' : undefined),
  'Mutation.createPersistentVolume(input).volumeHandle': ({ name }) => text(name),
  'Mutation.createAppService(input).cluster': ({ cluster }) => text(cluster),
  'Mutation.createReleaseOrder(input).services': (thing) => `[{ serviceId: ${text(releasedServiceOf(thing))} }]`,
  // It has no group that waits.
  'Mutation.confirmReleaseOrder(input).rollback': () => 'true',
  // Nothing in the world is released.
  'Query.releaseOrders(filter).serviceId': () => undefined,
  'Mutation.setWorkloadAccess(input).entries': () => '[]',
  'Mutation.setAddressPool(input).subnetId': (thing) => text(networkBeside(thing, 'Subnet')),
  'Mutation.setAddressPool(input).addresses': () => '["10.77.0.120"]',
  'Mutation.setSubnetNamespaces(input).namespaces': () => '["shop"]',
  'Mutation.updateListener(input).id': (thing) => text(listenerIdOf(thing)),
  'Mutation.deleteListener(input).id': (thing) => text(listenerIdOf(thing)),
  listenerId: (thing) => text(listenerIdOf(thing)),
  loadBalancerId: ({ id }) => (id === undefined ? undefined : text(id)),
  backendGroupId: ({ cluster, namespace, name: own }) => {
    const of = { cluster, group: 'gateway.networking.k8s.io', kind: 'TCPRoute', namespace };
    return text(encodeGlobalId({ of: 'kubernetes', ...of, name: `${own.split('-')[0]}-tcproute` }));
  },
  protocol: ({ kind }) => (kind?.kind.endsWith('Route') ? kind.kind.replace('Route', '') : 'TCP'),
  port: () => '9001',
  services: (_thing, type) =>
    getNamedType(type).name === 'BackendGroupMemberInput' ? '[{ service: "made-up", port: 80 }]' : undefined,
  cluster: ({ cluster, applicationId }) => (applicationId === undefined ? text(cluster) : undefined),
  clusters: ({ cluster }, type) => (String(type) === '[String!]!' ? `[${text(cluster)}]` : undefined),
  type: (_thing, type) => (getNamedType(type).name === 'ServiceFormType' ? 'CLUSTER_IP' : undefined),
  ports: (_thing, type) => (getNamedType(type).name === 'ServicePortInput' ? '[{ port: 80 }]' : undefined),
  applicationId: ({ applicationId }) => (applicationId === undefined ? undefined : text(applicationId)),
  namespace: ({ kind, subject, namespace }) =>
    kind?.isNamespaced || namespacedRows.has(subject) ? text(namespace) : undefined,
  namespaces: ({ kind, subject, cluster, namespace }) =>
    tenantSubjects.has(subject)
      ? `[{ cluster: ${text(cluster)}, namespace: ${text(namespace)} }]`
      : kind?.isNamespaced || subject === 'core/OperationRecord' || namespacedRows.has(subject)
        ? `[${text(namespace)}]`
        : undefined,
  name: ({ name, target }, type) => {
    const wanted = text(target?.name ?? name);
    return isInputObjectType(getNamedType(type)) ? `{ equals: ${wanted} }` : wanted;
  },
  titlePrefix: ({ name }) => text(name),
  orderId: ({ id }) => (id === undefined ? undefined : text(id)),
  pod: ({ name }) => text(name),
  podId: ({ id, subject, cluster, name }) => {
    if (subject !== 'kubeovn.io/IptablesEIP') return id === undefined ? undefined : text(id);
    // A pod beside the elastic IP.
    const prefix = name.split('-')[0] ?? '';
    const at = { namespace: prefix === 'mxhidden' ? 'team-b' : 'shop', name: `${prefix}-pod` };
    return text(encodeGlobalId({ of: 'kubernetes', cluster, group: '', kind: 'Pod', ...at }));
  },
  path: () => text('/var/log/app'),
  newPath: () => text('/var/log/other'),
  sizeBytes: (_thing, type) => (isInputObjectType(getNamedType(type)) ? undefined : '1'),
  workload: ({ id }) => (id === undefined ? undefined : text(id)),
  id: ({ id }) => (id === undefined ? undefined : text(id)),
  ids: ({ id }) => (id === undefined ? undefined : `[${text(id)}]`),
  targetId: ({ target }) => (target ? text(target.id) : undefined),
  apiVersion: ({ kind }) => (kind ? text(apiVersionOf(kind)) : undefined),
  kind: ({ kind }, type) => {
    if (!kind) return undefined;
    const named = getNamedType(type);
    if (isInputObjectType(named)) {
      const field = `${kind.kind.charAt(0).toLowerCase()}${kind.kind.slice(1)}`;
      return Object.hasOwn(named.getFields(), field) ? `{ ${field}: {} }` : undefined;
    }
    if (!isEnumType(named)) return text(kind.kind);
    const word = kind.kind.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    // What is no Kubernetes kind goes by its default.
    return named.getValue(word) ? word : undefined;
  },
  manifest: (thing) => text(manifestOf(thing)),
  resourceVersion: () => text('1'),
  confirm: ({ name }) => text(name),
  of: ({ kind }) => (kind ? (kind.isNamespaced ? 'CONFIG_MAP' : 'NAMESPACE') : undefined),
  mutation: ({ kind, subject }) =>
    kind ? text(subject === 'core/Namespace' ? 'deleteNamespace' : 'deleteObject') : undefined,
  dryRun: () => 'true',
  isBound: () => 'true',
  makeImmutable: () => 'true',
  content: (_thing, type) => (isInputObjectType(getNamedType(type)) ? '{ opaque: [] }' : text('web: {image: "web:1"}')),
  format: ({ subject }) => (subject.startsWith('release/') ? 'COMPOSE' : undefined),
  expiresAt: () => text(new Date(Date.now() + 3_600_000).toISOString()),
  principalIds: ({ subject, owner }) => (subject === 'core/Session' && owner ? `[${text(owner)}]` : undefined),
  reason: () => text('asked by the matrix'),
  replicas: () => '0',
  template: () => '{ containers: [{ name: "web", image: "nginx" }] }',
  workloads: () =>
    '[{ name: "collected", kind: { deployment: { replicas: 0 } }, template: { containers: [{ name: "web", image: "nginx" }] } }]',
  instances: ({ name }) => `[${text(`${name}-0`)}]`,
  images: () => `[{ image: "acme/main:2" }]`,
  follow: () => 'false',
  first: () => '5',
  identifier: ({ name }, type) => (isInputObjectType(getNamedType(type)) ? `{ equals: ${text(name)} }` : text(name)),
  url: () => '"https://hooks.example.com/asked"',
  subscription: () => '"subscription { operationRecordChanges(filter: { actions: [\\"nothing\\"] }) { type } }"',
  deadLetters: () => 'true',
  displayName: (_thing, type) => (isInputObjectType(getNamedType(type)) ? undefined : text('Asked for')),
  region: ({ subject }) => (subject === 'core/Workspace' ? text(regionOfWorld) : undefined),
  zones: ({ subject }) => (subject === 'core/Workspace' ? `[${text(zoneOfWorld)}]` : undefined),
  workloadIds: ({ cluster, namespace, name: own }) => {
    const name = `${own.split('-')[0]}-deployment`;
    return `[${text(encodeGlobalId({ of: 'kubernetes', cluster, group: 'apps', kind: 'Deployment', namespace, name }))}]`;
  },
  deleteWorkloads: () => 'false',
  diskId: ({ cluster, namespace, name: own }) => {
    const name = `${own.split('-')[0]}-persistentvolumeclaim`;
    const kind = { group: '', kind: 'PersistentVolumeClaim' };
    return text(encodeGlobalId({ of: 'kubernetes', cluster, ...kind, namespace, name }));
  },
  serviceId: ({ cluster, namespace, name: own }) => {
    const name = `${own.split('-')[0]}-service`;
    return text(encodeGlobalId({ of: 'kubernetes', cluster, group: '', kind: 'Service', namespace, name }));
  },
  sizeGib: () => '2',
  metric: () => 'CONTAINER_RESTARTS',
  threshold: () => '1',
  networkType: () => 'VPC',
  networkId: () => text('vpc-1'),
  version: () => '1',
  storageClass: () => text('made-up'),
  size: () => text('5Gi'),
  capacity: () => text('5Gi'),
  step: () => text('made-up'),
  projectId: ({ subject, tenants = [] }) => {
    const [, uuid] = ofProjects.has(subject)
      ? (tenants.find((each) => each.startsWith('project/')) ?? '').split('/')
      : [];
    return uuid ? text(encodeGlobalId({ of: 'row', plugin: 'core', type: 'Project', key: uuid })) : undefined;
  },
  retentionDays: () => '7',
  draftVersion: () => '1',
  workspaceId: ({ id, subject, kind, tenants = [] }) => {
    const [of, key] = kind ? (tenants[0] ?? '').split('/') : [];
    if (of === 'workspace' && key) return text(encodeGlobalId({ of: 'row', plugin: 'core', type: 'Workspace', key }));
    return id === undefined || !tenantSubjects.has(subject) ? undefined : text(id);
  },
  places: (thing) => `[{ vpcId: ${text(networkBeside(thing, 'Vpc'))} }]`,
  rules: (thing, type) =>
    getNamedType(type).name === 'SnatRuleInput'
      ? `[{ natGatewayId: ${text(thing.id)}, subnetId: ${text(networkBeside(thing, 'Subnet'))} }]`
      : undefined,
  'Mutation.createSecurityGroup(input).vpcId': (thing) => text(networkBeside(thing, 'Vpc')),
  securityGroupIds: () => '[]',
  natGatewayId: ({ id }) => (id === undefined ? undefined : text(id)),
  elasticIpId: ({ id }) => (id === undefined ? undefined : text(id)),
  bandwidthMbps: () => '1',
  cidr: () => text('10.0.0.0/16'),
  subnets: () => '[{ name: "asked", cidr: "10.0.200.0/28" }]',
  members: (_thing, type) =>
    `[{ kind: PRINCIPAL, name: ${text(memberOfAll)}${getNamedType(type).name === 'MemberInput' ? ', role: "DEVELOPER"' : ''} }]`,
};

/** A VPC or subnet that is there, of the workspace that a thing is of or would be of. */
function networkBeside({ cluster, position }: Thing, kind: 'Vpc' | 'Subnet'): string {
  const names: Partial<Record<Thing['position'], string>> = {
    'other namespace': 'mxhidden',
    'missing elsewhere': 'mxhidden',
    'other cluster': 'mxafar',
  };
  const name = `${names[position] ?? 'mxown'}-${kind.toLowerCase()}`;
  return encodeGlobalId({ of: 'kubernetes', cluster, group: 'kubeovn.io', kind, namespace: undefined, name });
}

/** The arguments of a field for a thing, as text in brackets; throws for a required one that no builder knows. */
export function argumentsFor(field: string, args: readonly GraphQLArgument[], thing: Thing): string {
  const pairs = args.flatMap((arg) => pairFor(`${field}(${arg.name})`, arg, isRequiredArgument(arg), thing));
  return pairs.length === 0 ? '' : `(${pairs.join(', ')})`;
}

function pairFor(
  where: string,
  input: GraphQLArgument | GraphQLInputField,
  isRequired: boolean,
  thing: Thing,
): readonly string[] {
  const value = valueFor(where, input, thing);
  if (value !== undefined) return [`${input.name}: ${value}`];
  if (!isRequired) return [];
  throw new Error(`The matrix cannot fill ${where}: ${String(input.type)}. Add a builder to arguments.ts`);
}

function valueFor(where: string, input: GraphQLArgument | GraphQLInputField, thing: Thing): string | undefined {
  const built = (builders[where] ?? builders[input.name])?.(thing, input.type);
  if (built !== undefined) return built;
  const named = getNamedType(input.type);
  const isList = isListType(isNonNullType(input.type) ? input.type.ofType : input.type);
  if (!isInputObjectType(named) || isList || (input.name !== 'input' && input.name !== 'filter')) return undefined;
  const pairs = Object.values(named.getFields()).flatMap((field) =>
    pairFor(`${where}.${field.name}`, field, isRequiredInputField(field), thing),
  );
  return `{ ${pairs.join(', ')} }`;
}

/** What would be applied in the thing's place; the mark of the real one is not in it. */
function manifestOf({ kind, subject, name, namespace }: Thing): string {
  if (!kind) return '';
  const place = kind.isNamespaced ? { name, namespace } : { name };
  return JSON.stringify({
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: place,
    ...exemplarBody(subject, namespace, 'applied'),
  });
}

/** The listener of a Gateway, or of the one beside a route. */
function listenerIdOf({ cluster, namespace = '', name: own }: Thing): string {
  const key = [cluster, namespace, `${own.split('-')[0]}-gateway`, 'web'].map(encodeURIComponent).join('/');
  return encodeGlobalId({ of: 'row', plugin: 'network', type: 'LoadBalancerListener', key });
}

const text = (value: string | undefined): string => JSON.stringify(value ?? '');
