import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Caller } from './principals.ts';
import type { Thing, World } from './world.ts';

/** A field that asks for more than that its object may be read. */
export interface GuardedField {
  /** `Secret.value` */
  readonly name: string;
  /** The subjects it is asked of. */
  readonly subjects: readonly string[];
  /** What is selected from the object's node. */
  readonly selection: string;
  /** Whether a caller who may read the object may have it. */
  readonly mayHave: (world: World, caller: Caller, thing: Thing) => boolean;
  /** Whether the answer's JSON has it. */
  readonly isShown: (text: string) => boolean;
}

export const guardedFields: readonly GuardedField[] = [
  {
    name: 'Secret.value',
    subjects: ['core/Secret'],
    selection: '... on Secret { value(key: "key") }',
    mayHave: ({ oracle }, caller, thing) => oracle.may(caller, 'READ_SECRET_VALUE', thing),
    isShown: (text) => text.includes('"value":"marker-'),
  },
  ...(['Workspace', 'Project'] as const).map(
    (type): GuardedField => ({
      name: `${type}.members`,
      subjects: [`core/${type}`],
      selection: `... on ${type} { members(first: 1) { totalCount nodes { name } } }`,
      mayHave: ({ oracle }, caller, thing) => oracle.may(caller, 'READ_MEMBERS', thing),
      isShown: (text) => /"totalCount":[1-9]/.test(text),
    }),
  ),
  {
    name: 'KubernetesObject.yaml and .json',
    subjects: [
      'core/ConfigMap',
      'core/Pod',
      'apps/Deployment',
      'core/Secret',
      'core/Node',
      'rbac.authorization.k8s.io/Role',
    ],
    selection: '... on KubernetesObject { yaml json(pointer: "/metadata") }',
    mayHave: () => true,
    isShown: (text) => text.includes('"yaml":"'),
  },
];

/**
 * Where the plugins' schemas ask for rights themselves, and how often. A new place fails the build until it stands here:
 * either it asks for no more than READ of what it shows, or it has a row above.
 */
export const placesThatAsk: Readonly<Record<string, { readonly asks: number; readonly provedBy: string }>> = {
  'compute/schema/alarms/alarm-roots.ts': { asks: 1, provedBy: 'the cells of alarmChanges' },
  'compute/schema/alarms/alarm-types.ts': { asks: 1, provedBy: 'plugins/compute/alarms.test.ts' },
  'compute/schema/alarms/load-alarms.ts': { asks: 3, provedBy: 'the cells of alarms and their policies' },
  'compute/schema/applications/add-workloads.ts': { asks: 2, provedBy: 'plugins/compute/applications.test.ts' },
  'compute/schema/applications/application.ts': { asks: 1, provedBy: 'the cells of applicationChanges' },
  'compute/schema/applications/do-to-workloads.ts': { asks: 1, provedBy: 'what is done to one workload' },
  'compute/schema/applications/load-applications.ts': { asks: 1, provedBy: 'the cells of applications' },
  'compute/schema/form/plan-if-allowed.ts': {
    asks: 1,
    provedBy: 'the cells of createWorkload: the maker asks the same',
  },
  'compute/schema/kubeconfigs/register-kubeconfigs.ts': { asks: 3, provedBy: 'plugins/compute/kubeconfigs.test.ts' },
  'compute/schema/log-files/log-file-site.ts': {
    asks: 2,
    provedBy: 'the cells of logFiles, and READ_LOGS without EXEC in test/e2e/log-files.test.ts',
  },
  'compute/schema/log-stores/load-log-stores.ts': { asks: 2, provedBy: 'the cells of logStores' },
  'compute/schema/managed-clusters/create-managed-cluster.ts': {
    asks: 1,
    provedBy: 'the cells of createManagedCluster: the maker asks the same',
  },
  'compute/schema/managed-clusters/load-managed-cluster.ts': { asks: 1, provedBy: 'the cells of deleteManagedCluster' },
  'compute/schema/metrics/control-plane.ts': { asks: 1, provedBy: 'test/e2e/metrics-over-time.test.ts' },
  'compute/schema/metrics/indicators.ts': { asks: 2, provedBy: 'test/e2e/metrics-over-time.test.ts' },
  'compute/schema/metrics/usage-over-time.ts': { asks: 2, provedBy: 'test/e2e/metrics-over-time.test.ts' },
  'compute/schema/nodes/node-drain.ts': { asks: 1, provedBy: 'plugins/compute/node-drains.test.ts' },
  'compute/schema/overview/cluster-overview.ts': { asks: 1, provedBy: 'plugins/compute/cluster-overview.test.ts' },
  'compute/schema/pod-log-lines.ts': { asks: 2, provedBy: 'the cells of podLogLines' },
  'compute/schema/usage.ts': { asks: 1, provedBy: 'plugins/compute/schema/pod-mutations.test.ts' },
  'compute/schema/scale-instances.ts': {
    asks: 1,
    provedBy: 'the roads of writing: more than SCALE, asked of the loaded object',
  },
  'compute/schema/workload-operation.ts': { asks: 1, provedBy: 'it shows no more than viewerCan does' },
  'compute/schema/workload-log-lines.ts': { asks: 2, provedBy: 'the cells of workloadLogLines' },
  'release/schema/stacks/change-stack.ts': { asks: 1, provedBy: 'plugins/release/stacks.test.ts' },
  'release/schema/stacks/load-stacks.ts': { asks: 2, provedBy: 'the cells of stacks' },
  'release/schema/stacks/register-stacks.ts': { asks: 1, provedBy: 'the cells of stackChanges' },
  'release/schema/templates/load-templates.ts': { asks: 2, provedBy: 'the cells of orchestrationTemplates' },
  'release/schema/templates/register-templates.ts': { asks: 1, provedBy: 'the cells of orchestrationTemplateChanges' },
  'release/schema/app-services/app-service.ts': { asks: 1, provedBy: 'the cells of appServiceChanges' },
  'release/schema/app-services/app-service-mutations.ts': {
    asks: 2,
    provedBy: 'the cells of createAppService and editAppService: the maker asks the same',
  },
  'release/schema/app-services/load-app-services.ts': { asks: 1, provedBy: 'the cells of appServices' },
  'release/schema/preflight/register-preflight.ts': { asks: 1, provedBy: 'plugins/release/preflight.test.ts' },
  'release/schema/orders/change-order.ts': { asks: 1, provedBy: 'plugins/release/release-orders.test.ts' },
  'release/schema/orders/create-release-order.ts': { asks: 1, provedBy: 'plugins/release/release-orders.test.ts' },
  'release/schema/orders/load-orders.ts': { asks: 3, provedBy: 'the cells of releaseOrder, and of app services' },
  'release/schema/orders/order-roots.ts': { asks: 1, provedBy: 'the cells of releaseOrderProgress' },
  'release/schema/orders/plan-input.ts': { asks: 1, provedBy: 'plugins/release/release-orders.test.ts' },
  'release/schema/orders/retry-release-order.ts': {
    asks: 1,
    provedBy: 'the cells of deletePod: the pod is asked about the same',
  },
  'storage/schema/files/browsed-claim.ts': {
    asks: 8,
    provedBy:
      'the cells of files and of what is done to them, and BROWSE without EXEC in test/e2e/file-browser.test.ts',
  },
  'storage/schema/files/file-browser.ts': { asks: 3, provedBy: 'the cells of openFileBrowser; the pod is read as any' },
  'storage/schema/migrations/migrate-disk.ts': { asks: 4, provedBy: 'plugins/storage/disk-migrations.test.ts' },
  'core/schema/apply-manifest.ts': { asks: 2, provedBy: 'the cells of applyManifest' },
  'core/schema/cluster.ts': { asks: 1, provedBy: 'the cells of clusterChanges' },
  'core/schema/clusters/cluster-registration.ts': { asks: 2, provedBy: 'the cells of registrations of clusters' },
  'core/schema/create-namespace.ts': { asks: 1, provedBy: 'the cells of createNamespace' },
  'core/schema/event-webhooks/event-webhook-type.ts': {
    asks: 1,
    provedBy: 'plugins/core/event-webhooks.test.ts: to who may only read it its address is not shown',
  },
  'core/schema/event-webhooks/load-event-webhooks.ts': { asks: 2, provedBy: 'the cells of eventWebhooks' },
  'core/schema/kubernetes-objects.ts': { asks: 1, provedBy: 'the cells of objectChanges' },
  'core/schema/operation-access.ts': { asks: 2, provedBy: 'the roads of records' },
  'core/schema/plugins.ts': { asks: 1, provedBy: 'Plugin.warnings below' },
  'core/schema/secret.ts': { asks: 1, provedBy: 'Secret.value' },
  'core/schema/tenancy/load-tenants.ts': { asks: 1, provedBy: 'the cells of tenants' },
  'core/schema/tenancy/member.ts': { asks: 1, provedBy: 'Workspace.members, Project.members' },
  'core/schema/tenancy/namespace-binding.ts': { asks: 1, provedBy: 'the roads of tenants' },
  'core/schema/tenancy/namespace-candidates.ts': { asks: 1, provedBy: 'the cells of its list' },
  'core/schema/tenancy/namespace-defaults.ts': { asks: 1, provedBy: 'Cluster.namespaceDefaults below' },
  'core/schema/tenancy/quota.ts': { asks: 1, provedBy: 'the roads of tenants' },
  'core/schema/tenancy/register-tenant-roots.ts': { asks: 1, provedBy: 'the cells of tenant streams' },
  'core/schema/update-manifest.ts': { asks: 2, provedBy: 'the cells of updateManifest' },
  'core/schema/users/load-users.ts': { asks: 8, provedBy: 'the cells of users, sessions and service tokens' },
  'core/schema/users/service-token.ts': { asks: 1, provedBy: 'the cells of service tokens' },
  'core/schema/validate-manifest.ts': { asks: 1, provedBy: 'the cells of validateManifest' },
  'core/schema/viewer.ts': { asks: 3, provedBy: 'what viewer tells is what mutations answer' },
  'network/schema/access/set-workload-access.ts': {
    asks: 1,
    provedBy: 'the cells of setWorkloadAccess: the maker asks the same; of Services plugins/network/access.test.ts',
  },
  'network/schema/addresses/set-address-pool.ts': { asks: 1, provedBy: 'the cells of setAddressPool' },
  'network/schema/balancers/bind-group.ts': {
    asks: 2,
    provedBy: 'network/balancers.test.ts: a group of another namespace, and one that is bound already',
  },
  'network/schema/balancers/create-load-balancer.ts': {
    asks: 1,
    provedBy: 'the cells of createLoadBalancer: the maker asks the same of the first cluster',
  },
  'network/schema/balancers/create-listener.ts': {
    asks: 1,
    provedBy: 'the cells of updateBackendGroup: the group is written as that does it',
  },
  'network/schema/groups/group-mutations.ts': { asks: 1, provedBy: 'plugins/network/vpc.test.ts' },
  'network/schema/groups/set-security-groups.ts': { asks: 1, provedBy: 'plugins/network/vpc.test.ts' },
  'network/schema/ingresses/update-ingress.ts': {
    asks: 1,
    provedBy: 'the cells of updateIngress: the maker asks the same',
  },
  'network/schema/nat/add-snat-rules.ts': { asks: 1, provedBy: 'the cells of addSnatRules' },
  'network/schema/nat/create-nat-gateway.ts': { asks: 1, provedBy: 'the cells of createNatGateway' },
  'network/schema/nat/elastic-ip-mutations.ts': { asks: 1, provedBy: 'the cells of unbindElasticIp' },
  'network/schema/nat/make-one.ts': { asks: 1, provedBy: 'the cells of createDnatRule and createElasticIp' },
  'network/schema/vpc/add-subnets.ts': { asks: 1, provedBy: 'the cells of addSubnets' },
  'network/schema/vpc/create-vpc.ts': { asks: 2, provedBy: 'the cells of createVpc' },
  'network/schema/vpc/set-subnet-namespaces.ts': { asks: 2, provedBy: 'plugins/network/vpc.test.ts' },
  'network/schema/services/update-service.ts': {
    asks: 1,
    provedBy: 'the cells of updateService: the maker asks the same',
  },
};

/** The same as the code has it. */
export function countedPlaces(): Readonly<Record<string, number>> {
  const folder = fileURLToPath(new URL('../../../plugins', import.meta.url));
  const files = globSync('*/schema/**/*.ts', { cwd: folder }).filter((path) => !path.endsWith('.test.ts'));
  const counts = files.map((path): [string, number] => {
    const text = readFileSync(join(folder, path), 'utf8');
    return [path, [...text.matchAll(/\baccess\.(allowed|requireAllowed|mayEver|readFilter|conditionsFor)\(/g)].length];
  });
  return Object.fromEntries(counts.filter(([, count]) => count > 0).sort());
}
