import type { Schema } from '../define-crd.ts';
import type { EngineObject } from '../engine.ts';
import { flavorPattern } from './flavor.ts';
import { bootstrapGroup, controlPlaneGroup, coreGroup, infrastructureGroup, version } from './groups.ts';

/** Where clusters are managed from, with the class that they can be made of. */
export const fleetNamespace = 'fleet';
const name = 'base';
const controlPlaneHosts = `${name}-control-plane`;
const workerHosts = `${name}-worker`;

const infrastructure = `${infrastructureGroup}/${version}`;
const bootstrap = `${bootstrapGroup}/${version}`;
const controlPlane = `${controlPlaneGroup}/${version}`;

function made(apiVersion: string, kind: string, objectName: string, spec: object): EngineObject {
  return { apiVersion, kind, metadata: { name: objectName, namespace: fleetNamespace }, spec };
}

const text = (bounds: object = {}): Schema => ({ type: 'string', maxLength: 253, ...bounds });
const disk = (sizeGiB: number): Schema => ({
  type: 'object',
  properties: {
    type: { type: 'string', minLength: 1, maxLength: 63, default: 'hdd' },
    sizeGiB: { type: 'integer', minimum: 1, maximum: 65_536, default: sizeGiB },
  },
  default: { type: 'hdd', sizeGiB },
});

/** The variables of the class, each with a value: what is not said is the default. */
const variableSchemas: Readonly<Record<string, Schema>> = {
  availabilityZones: {
    type: 'array',
    description: 'Zones that the control plane is spread over.',
    items: { type: 'string', minLength: 1, maxLength: 256 },
    maxItems: 100,
    uniqueItems: true,
    default: [],
  },
  dataDisk: { ...disk(100), description: 'A further disk of each machine, for containers.' },
  etcdDisk: { ...disk(5), description: 'A further disk of each control plane machine, for etcd.' },
  masterPublicIp: {
    type: 'boolean',
    description: 'Whether control plane machines have public addresses.',
    default: false,
  },
  hostSelector: {
    type: 'object',
    description: 'Labels of the hosts that machines are; machines of their own where empty.',
    properties: {
      matchLabels: { type: 'object', additionalProperties: { type: 'string', maxLength: 63 }, default: {} },
    },
    default: {},
  },
  maxPodsPerNode: { type: 'integer', description: 'Most pods of a node.', minimum: 1, maximum: 1000, default: 110 },
  network: text({ description: 'The network that machines are in; the default one where empty.', default: '' }),
  nodeDns: {
    type: 'array',
    description: 'Name servers of the machines.',
    items: { type: 'string', minLength: 1, maxLength: 253 },
    maxItems: 16,
    default: ['8.8.8.8'],
  },
  nodeFlavor: text({
    description: 'Cores and memory of a machine, such as 4C-8GiB.',
    pattern: flavorPattern,
    default: '4C-8GiB',
  }),
  nodeSeries: text({ description: 'The series of machines; any where empty.', default: '' }),
  publicIpBandwidth: {
    type: 'integer',
    description: 'Bandwidth of public addresses in Mbps.',
    minimum: 1,
    maximum: 1000,
    default: 1,
  },
  registryAddress: text({ description: 'An own registry of images; none where empty.', default: '' }),
  rootPasswordSecret: text({ description: 'The Secret with the password of root; none where empty.', default: '' }),
  securityGroup: text({ description: 'The security group of machines; the default one where empty.', default: '' }),
  sshKeys: {
    type: 'array',
    description: 'Public keys in the form of OpenSSH that open the machines.',
    items: { type: 'string', minLength: 1, maxLength: 2048 },
    maxItems: 100,
    default: [],
  },
  subnet: text({ description: 'The subnet that machines are in; the default one where empty.', default: '' }),
  systemDisk: { ...disk(40), description: 'The disk that a machine starts from.' },
};

/** Where each variable goes, below the simulated host of a machine. */
const hostFields: Readonly<Record<string, string>> = {
  bandwidthMbps: 'publicIpBandwidth',
  dataDisk: 'dataDisk',
  dns: 'nodeDns',
  flavor: 'nodeFlavor',
  hostSelector: 'hostSelector',
  maxPods: 'maxPodsPerNode',
  network: 'network',
  registry: 'registryAddress',
  rootPasswordSecret: 'rootPasswordSecret',
  securityGroup: 'securityGroup',
  series: 'nodeSeries',
  subnet: 'subnet',
  systemDisk: 'systemDisk',
};
const controlPlaneFields = { ...hostFields, etcdDisk: 'etcdDisk', publicIP: 'masterPublicIp' };
const workers = { machineDeploymentClass: { names: ['default'] } };

function patchHosts(matchResources: object, fields: Readonly<Record<string, string>>): object {
  return patch('DevMachineTemplate', infrastructure, matchResources, (field) => [
    `/spec/template/spec/backend/inMemory/vm/${field}`,
    fields,
  ]);
}

function patch(
  kind: string,
  apiVersion: string,
  matchResources: object,
  place: (field: string) => readonly [string, Readonly<Record<string, string>>],
): object {
  const [, fields] = place('');
  return {
    selector: { apiVersion, kind, matchResources },
    jsonPatches: Object.entries(fields).map(([field, variable]) => ({
      op: 'add',
      path: place(field)[0],
      valueFrom: { variable },
    })),
  };
}

const users = [{ name: 'longshore', sudo: 'ALL=(ALL) NOPASSWD:ALL' }];
const took = (startupDuration: string) => ({ provisioning: { startupDuration, startupJitter: '0.2' } });

const clusterClass = made(`${coreGroup}/${version}`, 'ClusterClass', name, {
  controlPlane: {
    templateRef: { apiVersion: controlPlane, kind: 'KubeadmControlPlaneTemplate', name },
    machineInfrastructure: {
      templateRef: { apiVersion: infrastructure, kind: 'DevMachineTemplate', name: controlPlaneHosts },
    },
  },
  infrastructure: { templateRef: { apiVersion: infrastructure, kind: 'DevClusterTemplate', name } },
  workers: {
    machineDeployments: [
      {
        class: 'default',
        bootstrap: { templateRef: { apiVersion: bootstrap, kind: 'KubeadmConfigTemplate', name: workerHosts } },
        infrastructure: { templateRef: { apiVersion: infrastructure, kind: 'DevMachineTemplate', name: workerHosts } },
      },
    ],
  },
  variables: Object.entries(variableSchemas).map(([variable, openAPIV3Schema]) => ({
    name: variable,
    required: false,
    schema: { openAPIV3Schema },
  })),
  patches: [
    {
      name: 'hosts',
      description: 'Sizes, disks and networks of machines.',
      definitions: [patchHosts({ controlPlane: true }, controlPlaneFields), patchHosts(workers, hostFields)],
    },
    {
      name: 'keys',
      description: 'Who may log in to machines.',
      definitions: [
        patch('KubeadmControlPlaneTemplate', controlPlane, { controlPlane: true }, () => [
          '/spec/template/spec/kubeadmConfigSpec/users/0/sshAuthorizedKeys',
          { users: 'sshKeys' },
        ]),
        patch('KubeadmConfigTemplate', bootstrap, workers, () => [
          '/spec/template/spec/users/0/sshAuthorizedKeys',
          { users: 'sshKeys' },
        ]),
      ],
    },
    {
      name: 'zones',
      description: 'Zones of the control plane.',
      definitions: [
        patch('DevClusterTemplate', infrastructure, { infrastructureCluster: true }, () => [
          '/spec/template/spec/backend/inMemory/failureDomains',
          { zones: 'availabilityZones' },
        ]),
      ],
    },
  ],
});

/** The namespace, the templates and the class `base` with one class of workers, `default`. */
export const baseClassObjects: readonly EngineObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: fleetNamespace } },
  made(infrastructure, 'DevClusterTemplate', name, { template: { spec: { backend: { inMemory: {} } } } }),
  made(infrastructure, 'DevMachineTemplate', controlPlaneHosts, {
    template: {
      spec: {
        backend: { inMemory: { vm: took('10s'), node: took('2s'), etcd: took('5s'), apiServer: took('5s') } },
      },
    },
  }),
  made(infrastructure, 'DevMachineTemplate', workerHosts, {
    template: { spec: { backend: { inMemory: { vm: took('10s'), node: took('2s') } } } },
  }),
  made(controlPlane, 'KubeadmControlPlaneTemplate', name, { template: { spec: { kubeadmConfigSpec: { users } } } }),
  made(bootstrap, 'KubeadmConfigTemplate', workerHosts, { template: { spec: { users } } }),
  clusterClass,
];
