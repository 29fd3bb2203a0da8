import { randomUUID } from 'node:crypto';
import type { EmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { encodeGlobalId, parseGlobalId } from '../../src/graph/global-id.ts';
import { classMutationInputs } from './class-mutation-inputs.ts';
import { eventWebhookMutationInputs } from './event-webhook-mutation-inputs.ts';
import { featureMutationInputs } from './feature-mutation-inputs.ts';
import { kubeconfigMutationInputs } from './kubeconfig-mutation-inputs.ts';
import { managedClusterMutationInputs } from './managed-cluster-mutation-inputs.ts';
import { nodeMutationInputs } from './node-mutation-inputs.ts';
import { releaseMutationInputs } from './release-mutation-inputs.ts';
import { templateMutationInputs } from './template-mutation-inputs.ts';
import { until } from './until.ts';

/** What a row may use to make something for its mutation to act on. */
export interface MutationWorld {
  /** A cluster named `main` without controllers, with the namespace `default`. */
  readonly cluster: EmbeddedCluster;
  /** Calls a mutation as an administrator and answers the named fields of its success; throws for anything else. */
  mutate<T>(name: string, input: object, fields: string): Promise<T>;
  /** Runs a statement in the platform's own database. */
  execute(statement: string): Promise<unknown>;
  /** Resolves once every replica sees what has this id. */
  untilSeen(id: string): Promise<void>;
}

type Row = (world: MutationWorld) => Promise<object>;

/**
 * An input for each mutation of the schema, valid and of its own each time it is asked for: what is tested of every mutation is
 * tested with these. A mutation without a row here fails the tests by its name.
 */
export const mutationInputs: Readonly<Record<string, Row>> = {
  ...classMutationInputs,
  ...eventWebhookMutationInputs,
  ...featureMutationInputs,
  ...kubeconfigMutationInputs,
  ...nodeMutationInputs,
  ...managedClusterMutationInputs,
  ...templateMutationInputs,
  ...releaseMutationInputs,
  addMembers: async (world) => ({
    id: (await makeWorkspace(world)).id,
    members: [{ ...somebody(), role: 'DEVELOPER' }],
  }),
  removeMembers: async (world) => {
    const { id } = await makeWorkspace(world);
    const member = somebody();
    await world.mutate('addMembers', { id, members: [{ ...member, role: 'DEVELOPER' }] }, 'workspace { id }');
    return { id, members: [member] };
  },
  bindNamespaces: async (world) => ({
    id: (await makeWorkspace(world)).id,
    namespaces: [{ cluster: 'main', namespace: await makeNamespace(world) }],
  }),
  unbindNamespaces: async (world) => {
    const { id, namespace } = await makeBoundProject(world);
    return { id, namespaces: [{ cluster: 'main', namespace }] };
  },
  createAlarmPolicy: async () => newAlarmPolicy(),
  updateAlarmPolicy: async (world) => ({ ...(await makeAlarmPolicy(world)), displayName: 'Renamed' }),
  deleteAlarmPolicy: async (world) => ({ id: (await makeAlarmPolicy(world)).id }),
  deleteAlarmPolicies: async (world) => ({ ids: [(await makeAlarmPolicy(world)).id] }),
  createAppService: async (world) => newAppService(world),
  updateAppService: async (world) => {
    const { id, version } = (await makeAppService(world)).appService;
    return { id, version, description: 'Changed' };
  },
  editAppService: async (world) => ({
    id: (await makeAppService(world)).appService.id,
    draft: 'RESTORE',
    draftVersion: 1,
    scaling: { replicas: 2 },
  }),
  discardAppServiceDraft: async (world) => ({ id: (await makeAppService(world)).appService.id, draftVersion: 1 }),
  deleteAppService: async (world) => {
    const { id, name } = (await makeAppService(world)).appService;
    return { id, confirm: name };
  },
  createApplication: async () => newApplication(),
  deleteApplication: async (world) => ({ id: (await makeApplication(world)).id, deleteWorkloads: false }),
  deleteApplications: async (world) => ({
    ids: [(await makeApplication(world)).id, (await makeApplication(world)).id],
    deleteWorkloads: true,
  }),
  addApplicationWorkloads: async (world) => ({
    id: (await makeApplication(world)).id,
    workloads: [
      {
        name: nextName('added'),
        kind: { deployment: { replicas: 1 } },
        template: { containers: [{ name: 'web', image: 'nginx' }] },
      },
    ],
  }),
  linkWorkloads: async (world) => ({
    id: (await makeApplication(world)).id,
    workloadIds: [await makeObject(world, 'Deployment')],
  }),
  unlinkWorkloads: async (world) => {
    const { id, workloadId } = await makeGroup(world);
    return { id, workloadIds: [workloadId] };
  },
  startApplication: async (world) => ({ id: await makeStoppedGroup(world) }),
  startApplications: async (world) => ({ ids: [await makeStoppedGroup(world)] }),
  stopApplication: async (world) => ({ id: (await makeGroup(world)).id }),
  stopApplications: async (world) => ({ ids: [(await makeGroup(world)).id] }),
  redeployApplication: async (world) => ({ id: (await makeGroup(world)).id }),
  redeployApplications: async (world) => ({ ids: [(await makeGroup(world)).id] }),
  updateApplication: async (world) => ({ ...(await makeApplication(world)), alias: 'Renamed' }),
  createLogStore: async (world) => newLogStore(world),
  updateLogStore: async (world) => ({ ...(await makeLogStore(world)), retentionDays: 30, shards: 2 }),
  deleteLogStore: async (world) => ({ id: (await makeLogStore(world)).id }),
  registerCluster: async (world) => newRegistration(world),
  updateClusterRegistration: async (world) => {
    const { id, version } = await makeRegistration(world);
    return { id, version, description: 'Changed' };
  },
  unregisterCluster: async (world) => {
    const { id, name } = await makeRegistration(world);
    return { id, confirm: name };
  },
  createServiceToken: async () => newServiceToken(),
  revokeServiceToken: async (world) => {
    const fields = 'serviceToken { id }';
    const made = await world.mutate<{ serviceToken: { id: string } }>('createServiceToken', newServiceToken(), fields);
    return { id: made.serviceToken.id };
  },
  endSession: async (world) => ({ id: await makeSession(world) }),
  disableUser: async (world) => ({ id: await makeUser(world), reason: 'made for a test' }),
  enableUser: async (world) => ({ id: await makeUser(world) }),
  startImpersonation: async (world) => ({ id: await makeUser(world), reason: 'made for a test' }),
  createDepartment: async () => tenant('department'),
  createProject: async (world) => ({ ...tenant('project'), workspaceId: (await makeWorkspace(world)).id }),
  createWorkspace: async () => ({ ...tenant('workspace'), ...place }),
  updateDepartment: async (world) => ({ ...(await makeTenant(world, 'Department')), displayName: 'Renamed' }),
  updateProject: async (world) => ({ ...(await makeTenant(world, 'Project')), displayName: 'Renamed' }),
  updateWorkspace: async (world) => ({ ...(await makeWorkspace(world)), displayName: 'Renamed' }),
  deleteDepartment: async (world) => confirmed(await makeTenant(world, 'Department', 'identifier')),
  deleteProject: async (world) => confirmed(await makeTenant(world, 'Project', 'identifier')),
  deleteWorkspace: async (world) => confirmed(await makeWorkspace(world, 'identifier')),
  setProjectQuota: async (world) => {
    const { id, version, namespace } = await makeBoundProject(world);
    const shares = [{ cluster: 'main', namespace, quota: { pods: 2 } }];
    return { id, version, quota: { pods: 5 }, shares };
  },
  setNamespaceQuota: async (world) => {
    const { namespace } = await makeBoundProject(world);
    return { cluster: 'main', name: namespace, quota: { pods: 5 } };
  },
  createVpc: async () => newVpc(),
  addSubnets: async (world) => ({ id: (await makeVpc(world)).id, subnets: [{ name: nextName('subnet'), mask: 26 }] }),
  addSubnetsToVpcs: async (world) => ({
    ids: [(await makeVpc(world)).id, (await makeVpc(world)).id],
    subnets: [{ name: nextName('subnet') }],
  }),
  setSubnetNamespaces: async (world) => ({
    id: (await makeVpc(world)).subnetId,
    namespaces: [await makeNamespace(world)],
  }),
  setAddressPool: async (world) => ({
    subnetId: (await makeNatVpc(world)).subnetId,
    name: nextName('pool'),
    addresses: ['10.77.0.100..10.77.0.109'],
  }),
  deleteVpc: async (world) => ({ id: (await makeVpc(world)).id }),
  deleteVpcs: async (world) => ({ ids: [(await makeVpc(world)).id] }),
  deleteSubnet: async (world) => ({ id: (await makeVpc(world)).subnetId }),
  deleteSubnets: async (world) => ({ ids: [(await makeVpc(world)).subnetId] }),
  createNamespace: async () => ({ cluster: 'main', name: nextName('namespace') }),
  deleteNamespace: async (world) => {
    const name = await makeNamespace(world);
    return { cluster: 'main', name, confirm: name };
  },
  applyManifest: async () => ({
    cluster: 'main',
    manifest: JSON.stringify(objectOf('ConfigMap', nextName('applied'))),
  }),
  updateManifest: async (world) => {
    const name = nextName('edited');
    const id = await makeObject(world, 'ConfigMap', name);
    const { store } = world.cluster;
    const { resourceVersion } = store.get(store.resource('', 'configmaps'), 'default', name)?.metadata ?? {};
    return {
      id,
      resourceVersion,
      manifest: JSON.stringify({ ...objectOf('ConfigMap', name), data: { edited: 'yes' } }),
    };
  },
  downloadLog: async (world) => ({ id: await makeObject(world, 'Deployment') }),
  deleteObject: async (world) => ({ id: await makeObject(world, 'ConfigMap') }),
  deleteObjects: async (world) => ({
    ids: [await makeObject(world, 'ConfigMap'), await makeObject(world, 'Deployment')],
    confirm: '2',
  }),
  createNatGateway: async (world) => {
    const { vpcId, subnetId } = await makeNatVpc(world);
    return { name: nextName('gateway'), bandwidthMbps: 5, places: [{ vpcId, snatRules: [{ subnetId }] }] };
  },
  deleteNatGateway: async (world) => ({ id: (await makeNatGateway(world)).id }),
  deleteNatGateways: async (world) => ({ ids: [(await makeNatGateway(world)).id] }),
  addSnatRules: async (world) => {
    const { id, subnetId } = await makeNatGateway(world);
    return { rules: [{ natGatewayId: id, subnetId }] };
  },
  deleteSnatRule: async (world) => ({ id: await makeSnatRule(world) }),
  deleteSnatRules: async (world) => ({ ids: [await makeSnatRule(world)] }),
  createDnatRule: async (world) => newDnatRule(world),
  deleteDnatRule: async (world) => ({ id: await makeDnatRule(world) }),
  deleteDnatRules: async (world) => ({ ids: [await makeDnatRule(world)] }),
  createElasticIp: async (world) => ({ natGatewayId: (await makeNatGateway(world)).id, name: nextName('eip') }),
  updateElasticIp: async (world) => ({ id: await makeElasticIp(world), bandwidthMbps: 20 }),
  deleteElasticIp: async (world) => ({ id: await makeElasticIp(world) }),
  deleteElasticIps: async (world) => ({ ids: [await makeElasticIp(world)] }),
  bindElasticIp: async (world) => ({
    id: await makeElasticIp(world, '10.78.0'),
    podId: await makeRunningPod(world, { podIP: '10.78.0.20' }),
  }),
  unbindElasticIp: async (world) => {
    const input = {
      id: await makeElasticIp(world, '10.78.0'),
      podId: await makeRunningPod(world, { podIP: '10.78.0.20' }),
    };
    await world.mutate('bindElasticIp', input, 'elasticIp { id }');
    return { id: input.id };
  },
  createConfigMap: async () => ({
    cluster: 'main',
    name: nextName('config'),
    description: 'Made for a test',
    data: [{ key: 'mode', text: 'fast' }],
  }),
  updateConfigMap: async (world) => ({
    id: await makeObject(world, 'ConfigMap'),
    set: [{ key: nextName('key'), text: 'fast' }],
  }),
  // Load balancers.
  createLoadBalancer: async () => newBalancer(),
  updateLoadBalancer: async (world) => ({ id: (await makeBalancer(world)).id, displayName: 'Renamed' }),
  deleteLoadBalancer: async (world) => ({ id: (await makeBalancer(world)).id }),
  deleteLoadBalancers: async (world) => ({ ids: [(await makeBalancer(world)).id, (await makeBalancer(world)).id] }),
  createListener: async (world) => newListener(world),
  updateListener: async (world) => ({ id: (await makeListener(world)).id, port: 9100 }),
  deleteListener: async (world) => {
    const { id, groupId } = await makeListener(world);
    await world.mutate('unbindBackendGroup', { id: groupId, listenerId: id }, 'backendGroup { id }');
    return { id };
  },
  createBackendGroup: async (world) => newGroup(world),
  updateBackendGroup: async (world) => ({
    id: await makeBackendGroup(world),
    displayName: 'Renamed',
    isHealthChecked: true,
  }),
  updateBackendGroupMembers: async (world) => {
    const input = await newGroup(world);
    const { backendGroup } = await world.mutate<{ backendGroup: { id: string } }>(
      'createBackendGroup',
      input,
      'backendGroup { id }',
    );
    return { id: backendGroup.id, set: [{ ...input.services[0], weight: 7 }] };
  },
  bindBackendGroup: async (world) => {
    const { id, groupId } = await makeListener(world);
    await world.mutate('unbindBackendGroup', { id: groupId, listenerId: id }, 'backendGroup { id }');
    return { id: groupId, listenerId: id };
  },
  unbindBackendGroup: async (world) => {
    const { id, groupId } = await makeListener(world);
    return { id: groupId, listenerId: id };
  },
  deleteBackendGroup: async (world) => ({ id: await makeBackendGroup(world) }),
  deleteBackendGroups: async (world) => ({ ids: [await makeBackendGroup(world)] }),
  // Services and Ingresses.
  createService: async () => ({
    clusters: ['main'],
    namespace: 'default',
    name: nextName('served'),
    type: 'CLUSTER_IP',
    ports: [{ port: 80 }],
    selector: { labels: [{ key: 'app', value: 'thing' }] },
  }),
  setWorkloadAccess: async (world) => ({
    id: await makeObject(world, 'Deployment'),
    entries: [{ name: nextName('reached'), way: 'IN_CLUSTER', ports: [{ port: 80 }] }],
  }),
  updateService: async (world) => ({ id: await makeObject(world, 'Service'), ports: [{ port: 8080 }] }),
  setInstanceBinding: async (world) => {
    const name = nextName('one-by-one');
    const { store } = world.cluster;
    const selector = { app: name, [`bound.longshore.dev/${name}`]: 'true' };
    store.create(store.resource('', 'services'), {
      ...objectOf('Service', name),
      spec: { selector, ports: [{ port: 80 }] },
    } as never);
    const place = {
      of: 'kubernetes',
      cluster: 'main',
      group: '',
      kind: 'Service',
      namespace: 'default',
      name,
    } as const;
    const serviceId = encodeGlobalId(place);
    await world.untilSeen(serviceId);
    const id = await makeRunningPod(world, {}, selector);
    return { id, serviceId, isBound: false };
  },
  createIngress: async (world) => {
    const serviceName = nextName('led-to');
    await makeObject(world, 'Service', serviceName);
    const paths = [{ serviceName, servicePort: 80 }];
    return {
      clusters: ['main'],
      namespace: 'default',
      name: serviceName,
      rules: [{ host: `${serviceName}.example`, paths }],
    };
  },
  updateIngress: async (world) => ({ id: await makeObject(world, 'Ingress'), className: nextName('class') }),
  deleteIngress: async (world) => ({ id: await makeObject(world, 'Ingress') }),
  deleteIngresses: async (world) => ({ ids: [await makeObject(world, 'Ingress')] }),
  // VPCs by name, and security groups.
  updateVpc: async (world) => ({ id: (await makeVpc(world)).id, description: 'Changed' }),
  updateSubnet: async (world) => ({ id: (await makeVpc(world)).subnetId, description: 'Changed' }),
  createSecurityGroup: async (world) => ({ vpcId: (await makeVpc(world)).id, name: nextName('group') }),
  updateSecurityGroup: async (world) => ({
    id: await makeSecurityGroup(world),
    ingress: [{ protocol: 'TCP', address: '0.0.0.0/0', portMin: 80 }],
  }),
  deleteSecurityGroup: async (world) => ({ id: await makeSecurityGroup(world) }),
  deleteSecurityGroups: async (world) => ({ ids: [await makeSecurityGroup(world)] }),
  setSecurityGroups: async (world) => ({
    id: await makeObject(world, 'Deployment'),
    securityGroupIds: [await makeSecurityGroup(world, false)],
  }),
  // NetworkPolicies.
  createNetworkPolicy: async () => ({
    clusters: ['main'],
    namespace: 'default',
    name: nextName('policy'),
    ingress: [{ ports: [{ port: 80 }] }],
  }),
  updateNetworkPolicy: async (world) => ({ id: await makeObject(world, 'NetworkPolicy'), egress: [{}] }),
  deleteNetworkPolicy: async (world) => ({ id: await makeObject(world, 'NetworkPolicy') }),
  deleteNetworkPolicies: async (world) => ({ ids: [await makeObject(world, 'NetworkPolicy')] }),
  deleteService: async (world) => ({ id: await makeObject(world, 'Service') }),
  deleteServices: async (world) => ({ ids: [await makeObject(world, 'Service')] }),
  deleteConfigMap: async (world) => ({ id: await makeObject(world, 'ConfigMap') }),
  deleteConfigMaps: async (world) => ({ ids: [await makeObject(world, 'ConfigMap')] }),
  createDisk: async (world) => {
    makeStorageClass(world);
    return { cluster: 'main', namespace: 'default', name: nextName('disk'), sizeGib: 1 };
  },
  cloneDisk: async (world) => ({ id: await makeDisk(world), name: nextName('disk') }),
  extendDisk: async (world) => ({ id: await makeDisk(world), sizeGib: 2 }),
  migrateDisk: async (world) => ({ id: await makeDisk(world), storageClass: otherDiskClass }),
  cancelDiskMigration: async (world) => ({ id: await moveDisk(world) }),
  deleteDisk: async (world) => ({ id: await makeDisk(world) }),
  deleteDisks: async (world) => ({ ids: [await makeDisk(world)] }),
  createVolumeSnapshot: async (world) => ({ diskId: await makeDisk(world), name: nextName('snapshot') }),
  deleteVolumeSnapshot: async (world) => ({ id: await makeSnapshot(world) }),
  deleteVolumeSnapshots: async (world) => ({ ids: [await makeSnapshot(world)] }),
  updateWorkload: async (world) => ({
    id: await makeObject(world, 'Deployment'),
    template: { terminationGracePeriodSeconds: 45 },
  }),
  copyWorkload: async (world) => ({ id: await makeObject(world, 'Deployment'), name: nextName('copied') }),
  createWorkload: async () => ({
    cluster: 'main',
    namespace: 'default',
    name: nextName('formed'),
    kind: { deployment: { replicas: 1 } },
    template: { containers: [{ name: 'web', image: 'nginx' }] },
  }),
  deletePod: async (world) => ({ id: await makeObject(world, 'Pod') }),
  deletePods: async (world) => ({ ids: [await makeObject(world, 'Pod')], confirm: '1' }),
  openFileBrowser: async (world) => ({ id: await makeObject(world, 'PersistentVolumeClaim') }),
  closeFileBrowser: async (world) => {
    const id = await makeObject(world, 'PersistentVolumeClaim');
    await world.mutate('openFileBrowser', { id }, 'isJoined');
    return { id };
  },
  evictPod: async (world) => ({ id: await makeObject(world, 'Pod') }),
  evictPods: async (world) => ({ ids: [await makeObject(world, 'Pod')], confirm: '1' }),
  createSecret: async () => ({
    cluster: 'main',
    name: nextName('secret'),
    content: { registryCredentials: { address: 'registry.example', username: 'puller', password: 'made for a test' } },
  }),
  updateSecret: async (world) => ({
    id: await makeObject(world, 'Secret'),
    set: [{ key: nextName('key'), text: 'made for a test' }],
  }),
  deleteSecret: async (world) => ({ id: await makeObject(world, 'Secret') }),
  deleteSecrets: async (world) => ({ ids: [await makeObject(world, 'Secret')] }),
  scaleWorkload: async (world) => ({ id: await makeObject(world, 'Deployment'), replicas: 3 }),
  scaleWorkloads: async (world) => ({
    ids: [await makeObject(world, 'Deployment'), await makeObject(world, 'Deployment')],
    replicas: 3,
  }),
  restartWorkload: async (world) => ({ id: await makeObject(world, 'Deployment') }),
  openTerminal: async (world) => ({ id: await makeRunningPod(world) }),
  closeTerminal: async (world) => ({ id: await makeOpenTerminal(world) }),
  attachTerminal: async (world) => ({ id: await makeRunningPod(world) }),
  retryOperationStep: async (world) => ({ id: await makeFailedOperation(world), step: 'second' }),
  ignoreOperationStep: async (world) => ({ id: await makeFailedOperation(world), step: 'second' }),
  restartWorkloads: async (world) => ({ ids: [await makeObject(world, 'Deployment')] }),
  pauseWorkload: async (world) => ({ id: await makeObject(world, 'Deployment') }),
  resumeWorkload: async (world) => {
    const id = await makeObject(world, 'Deployment');
    await world.mutate('pauseWorkload', { id }, 'workload { id }');
    return { id };
  },
  stopWorkload: async (world) => ({ id: await makeObject(world, 'Deployment') }),
  stopWorkloads: async (world) => ({ ids: [await makeObject(world, 'Deployment')] }),
  startWorkload: async (world) => ({ id: await makeStopped(world) }),
  startWorkloads: async (world) => ({ ids: [await makeStopped(world), await makeStopped(world)] }),
  killWorkloadInstances: async (world) => makeTApp(world),
  startWorkloadInstances: async (world) => {
    const tapp = await makeTApp(world);
    await world.mutate('killWorkloadInstances', tapp, 'workload { id }');
    return tapp;
  },
  updateWorkloadInstances: async (world) => {
    const { id } = await makeTApp(world);
    return { id, images: [{ image: 'acme/main:2' }] };
  },
  deleteWorkload: async (world) => ({ id: await makeObject(world, 'Deployment') }),
  deleteWorkloads: async (world) => ({ ids: [await makeObject(world, 'Deployment')] }),
  updateWorkloadMetadata: async (world) => ({
    id: await makeObject(world, 'Deployment'),
    labels: [{ key: 'team', value: 'made-for-a-test' }],
  }),
  rollBackWorkload: async (world) => {
    const name = nextName('thing');
    const id = await makeObject(world, 'Deployment', name);
    await makeEarlierVersion(world, name);
    return { id, revision: 1 };
  },
};

let made = 0;

function nextName(word: string): string {
  made += 1;
  return `${word}-${made}`;
}

const place = { region: 'here', networkType: 'VPC', zones: ['a'] };
const tenant = (word: string) => ({ identifier: nextName(word), displayName: 'Made for a test' });
const somebody = () => ({ kind: 'PRINCIPAL', name: `token:${nextName('somebody')}` });

const newAlarmPolicy = () => ({
  cluster: 'main',
  displayName: nextName('alarm'),
  metric: 'CONTAINER_RESTARTS',
  threshold: 1e9,
  webhookUrl: 'https://alarms.example/hook',
});

async function makeAlarmPolicy(world: MutationWorld): Promise<{ readonly id: string; readonly version: number }> {
  const fields = 'alarmPolicy { id version }';
  const made = await world.mutate<{ alarmPolicy: { id: string; version: number } }>(
    'createAlarmPolicy',
    newAlarmPolicy(),
    fields,
  );
  return made.alarmPolicy;
}

const newApplication = () => ({ name: nextName('application'), cluster: 'main', namespace: 'default' });

async function newAppService(world: MutationWorld): Promise<object> {
  const { id: applicationId } = await makeApplication(world);
  const template = { containers: [{ name: 'web', image: 'nginx' }] };
  return { name: nextName('service'), cluster: 'main', namespace: 'default', applicationId, template };
}

async function makeAppService(
  world: MutationWorld,
): Promise<{ readonly appService: { readonly id: string; readonly name: string; readonly version: number } }> {
  return world.mutate('createAppService', await newAppService(world), 'appService { id name version }');
}

async function makeApplication(world: MutationWorld): Promise<{ readonly id: string; readonly version: number }> {
  const fields = 'application { id version }';
  const made = await world.mutate<{ application: { id: string; version: number } }>(
    'createApplication',
    newApplication(),
    fields,
  );
  await world.untilSeen(made.application.id);
  await untilObserved(world, made.application.id, 'NO_WORKLOAD');
  return made.application;
}

async function newLogStore(world: MutationWorld) {
  const fields = 'project { id }';
  const { project } = await world.mutate<{ project: { id: string } }>('createProject', tenant('project'), fields);
  return { projectId: project.id, name: nextName('store'), retentionDays: 7 };
}

async function makeLogStore(world: MutationWorld): Promise<{ readonly id: string; readonly version: number }> {
  const input = await newLogStore(world);
  const fields = 'logStore { id version }';
  return (await world.mutate<{ logStore: { id: string; version: number } }>('createLogStore', input, fields)).logStore;
}

/** The loop over applications has written down that it sees one in this state: from then on it leaves it alone. */
async function untilObserved(world: MutationWorld, id: string, state: string): Promise<void> {
  const uuid = Buffer.from(id, 'base64url').toString().split('|')[2];
  await until(async () => {
    const query = `select id from compute_applications where id = '${uuid}' and observed->>'state' = '${state}'`;
    const rows = await world.execute(query);
    if (!Array.isArray(rows) || rows.length === 0) throw new Error(`not seen as ${state} yet`);
  });
}

/** An application with a Deployment, which no controller looks after. */
async function makeGroup(world: MutationWorld) {
  const { id } = await makeApplication(world);
  const name = nextName('grouped');
  const workloadId = await makeObject(world, 'Deployment', name);
  await world.mutate('linkWorkloads', { id, workloadIds: [workloadId] }, 'application { id }');
  await untilObserved(world, id, 'PROCESSING');
  return { id, workloadId, name };
}

async function makeStoppedGroup(world: MutationWorld): Promise<string> {
  const { id, workloadId, name } = await makeGroup(world);
  await world.mutate('stopWorkload', { id: workloadId }, 'workload { id }');
  const { store } = world.cluster;
  const deployments = store.resource('apps', 'deployments');
  const found = store.get(deployments, 'default', name);
  store.updateStatus(deployments, { ...found, status: { observedGeneration: found?.metadata.generation } });
  await untilObserved(world, id, 'STOPPED');
  return id;
}

interface MadeTenant {
  readonly id: string;
  readonly version: number;
  readonly identifier?: string;
}

async function makeTenant(
  world: MutationWorld,
  type: 'Department' | 'Project' | 'Workspace',
  more = '',
): Promise<MadeTenant> {
  const field = type.toLowerCase();
  const input = { ...tenant(field), ...(type === 'Workspace' ? place : {}) };
  const success = await world.mutate<Record<string, MadeTenant>>(
    `create${type}`,
    input,
    `${field} { id version ${more} }`,
  );
  const found = success[field];
  if (!found) throw new Error(`no ${field}`);
  await world.untilSeen(found.id);
  return found;
}

const makeWorkspace = (world: MutationWorld, more = '') => makeTenant(world, 'Workspace', more);
const confirmed = ({ id, identifier }: MadeTenant) => ({ id, confirm: identifier });

async function makeBoundProject(world: MutationWorld): Promise<MadeTenant & { readonly namespace: string }> {
  const project = await makeTenant(world, 'Project');
  const namespace = await makeNamespace(world);
  const namespaces = [{ cluster: 'main', namespace }];
  await world.mutate('bindNamespaces', { id: project.id, namespaces }, 'project { id }');
  return { ...project, namespace };
}

/** A long operation whose second step has failed; no loop is there to carry it on. */
async function makeFailedOperation(world: MutationWorld): Promise<string> {
  const { operation } = await world.mutate<{ operation: { id: string } }>(
    'createDepartment',
    tenant('department'),
    'operation { id }',
  );
  const uuid = Buffer.from(operation.id, 'base64url').toString().split('|')[2];
  const step = (name: string, status: string, error: object | null) => ({
    ...{ name, status, error, isIgnored: false, attempts: 1 },
    ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:01.000Z' },
  });
  const steps = [step('first', 'SUCCESS', null), step('second', 'ERROR', { code: 'UPSTREAM', message: 'It broke.' })];
  await world.execute(
    `update core_operations set status = 'FAILED', runner = 'nobody', runner_key = '${uuid}', steps = '${JSON.stringify(steps)}' where id = '${uuid}'`,
  );
  return operation.id;
}

type Kind =
  | 'ConfigMap'
  | 'Deployment'
  | 'Ingress'
  | 'Namespace'
  | 'NetworkPolicy'
  | 'PersistentVolumeClaim'
  | 'Pod'
  | 'Secret'
  | 'Service';

const resources: Record<Kind, readonly [group: string, plural: string]> = {
  Ingress: ['networking.k8s.io', 'ingresses'],
  NetworkPolicy: ['networking.k8s.io', 'networkpolicies'],
  Service: ['', 'services'],
  ConfigMap: ['', 'configmaps'],
  Deployment: ['apps', 'deployments'],
  Namespace: ['', 'namespaces'],
  Secret: ['', 'secrets'],
  PersistentVolumeClaim: ['', 'persistentvolumeclaims'],
  Pod: ['', 'pods'],
};

async function makeNamespace(world: MutationWorld): Promise<string> {
  const name = nextName('namespace');
  await makeObject(world, 'Namespace', name);
  return name;
}

async function makeObject(world: MutationWorld, kind: Kind, name = nextName('thing')): Promise<string> {
  const [group, plural] = resources[kind];
  const { store } = world.cluster;
  store.create(store.resource(group, plural), objectOf(kind, name));
  const namespace = kind === 'Namespace' ? undefined : 'default';
  const id = encodeGlobalId({ of: 'kubernetes', cluster: 'main', group, kind, namespace, name });
  await world.untilSeen(id);
  return id;
}

const driver = 'disk.made-for-a-test';

const otherDiskClass = 'made-for-moved-disks';

/** Classes for disks and one for their snapshots. */
function makeStorageClass({ cluster: { store } }: MutationWorld): void {
  const name = 'made-for-disks';
  const classes = store.resource('storage.k8s.io', 'storageclasses');
  if (store.get(classes, undefined, name)) return;
  for (const each of [name, otherDiskClass]) {
    store.create(classes, { metadata: { name: each }, provisioner: driver, allowVolumeExpansion: true } as never);
  }
  const snapshotClasses = store.resource('snapshot.storage.k8s.io', 'volumesnapshotclasses');
  const kind = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshotClass' };
  store.create(snapshotClasses, { ...kind, metadata: { name }, driver, deletionPolicy: 'Delete' } as never);
}

/** A disk whose volume is there. */
async function makeDisk(world: MutationWorld): Promise<string> {
  makeStorageClass(world);
  const name = nextName('disk');
  const { store } = world.cluster;
  const claims = store.resource('', 'persistentvolumeclaims');
  const storage = '1Gi';
  const made = store.create(claims, {
    metadata: { name, namespace: 'default', labels: { 'longshore.dev/disk': 'ordinary' } },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'made-for-disks',
      volumeName: `volume-of-${name}`,
      resources: { requests: { storage } },
    },
  } as never);
  store.updateStatus(claims, { ...made, status: { phase: 'Bound', capacity: { storage } } } as never);
  const kind = { group: '', kind: 'PersistentVolumeClaim' };
  const id = encodeGlobalId({ of: 'kubernetes', cluster: 'main', ...kind, namespace: 'default', name });
  await world.untilSeen(id);
  // Made is not bound yet for who has seen the first state alone.
  await until(() => world.mutate('extendDisk', { id, sizeGib: 2, dryRun: true }, 'claim { id }'));
  return id;
}

/** A disk whose move waits for its snapshot, which never comes: nobody is there who would take it. */
async function moveDisk(world: MutationWorld): Promise<string> {
  const id = await makeDisk(world);
  const { operation } = await world.mutate<{ operation: { id: string } }>(
    'migrateDisk',
    { id, storageClass: otherDiskClass },
    'operation { id }',
  );
  const parsed = parseGlobalId(operation.id);
  const key = parsed?.of === 'row' ? parsed.key : '';
  // Its mark and its snapshot stand in its record: from then on it changes nothing.
  await until(async () => {
    const rows = await world.execute(`select write_count from core_operations where id = '${key}'`);
    if ((rows as { write_count: number }[])[0]?.write_count !== 2) throw new Error('it has not made its snapshot yet');
  });
  return id;
}

async function makeSnapshot(world: MutationWorld): Promise<string> {
  const input = { diskId: await makeDisk(world), name: nextName('snapshot') };
  const fields = 'volumeSnapshot { id }';
  const made = await world.mutate<{ volumeSnapshot: { id: string } }>('createVolumeSnapshot', input, fields);
  await world.untilSeen(made.volumeSnapshot.id);
  return made.volumeSnapshot.id;
}

const newBalancer = () => ({
  clusters: ['main'],
  namespace: 'default',
  name: nextName('lb'),
  className: 'embedded',
  listeners: [{ name: 'first', protocol: 'TCP', port: 9000 }],
});

async function makeBalancer(world: MutationWorld): Promise<{ readonly id: string }> {
  const input = { ...newBalancer(), listeners: [] };
  const { results } = await world.mutate<{ results: readonly { loadBalancer: { id: string } }[] }>(
    'createLoadBalancer',
    input,
    'results { loadBalancer { id } }',
  );
  const id = results[0]?.loadBalancer.id ?? '';
  await world.untilSeen(id);
  return { id };
}

async function newGroup(world: MutationWorld) {
  const service = nextName('backend');
  await makeObject(world, 'Service', service);
  return {
    cluster: 'main',
    namespace: 'default',
    name: nextName('group'),
    protocol: 'TCP',
    services: [{ service, port: 80 }],
  };
}

async function makeBackendGroup(world: MutationWorld): Promise<string> {
  const input = await newGroup(world);
  const made = await world.mutate<{ backendGroup: { id: string } }>('createBackendGroup', input, 'backendGroup { id }');
  await world.untilSeen(made.backendGroup.id);
  return made.backendGroup.id;
}

async function newListener(world: MutationWorld) {
  const backendGroupId = await makeBackendGroup(world);
  const loadBalancerId = (await makeBalancer(world)).id;
  return { loadBalancerId, backendGroupId, name: 'web', protocol: 'TCP', port: 9000 };
}

async function makeListener(world: MutationWorld): Promise<{ readonly id: string; readonly groupId: string }> {
  const input = await newListener(world);
  const { listener } = await world.mutate<{ listener: { id: string } }>('createListener', input, 'listener { id }');
  await world.untilSeen(listener.id);
  return { id: listener.id, groupId: input.backendGroupId };
}

/** A TApp with two instances, and the name of one of them. */
async function makeTApp(world: MutationWorld): Promise<{ readonly id: string; readonly instances: readonly string[] }> {
  const name = nextName('tapp');
  const { store } = world.cluster;
  const { spec } = objectOf('Deployment', name) as { spec: object };
  store.create(store.resource('apps.kruise.io', 'statefulsets'), {
    apiVersion: 'apps.kruise.io/v1beta1',
    kind: 'StatefulSet',
    metadata: { name, namespace: 'default' },
    spec: { ...spec, replicas: 2, serviceName: name, podManagementPolicy: 'Parallel' },
  } as never);
  const kind = { group: 'apps.kruise.io', kind: 'StatefulSet' };
  const id = encodeGlobalId({ of: 'kubernetes', cluster: 'main', ...kind, namespace: 'default', name });
  await world.untilSeen(id);
  return { id, instances: [`${name}-1`] };
}

async function makeStopped(world: MutationWorld): Promise<string> {
  const id = await makeObject(world, 'Deployment');
  await world.mutate('stopWorkload', { id }, 'workload { id }');
  return id;
}

/** The record of a terminal that nobody has open any more. */
async function makeOpenTerminal(world: MutationWorld): Promise<string> {
  const { operation } = await world.mutate<{ operation: { id: string } }>(
    'createDepartment',
    tenant('department'),
    'operation { id }',
  );
  const uuid = Buffer.from(operation.id, 'base64url').toString().split('|')[2];
  await world.execute(
    `update core_operations set status = 'PENDING', category = 'TERMINAL', alive_at = now() where id = '${uuid}'`,
  );
  return operation.id;
}

/** A pod of which its kubelet says that it runs. */
async function makeRunningPod(world: MutationWorld, more: object = {}, labels: object = {}): Promise<string> {
  const { store } = world.cluster;
  const pods = store.resource('', 'pods');
  const name = nextName('pod');
  const pod = store.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels },
    spec: { containers: [{ name: 'main', image: 'acme/main:1' }] },
  });
  const running = { name: 'main', ready: true, restartCount: 0, image: '', imageID: '', state: { running: {} } };
  store.updateStatus(pods, { ...pod, status: { phase: 'Running', containerStatuses: [running], ...more } });
  const id = encodeGlobalId({ of: 'kubernetes', cluster: 'main', group: '', kind: 'Pod', namespace: 'default', name });
  await world.untilSeen(id);
  return id;
}

/** A ReplicaSet that keeps another image of a Deployment, as its controller would have left it. */
async function makeEarlierVersion(world: MutationWorld, deployment: string): Promise<void> {
  const { store } = world.cluster;
  const owner = store.get(store.resource('apps', 'deployments'), 'default', deployment);
  const { spec } = objectOf('Deployment', deployment) as { spec: { template: { metadata: object } } };
  const name = `${deployment}-before`;
  const controller = { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment, controller: true };
  store.create(store.resource('apps', 'replicasets'), {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: 'default',
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      ownerReferences: [{ ...controller, uid: owner?.metadata.uid }],
    },
    spec: {
      ...spec,
      replicas: 0,
      template: { ...spec.template, spec: { containers: [{ name: 'main', image: 'acme/main:0' }] } },
    },
  } as never);
  const kind = { group: 'apps', kind: 'ReplicaSet' };
  await world.untilSeen(encodeGlobalId({ of: 'kubernetes', cluster: 'main', ...kind, namespace: 'default', name }));
}

function objectOf(kind: Kind, name: string) {
  const labels = { app: 'thing' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'acme/main:1' }] } };
  const [group] = resources[kind];
  return {
    apiVersion: group === '' ? 'v1' : `${group}/v1`,
    kind,
    metadata: kind === 'Namespace' ? { name } : { name, namespace: 'default' },
    ...(kind === 'Deployment' ? { spec: { replicas: 1, selector: { matchLabels: labels }, template } } : {}),
    ...(kind === 'Pod' ? { spec: template.spec } : {}),
    ...(kind === 'NetworkPolicy' ? { spec: { podSelector: {} } } : {}),
    ...(kind === 'PersistentVolumeClaim'
      ? { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }
      : {}),
    ...(kind === 'Service' ? { spec: { selector: labels, ports: [{ name: 'http', port: 80 }] } } : {}),
    ...(kind === 'Ingress' ? { spec: { defaultBackend: { service: { name, port: { number: 80 } } } } } : {}),
  };
}

/** The same cluster under another name. */
const newRegistration = ({ cluster }: MutationWorld) => ({
  name: nextName('registered'),
  access: { kubeconfig: { text: cluster.kubeconfig } },
});

async function makeRegistration(world: MutationWorld) {
  const { registration } = await world.mutate<{ registration: { id: string; name: string; version: number } }>(
    'registerCluster',
    newRegistration(world),
    'registration { id name version }',
  );
  await world.untilSeen(registration.id);
  return registration;
}

const newServiceToken = () => ({
  name: nextName('token'),
  roles: ['DEVELOPER'],
  expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
});

/** Somebody who was here once. */
async function makeUser(world: MutationWorld): Promise<string> {
  const key = `oidc:${nextName('user')}`;
  await world.execute(
    `insert into core_users (id, name, kind, method, groups, roles, namespaces, last_seen_at, created_at)
       values ('${key}', '${key}', 'USER', 'OIDC', '[]', '["DEVELOPER"]', '[]', now(), now())`,
  );
  return encodeGlobalId({ of: 'row', plugin: 'core', type: 'User', key });
}

/** A token in use, as a replica has seen it. */
async function makeSession(world: MutationWorld): Promise<string> {
  const key = randomUUID();
  await world.execute(
    `insert into core_sessions (id, replica, digest, principal_id, principal_name, method, open_streams, last_seen_at, created_at)
       values ('${key}', 'made', '${key}', 'oidc:somebody', 'somebody', 'OIDC', 0, now(), now())`,
  );
  return encodeGlobalId({ of: 'row', plugin: 'core', type: 'Session', key });
}

const newVpc = () => ({ clusters: ['main'], name: nextName('vpc'), cidr: '10.0.0.0/16' });

async function makeVpc(world: MutationWorld): Promise<{ readonly id: string; readonly subnetId: string }> {
  const fields = 'results { vpc { id } subnets { id } }';
  const { results } = await world.mutate<{
    results: readonly { readonly vpc: { readonly id: string }; readonly subnets: readonly { readonly id: string }[] }[];
  }>('createVpc', newVpc(), fields);
  const [made] = results;
  const subnetId = made?.subnets[0]?.id;
  if (!made || subnetId === undefined) throw new Error('no VPC was made');
  await world.untilSeen(made.vpc.id);
  await world.untilSeen(subnetId);
  return { id: made.vpc.id, subnetId };
}

interface MadeVpc {
  readonly vpcId: string;
  readonly subnetId: string;
}

/** A security group of a VPC, or of none in particular. */
async function makeSecurityGroup(world: MutationWorld, isOfVpc = true): Promise<string> {
  const annotations = isOfVpc ? { 'longshore.dev/vpc': 'some-vpc' } : {};
  const metadata = { name: nextName('group'), annotations };
  return makeOvn(world, 'SecurityGroup', 'security-groups', { metadata, spec: {} });
}

/** A VPC with a subnet, as Kube-OVN tells of it. */
async function makeNatVpc(world: MutationWorld, range = '10.77.0'): Promise<MadeVpc> {
  const name = nextName('vpc');
  const vpcId = await makeOvn(world, 'Vpc', 'vpcs', { metadata: { name }, spec: {} });
  const subnetId = await makeOvn(world, 'Subnet', 'subnets', {
    metadata: { name: `${name}-a` },
    spec: { vpc: name, protocol: 'IPv4', cidrBlock: `${range}.0/24`, gateway: `${range}.1` },
    status: { v4availableIPrange: `${range}.2-${range}.254` },
  });
  return { vpcId, subnetId };
}

async function makeOvn(world: MutationWorld, kind: string, plural: string, object: object): Promise<string> {
  const { store } = world.cluster;
  const { metadata, status } = object as { metadata: { name: string }; status?: object };
  const { name } = metadata;
  const definition = store.resource('kubeovn.io', plural);
  const made = store.create(definition, { apiVersion: 'kubeovn.io/v1', kind, ...object } as never);
  if (status) store.updateStatus(definition, { ...made, status });
  const id = encodeGlobalId({
    of: 'kubernetes',
    cluster: 'main',
    group: 'kubeovn.io',
    kind,
    namespace: undefined,
    name,
  });
  await world.untilSeen(id);
  return id;
}

async function makeNatGateway(
  world: MutationWorld,
  range?: string,
): Promise<MadeVpc & { readonly id: string; readonly eipId: string }> {
  const vpc = await makeNatVpc(world, range);
  const input = { name: nextName('gateway'), places: [{ vpcId: vpc.vpcId }] };
  const fields = 'results { natGateway { id elasticIps { nodes { id } } } }';
  interface Made {
    readonly results: readonly { natGateway: { id: string; elasticIps: { nodes: { id: string }[] } } }[];
  }
  const { results } = await world.mutate<Made>('createNatGateway', input, fields);
  const gateway = results[0]?.natGateway;
  const eipId = gateway?.elasticIps.nodes[0]?.id;
  if (!gateway || !eipId) throw new Error('the gateway has an elastic IP');
  await world.untilSeen(gateway.id);
  return { ...vpc, id: gateway.id, eipId };
}

async function makeSnatRule(world: MutationWorld): Promise<string> {
  const { id, subnetId } = await makeNatGateway(world);
  interface Made {
    readonly results: readonly { snatRule: { id: string } }[];
  }
  const rules = [{ natGatewayId: id, subnetId }];
  const { results } = await world.mutate<Made>('addSnatRules', { rules }, 'results { snatRule { id } }');
  return results[0]?.snatRule.id ?? '';
}

async function newDnatRule(world: MutationWorld): Promise<object> {
  const { eipId } = await makeNatGateway(world);
  const portMapping = { protocol: 'TCP', elasticIpPort: 8080, instancePort: 80 };
  return { elasticIpId: eipId, portMapping, address: '10.77.0.9' };
}

async function makeDnatRule(world: MutationWorld): Promise<string> {
  const { dnatRule } = await world.mutate<{ dnatRule: { id: string } }>(
    'createDnatRule',
    await newDnatRule(world),
    'dnatRule { id }',
  );
  return dnatRule.id;
}

async function makeElasticIp(world: MutationWorld, range?: string): Promise<string> {
  const input = { natGatewayId: (await makeNatGateway(world, range)).id, name: nextName('eip') };
  const { elasticIp } = await world.mutate<{ elasticIp: { id: string } }>('createElasticIp', input, 'elasticIp { id }');
  await world.untilSeen(elasticIp.id);
  return elasticIp.id;
}
