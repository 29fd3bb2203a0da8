import { defineCrd } from '../../define-crd.ts';
import { coreGroup, version } from '../groups.ts';
import {
  ageColumn,
  clusterName,
  column,
  conditionColumn,
  conditions,
  contractRef,
  count,
  countOrPercent,
  deletionOrder,
  failureDomain,
  filled,
  flag,
  gates,
  generation,
  healthChecks,
  machineAddresses,
  machineDeletion,
  metadata,
  notNegative,
  object,
  oneOf,
  openObject,
  pausedColumn,
  remediation,
  replicaColumns,
  replicaCounts,
  rolloutStrategy,
  scale,
  selector,
  some,
  taints,
  text,
  time,
  versions,
  versionText,
} from './schema-parts.ts';

const machineSpec = object(
  {
    bootstrap: object({ configRef: contractRef, dataSecretName: { type: 'string', minLength: 0, maxLength: 253 } }),
    clusterName,
    deletion: machineDeletion,
    failureDomain,
    infrastructureRef: contractRef,
    minReadySeconds: notNegative,
    providerID: filled(512),
    readinessGates: gates,
    taints,
    version: versionText,
  },
  ['bootstrap', 'clusterName', 'infrastructureRef'],
);

const setSpec = {
  clusterName,
  deletion: some({ order: deletionOrder }),
  machineNaming: some({ template: filled(256) }),
  replicas: count,
  selector,
  template: object({ metadata, spec: machineSpec }, ['spec']),
};

const setStatus = {
  ...replicaCounts,
  conditions,
  deprecated: openObject,
  observedGeneration: generation,
  selector: filled(4096),
  versions,
};

const clusterColumn = column('Cluster', '.spec.clusterName');
const named = (kind: string, plural: string, ...shortNames: readonly string[]) =>
  ({ group: coreGroup, kind, plural, shortNames, categories: ['cluster-api'] }) as const;

const machineDefinition = defineCrd(
  {
    ...named('Machine', 'machines', 'ma'),
    description: 'Machine is a host of a cluster, and the node it becomes.',
  },
  [
    {
      name: version,
      required: ['spec'],
      spec: machineSpec,
      status: some({
        addresses: machineAddresses,
        certificatesExpiryDate: time,
        conditions,
        deletion: object({
          nodeDrainStartTime: time,
          waitForNodeVolumeDetachStartTime: time,
          waitForPreDrainHookStartTime: time,
          waitForPreTerminateHookStartTime: time,
        }),
        deprecated: openObject,
        failureDomain,
        initialization: some({ bootstrapDataSecretCreated: flag, infrastructureProvisioned: flag }),
        lastUpdated: time,
        nodeInfo: object(
          {
            architecture: text,
            bootID: text,
            containerRuntimeVersion: text,
            kernelVersion: text,
            kubeProxyVersion: text,
            kubeletVersion: text,
            machineID: text,
            operatingSystem: text,
            osImage: text,
            swap: object({ capacity: { type: 'integer', format: 'int64' } }),
            systemUUID: text,
          },
          [
            'architecture',
            'bootID',
            'containerRuntimeVersion',
            'kernelVersion',
            'kubeProxyVersion',
            'kubeletVersion',
            'machineID',
            'operatingSystem',
            'osImage',
            'systemUUID',
          ],
        ),
        nodeRef: object({ name: filled(253) }, ['name']),
        observedGeneration: generation,
        phase: oneOf(
          'Pending',
          'Provisioning',
          'Provisioned',
          'Running',
          'Updating',
          'Deleting',
          'Deleted',
          'Failed',
          'Unknown',
        ),
      }),
      columns: [
        clusterColumn,
        column('Node Name', '.status.nodeRef.name'),
        column('Provider ID', '.spec.providerID', 'string', 10),
        column('Failure domain', '.status.failureDomain'),
        conditionColumn('Ready', 'Ready'),
        conditionColumn('Available', 'Available'),
        conditionColumn('Up-to-date', 'UpToDate'),
        column('Internal-IP', '.status.addresses[?(@.type=="InternalIP")].address', 'string', 10),
        column('External-IP', '.status.addresses[?(@.type=="ExternalIP")].address', 'string', 10),
        column('OS-Image', '.status.nodeInfo.osImage', 'string', 10),
        pausedColumn,
        column('Phase', '.status.phase'),
        ageColumn,
        column('Version', '.spec.version'),
      ],
    },
  ],
);

const machineSetDefinition = defineCrd(
  { ...named('MachineSet', 'machinesets', 'ms'), description: 'MachineSet keeps a number of equal machines.' },
  [
    {
      name: version,
      required: ['spec'],
      spec: object(setSpec, ['clusterName', 'selector', 'template']),
      status: some(setStatus),
      scale,
      columns: [
        clusterColumn,
        ...replicaColumns,
        pausedColumn,
        ageColumn,
        column('Version', '.spec.template.spec.version'),
      ],
    },
  ],
);

const machineDeploymentDefinition = defineCrd(
  {
    ...named('MachineDeployment', 'machinedeployments', 'md'),
    description: 'MachineDeployment keeps a number of equal machines and replaces them when their template changes.',
  },
  [
    {
      name: version,
      required: ['spec'],
      spec: object(
        {
          ...setSpec,
          paused: flag,
          remediation: some({ maxInFlight: countOrPercent }),
          rollout: some({ after: time, strategy: rolloutStrategy }),
        },
        ['clusterName', 'selector', 'template'],
      ),
      status: some({ ...setStatus, phase: oneOf('ScalingUp', 'ScalingDown', 'Running', 'Failed', 'Unknown') }),
      scale,
      columns: [
        clusterColumn,
        conditionColumn('Available', 'Available'),
        ...replicaColumns,
        pausedColumn,
        column('Phase', '.status.phase'),
        ageColumn,
        column('Version', '.spec.template.spec.version'),
      ],
    },
  ],
);

const healthCheckDefinition = defineCrd(
  {
    ...named('MachineHealthCheck', 'machinehealthchecks', 'mhc', 'mhcs'),
    description: 'MachineHealthCheck says when a machine counts as unhealthy. It is kept, and nothing acts on it.',
  },
  [
    {
      name: version,
      required: ['spec'],
      spec: object({ checks: healthChecks, clusterName, remediation, selector }, ['clusterName', 'selector']),
      status: some({
        conditions,
        currentHealthy: notNegative,
        deprecated: openObject,
        expectedMachines: notNegative,
        observedGeneration: generation,
        remediationsAllowed: notNegative,
        targets: { type: 'array', items: filled(253), maxItems: 10_000, 'x-kubernetes-list-type': 'atomic' },
      }),
      columns: [
        clusterColumn,
        column('Replicas', '.status.expectedMachines', 'integer'),
        column('Healthy', '.status.currentHealthy', 'integer'),
        pausedColumn,
        ageColumn,
      ],
    },
  ],
);

export const machineDefinitions = [
  machineDefinition,
  machineSetDefinition,
  machineDeploymentDefinition,
  healthCheckDefinition,
];
