import { defineCrd, type Schema } from '../../define-crd.ts';
import { coreGroup, version } from '../groups.ts';
import {
  ageColumn,
  className,
  classRef,
  column,
  conditionColumn,
  conditions,
  contractRef,
  count,
  endpoint,
  failureDomain,
  failureDomains,
  filled,
  flag,
  gates,
  generation,
  healthCheck,
  list,
  machineDeletion,
  mapList,
  metadata,
  notNegative,
  object,
  oneOf,
  openObject,
  pausedColumn,
  port,
  replicaSummary,
  rolloutStrategy,
  some,
  taints,
  time,
  topologyDeletion,
  topologyName,
  variables,
  versionText,
} from './schema-parts.ts';

const cidrBlocks = object({ cidrBlocks: list(filled(43), 100) }, ['cidrBlocks']);
const overrides = some({ overrides: variables });

const controlPlane = some({
  deletion: machineDeletion,
  healthCheck: healthCheck({ isTopology: true, isWorker: false }),
  metadata,
  readinessGates: gates,
  replicas: count,
  rollout: some({ after: time }),
  taints,
  variables: overrides,
});

const workerGroup = {
  class: className,
  metadata,
  minReadySeconds: notNegative,
  name: topologyName,
  replicas: count,
  taints,
  variables: overrides,
};

const machineDeployment = object(
  {
    ...workerGroup,
    deletion: topologyDeletion,
    failureDomain,
    healthCheck: healthCheck({ isTopology: true, isWorker: true }),
    readinessGates: gates,
    rollout: some({ after: time, strategy: rolloutStrategy }),
  },
  ['class', 'name'],
);

const machinePool = object({ ...workerGroup, deletion: machineDeletion, failureDomains: list(failureDomain, 100) }, [
  'class',
  'name',
]);

const topology: Schema = object(
  {
    classRef,
    controlPlane,
    variables,
    version: versionText,
    workers: some({
      machineDeployments: mapList(['name'], machineDeployment, 2000),
      machinePools: mapList(['name'], machinePool, 2000),
    }),
  },
  ['classRef', 'version'],
);

export const clusterDefinition = defineCrd(
  {
    group: coreGroup,
    kind: 'Cluster',
    plural: 'clusters',
    shortNames: ['cl'],
    categories: ['cluster-api'],
    description: 'Cluster is a Kubernetes cluster whose machines are managed from here.',
  },
  [
    {
      name: version,
      required: ['spec'],
      spec: some({
        availabilityGates: gates,
        clusterNetwork: some({
          apiServerPort: port,
          pods: cidrBlocks,
          serviceDomain: filled(253),
          services: cidrBlocks,
        }),
        controlPlaneEndpoint: endpoint,
        controlPlaneRef: contractRef,
        infrastructureRef: contractRef,
        paused: flag,
        topology,
      }),
      status: some({
        conditions,
        controlPlane: replicaSummary,
        deprecated: openObject,
        failureDomains,
        initialization: some({ controlPlaneInitialized: flag, infrastructureProvisioned: flag }),
        observedGeneration: generation,
        phase: oneOf('Pending', 'Provisioning', 'Provisioned', 'Deleting', 'Failed', 'Unknown'),
        workers: replicaSummary,
      }),
      columns: [
        column('ClusterClass', '.spec.topology.classRef.name'),
        conditionColumn('Available', 'Available'),
        ...replicaColumnsOf('CP', 'controlPlane'),
        ...replicaColumnsOf('W', 'workers'),
        pausedColumn,
        column('Phase', '.status.phase'),
        ageColumn,
        column('Version', '.spec.topology.version'),
      ],
    },
  ],
);

function replicaColumnsOf(prefix: string, part: string) {
  return [
    column(`${prefix} Desired`, `.status.${part}.desiredReplicas`, 'integer'),
    column(`${prefix} Current`, `.status.${part}.replicas`, 'integer', 10),
    column(`${prefix} Ready`, `.status.${part}.readyReplicas`, 'integer', 10),
    column(`${prefix} Available`, `.status.${part}.availableReplicas`, 'integer'),
    column(`${prefix} Up-to-date`, `.status.${part}.upToDateReplicas`, 'integer'),
  ];
}
