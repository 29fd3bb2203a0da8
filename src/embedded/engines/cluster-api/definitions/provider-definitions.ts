import { defineCrd, type Schema } from '../../define-crd.ts';
import { flavorPattern } from '../flavor.ts';
import { bootstrapGroup, controlPlaneGroup, infrastructureGroup, version } from '../groups.ts';
import { kubeadmConfigSpec } from './kubeadm-config-spec.ts';
import {
  ageColumn,
  clusterLabelColumn,
  column,
  conditionColumn,
  conditions,
  contractRef,
  count,
  countOrPercent,
  endpoint,
  failureDomain,
  failureDomains,
  filled,
  flag,
  gates,
  generation,
  machineAddresses,
  machineDeletion,
  metadata,
  notNegative,
  object,
  oneOf,
  openObject,
  pausedColumn,
  replicaColumns,
  replicaCounts,
  scale,
  some,
  taints,
  text,
  textMap,
  time,
  versions,
  versionText,
} from './schema-parts.ts';

const categories = ['cluster-api'];

/** A template's own object, below `spec.template`. */
function templated(spec: Schema): Schema {
  return object({ template: object({ metadata, spec }, ['spec']) }, ['template']);
}

const machineNaming = some({ template: filled(256) });
const controlPlaneParts = {
  kubeadmConfigSpec,
  machineNaming,
  remediation: some({ maxRetry: count, minHealthyPeriodSeconds: notNegative, retryPeriodSeconds: notNegative }),
  rollout: some({
    after: time,
    before: some({ certificatesExpiryDays: { ...count, minimum: 7 } }),
    strategy: some({ rollingUpdate: some({ maxSurge: countOrPercent }), type: oneOf('RollingUpdate') }, ['type']),
  }),
};

const controlPlaneDefinition = defineCrd(
  {
    group: controlPlaneGroup,
    kind: 'KubeadmControlPlane',
    plural: 'kubeadmcontrolplanes',
    shortNames: ['kcp'],
    categories,
    description: 'KubeadmControlPlane keeps the machines that run the control plane of a cluster.',
  },
  [
    {
      name: version,
      required: ['spec'],
      spec: object(
        {
          ...controlPlaneParts,
          machineTemplate: object(
            {
              metadata,
              spec: object(
                { deletion: machineDeletion, infrastructureRef: contractRef, readinessGates: gates, taints },
                ['infrastructureRef'],
              ),
            },
            ['spec'],
          ),
          replicas: count,
          version: versionText,
        },
        ['machineTemplate', 'version'],
      ),
      status: some({
        ...replicaCounts,
        conditions,
        deprecated: openObject,
        initialization: some({ controlPlaneInitialized: flag }),
        lastRemediation: object({ machine: filled(253), retryCount: notNegative, time }, [
          'machine',
          'retryCount',
          'time',
        ]),
        observedGeneration: generation,
        selector: filled(4096),
        version: versionText,
        versions,
      }),
      scale,
      columns: [
        clusterLabelColumn,
        conditionColumn('Available', 'Available'),
        ...replicaColumns,
        pausedColumn,
        column('Initialized', '.status.initialization.controlPlaneInitialized', 'boolean'),
        ageColumn,
        column('Version', '.spec.version'),
      ],
    },
  ],
);

const controlPlaneTemplateDefinition = defineCrd(
  {
    group: controlPlaneGroup,
    kind: 'KubeadmControlPlaneTemplate',
    plural: 'kubeadmcontrolplanetemplates',
    categories,
    description: 'KubeadmControlPlaneTemplate is what control planes of a class are made from.',
  },
  [
    {
      name: version,
      spec: object(
        {
          template: some({
            metadata,
            spec: some({
              ...controlPlaneParts,
              machineTemplate: some({ metadata, spec: some({ deletion: machineDeletion }) }),
            }),
          }),
        },
        ['template'],
      ),
      columns: [ageColumn],
    },
  ],
);

const configDefinition = defineCrd(
  {
    group: bootstrapGroup,
    kind: 'KubeadmConfig',
    plural: 'kubeadmconfigs',
    categories,
    description: 'KubeadmConfig is what one machine is made a node with.',
  },
  [
    {
      name: version,
      spec: kubeadmConfigSpec,
      status: some({
        conditions,
        dataSecretName: filled(253),
        deprecated: openObject,
        initialization: some({ dataSecretCreated: flag }),
        observedGeneration: generation,
      }),
      columns: [
        clusterLabelColumn,
        pausedColumn,
        column('Data secret created', '.status.initialization.dataSecretCreated'),
        ageColumn,
      ],
    },
  ],
);

const configTemplateDefinition = defineCrd(
  {
    group: bootstrapGroup,
    kind: 'KubeadmConfigTemplate',
    plural: 'kubeadmconfigtemplates',
    categories,
    description: 'KubeadmConfigTemplate is what the KubeadmConfigs of equal machines are made from.',
  },
  [
    {
      name: version,
      spec: object({ template: some({ metadata, spec: kubeadmConfigSpec }) }, ['template']),
      columns: [
        column('ClusterClass', '.metadata.ownerReferences[?(@.kind=="ClusterClass")].name'),
        column('Cluster', '.metadata.ownerReferences[?(@.kind=="Cluster")].name'),
        ageColumn,
      ],
    },
  ],
);

/** How long a part of a simulated machine takes, as a Go duration (`10s`), and its relative spread. */
const startup = object({
  provisioning: object({ startupDuration: text, startupJitter: text }, ['startupDuration']),
});
/** Zones that control planes are spread over; of this provider in small, as upstream's has none in memory. */
const zones: Schema = {
  type: 'array',
  items: failureDomain,
  maxItems: 100,
  'x-kubernetes-list-type': 'set',
};
const devClusterSpec = object(
  {
    backend: object({ docker: openObject, inMemory: object({ failureDomains: zones }) }),
    controlPlaneEndpoint: endpoint,
  },
  ['backend'],
);
const disk = object({ sizeGiB: { ...count, minimum: 1 }, type: filled(63) }, ['sizeGiB', 'type']);
/** The simulated host. All but its start is of this provider in small: upstream's has no size. */
const host = object({
  ...(startup.properties as Record<string, Schema>),
  bandwidthMbps: { ...count, minimum: 1 },
  dataDisk: disk,
  dns: { type: 'array', items: filled(253), maxItems: 16, 'x-kubernetes-list-type': 'atomic' },
  etcdDisk: disk,
  flavor: filled(63, { pattern: flavorPattern }),
  // As Metal³ has it: the machine is one of the hosts with these labels.
  hostSelector: object({ matchLabels: textMap }),
  maxPods: { ...count, minimum: 1, maximum: 1000 },
  network: text,
  publicIP: flag,
  registry: text,
  rootPasswordSecret: text,
  securityGroup: text,
  series: text,
  subnet: text,
  systemDisk: disk,
});
const devMachineSpec = object({
  backend: object({
    docker: openObject,
    inMemory: object({ apiServer: startup, etcd: startup, node: startup, vm: host }),
  }),
  providerID: filled(512),
});

const infrastructure = (kind: string, plural: string, description: string) => ({
  group: infrastructureGroup,
  kind,
  plural,
  categories,
  description,
});

const devClusterDefinition = defineCrd(
  infrastructure('DevCluster', 'devclusters', 'DevCluster is the simulated infrastructure of a cluster.'),
  [
    {
      name: version,
      spec: devClusterSpec,
      status: object({
        conditions,
        deprecated: openObject,
        failureDomains,
        initialization: some({ provisioned: flag }),
      }),
      columns: [clusterLabelColumn, pausedColumn, ageColumn],
    },
  ],
);

const devClusterTemplateDefinition = defineCrd(
  infrastructure('DevClusterTemplate', 'devclustertemplates', 'DevClusterTemplate is what DevClusters are made from.'),
  [{ name: version, spec: templated(devClusterSpec), columns: [ageColumn] }],
);

const devMachineDefinition = defineCrd(
  infrastructure('DevMachine', 'devmachines', 'DevMachine is a simulated machine.'),
  [
    {
      name: version,
      spec: devMachineSpec,
      status: object({
        addresses: { ...machineAddresses, maxItems: 256 },
        conditions,
        deprecated: openObject,
        failureDomain,
        // The end of all tries, as providers of the older contract tell it.
        failureMessage: text,
        failureReason: text,
        initialization: some({ provisioned: flag }),
      }),
      columns: [
        clusterLabelColumn,
        column('Provider ID', '.spec.providerID', 'string', 10),
        column('Failure domain', '.status.failureDomain'),
        column('IP', '.status.addresses[?(@.type=="InternalIP")].address', 'string', 10),
        pausedColumn,
        column('Provisioned', '.status.initialization.provisioned'),
        ageColumn,
      ],
    },
  ],
);

const devMachineTemplateDefinition = defineCrd(
  infrastructure('DevMachineTemplate', 'devmachinetemplates', 'DevMachineTemplate is what DevMachines are made from.'),
  [
    {
      name: version,
      spec: templated(devMachineSpec),
      status: object({
        capacity: {
          type: 'object',
          additionalProperties: {
            anyOf: [{ type: 'integer' }, { type: 'string' }],
            'x-kubernetes-int-or-string': true,
          },
        },
      }),
      columns: [ageColumn],
    },
  ],
);

export const providerDefinitions = [
  controlPlaneDefinition,
  controlPlaneTemplateDefinition,
  configDefinition,
  configTemplateDefinition,
  devClusterDefinition,
  devClusterTemplateDefinition,
  devMachineDefinition,
  devMachineTemplateDefinition,
];
