import { type InputFieldBuilder, inputRef, type LongshoreBuilder, named, registerEnum } from 'longshore/sdk';
import type { ControlPlaneForm, Disk, Flavor, NodesForm } from '../../services/managed-clusters/cluster-form.ts';

const flavorInput = inputRef<Flavor>('MachineFlavorInput');
const diskInput = inputRef<Disk>('MachineDiskInput');
export const nodesInput = inputRef<NodesForm>('ClusterNodesInput');
const controlPlaneInput = inputRef<ControlPlaneForm>('ClusterControlPlaneInput');
const eipInput = inputRef<object>('ClusterEipInput');
const networkInput = inputRef<object>('ClusterNodeNetworkInput');
const storageInput = inputRef<object>('ClusterStorageInput');
const switchInput = inputRef<object>('ClusterVSwitchInput');
const logServiceInput = inputRef<object>('ClusterLogServiceInput');

/** The parts of the forms of CMP-01 to CMP-04 and CMP-23. */
export function registerClusterInputs(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ClusterEipMode', 'How a new cluster is reached from the Internet (CMP-01).', {
    USE_EXISTING: 'By an elastic IP that is there.',
    SET_LATER: 'Not at all, until one is bound.',
  });
  registerEnum(builder, 'ClusterNodeNetworkMode', 'Which network the nodes are in (CMP-03).', {
    AUTO: 'One that is made for them.',
    EXISTING: 'One that is there.',
  });
  registerMachineInputs(builder);
  builder.inputType('ClusterEipInput', {
    description: 'How a new cluster is reached from the Internet (CMP-01).',
    fields: (t) => ({
      mode: t.field({ type: named('ClusterEipMode'), required: true, description: 'Whether there is an elastic IP.' }),
      id: t.string({ description: 'The elastic IP that is used, in the words of its provider.' }),
    }),
  });
  builder.inputType('ClusterNodeNetworkInput', {
    description: 'Which network the nodes are in (CMP-03).',
    fields: (t) => ({
      mode: t.field({ type: named('ClusterNodeNetworkMode'), required: true, description: 'Whose it is.' }),
      network: t.string({ description: 'The network, where it is there.' }),
      subnet: t.string({ description: 'Its subnet.' }),
    }),
  });
  builder.inputType('ClusterStorageInput', {
    description: 'Where monitoring or logs are kept (CMP-03).',
    fields: (t) => ({
      sizeGiB: t.int({ description: 'GiB of each of the three disks, 1 to 65536.' }),
      retentionDays: t.int({ description: 'Days for which it is kept, 1 to 36500.' }),
    }),
  });
  builder.inputType('ClusterVSwitchInput', {
    description: 'The VSwitch of a zone (CMP-02).',
    fields: (t) => ({
      zone: t.string({ required: true, description: 'The zone.' }),
      id: t.string({ required: true, description: 'The VSwitch, in the words of its provider.' }),
    }),
  });
  builder.inputType('ClusterLogServiceInput', {
    description: 'Whether a new cluster has a log service (CMP-02).',
    fields: (t) => ({
      isEnabled: t.boolean({ required: true, description: 'Whether it has.' }),
      project: t.string({ description: 'The project of logs.' }),
    }),
  });
}

function registerMachineInputs(builder: LongshoreBuilder): void {
  builder.inputType('MachineFlavorInput', {
    description: 'What a machine is.',
    fields: (t) => ({
      name: t.string({ description: 'What its provider calls it; `4C-8GiB` of the numbers where not given.' }),
      cores: t.int({ required: true, description: 'Cores, by `node.flavor.minCores` of the profile.' }),
      memoryGiB: t.float({ required: true, description: 'Memory in GiB, by `node.flavor.minMemory`.' }),
    }),
  });
  builder.inputType('MachineDiskInput', {
    description: 'A disk of a machine.',
    fields: (t) => ({
      type: t.string({ description: 'Its type in the words of its provider, such as `ssd`.' }),
      sizeGiB: t.int({ required: true, description: 'GiB, by the profile; at most 65536.' }),
    }),
  });
  const shape = (t: InputFieldBuilder) => ({
    flavor: t.field({ type: flavorInput, description: 'What each is; the class’s where not given.' }),
    systemDisk: t.field({ type: diskInput, description: 'The disk that it starts from (`node.systemDisk.min`).' }),
    dataDisk: t.field({ type: diskInput, description: 'A further disk for containers (`node.dataDisk.min`).' }),
  });
  builder.inputType('ClusterNodesInput', {
    description:
      'Some workers alike; a second row for the same zone and unit takes the place of the first (CMP-02, CMP-23).',
    fields: (t) => ({
      ...shape(t),
      zone: t.string({ description: 'The zone that they are in.' }),
      deploymentUnit: t.string({ description: 'The deployment unit of the zone; the only one where it has one.' }),
      count: t.int({ required: true, description: 'How many, 1 to 1000.' }),
      namePrefix: t.string({
        description: 'Name of their group, and part of their names: by `node.namePrefix` of the profile, up to 63.',
      }),
    }),
  });
  builder.inputType('ClusterControlPlaneInput', {
    description: 'The control plane of a new cluster (CMP-03).',
    fields: (t) => ({
      ...shape(t),
      count: t.int({ description: 'How many nodes, by `cluster.masterCounts`; an odd number.' }),
      etcdDisk: t.field({ type: diskInput, description: 'A further disk of each for etcd.' }),
      hasPublicIp: t.boolean({ description: 'Whether each has a public address.' }),
    }),
  });
}

/** The fields of the form besides where it is made. */
export const formInputs = (t: InputFieldBuilder) => ({
  kubernetesVersion: t.string({
    description: 'Such as 1.35.2, by `kubernetesVersions`; the newest one offered where not given.',
  }),
  podCidr: t.string({
    description: 'Network of its pods, for good; apart from that of Services, the VPC’s and other clusters’ in it.',
  }),
  serviceCidr: t.string({ description: 'Network of its Services, for good; apart from the others.' }),
  controlPlane: t.field({ type: controlPlaneInput, description: 'Its control plane.' }),
  nodes: t.field({
    type: [nodesInput],
    description: 'Its workers, up to 50 rows; `cluster.workersDefault` alike where none is given.',
  }),
  vpc: t.string({ description: 'The VPC, in the words of its provider.' }),
  subnet: t.string({ description: 'The subnet.' }),
  vSwitches: t.field({ type: [switchInput], description: 'A VSwitch for each zone.' }),
  securityGroup: t.string({ description: 'The security group of its machines.' }),
  eip: t.field({ type: eipInput, description: 'How it is reached from the Internet.' }),
  nodeNetwork: t.field({ type: networkInput, description: 'Which network its nodes are in.' }),
  networkZone: t.string({ description: 'The logical area with DHCP and L3 services of its own.' }),
  maxPodsPerNode: t.int({ description: 'Most pods of a node, 1 to 1000.' }),
  serviceMesh: t.boolean({ description: 'Whether it has a service mesh from the start.' }),
  logService: t.field({ type: logServiceInput, description: 'Whether it has a log service from the start.' }),
  containerRuntime: t.string({ description: 'containerd.' }),
  sshKeyPair: t.string({ description: 'The key pair that opens its nodes.' }),
  rootPasswordSecret: t.string({
    description:
      'Name of a Secret in the same namespace with the password of its machines; passwords themselves are taken nowhere.',
  }),
  etcdDiscoveryFlavor: t.field({ type: flavorInput, description: 'The auxiliary node that bootstraps etcd.' }),
  publicIpBandwidthMbps: t.int({ description: 'Bandwidth of its public addresses, by `cluster.bandwidth.max`.' }),
  nodeDns: t.stringList({ description: 'Name servers of its nodes, up to 16.' }),
  registryAddress: t.string({ description: 'A registry of one’s own.' }),
  monitorStorage: t.field({ type: storageInput, description: 'Where monitoring is kept.' }),
  logStorage: t.field({ type: storageInput, description: 'Where logs are kept.' }),
});
