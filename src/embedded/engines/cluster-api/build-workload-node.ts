import { parseFlavor } from './flavor.ts';
import { coreGroup } from './groups.ts';
import type { Cluster, DevMachine, Machine } from './kinds.ts';
import { annotations, isControlPlaneMachine } from './metadata.ts';

/** Labels that Cluster API keeps alike on a machine and its node, here with those of Longshore's own domain. */
const synced = [
  /^node-role\.kubernetes\.io\//,
  /^node-restriction\.kubernetes\.io(\/|$)/,
  /^[^/]*\.node-restriction\.kubernetes\.io\//,
  new RegExp(`^([^/]*\\.)?node\\.${coreGroup.replaceAll('.', '\\.')}/`),
  /^([^/]*\.)?longshore\.dev\//,
];

/** The labels of a machine that its node has too. */
export function syncedLabels({ metadata }: Machine): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(metadata.labels ?? {}).filter(([key]) => synced.some((pattern) => pattern.test(key))),
  );
}

/** The node that a machine's host registers in its cluster: named after it, as large as its flavor, in its zone. */
export function buildWorkloadNode(cluster: Cluster, machine: Machine, dev: DevMachine): object {
  const { name } = machine.metadata;
  const zone = machine.spec.failureDomain;
  const host = dev.spec.backend?.inMemory?.vm;
  const size = parseFlavor(host?.flavor);
  const owner = machine.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const resources = {
    cpu: String(size?.cores ?? 4),
    memory: size?.memory ?? '8Gi',
    'ephemeral-storage': `${host?.dataDisk?.sizeGiB ?? host?.systemDisk?.sizeGiB ?? 40}Gi`,
    pods: String(host?.maxPods ?? 110),
  };
  const isControlPlane = isControlPlaneMachine(machine);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/os': 'linux',
        'kubernetes.io/hostname': name,
        ...(host?.flavor === undefined ? {} : { 'node.kubernetes.io/instance-type': host.flavor }),
        ...(zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone }),
        ...(isControlPlane ? { 'node-role.kubernetes.io/control-plane': '' } : {}),
        ...syncedLabels(machine),
      },
      annotations: {
        [annotations.clusterName]: cluster.metadata.name,
        [annotations.clusterNamespace]: cluster.metadata.namespace ?? '',
        [annotations.machine]: name,
        ...(owner === undefined ? {} : { [annotations.ownerKind]: owner.kind, [annotations.ownerName]: owner.name }),
      },
    },
    spec: {
      providerID: dev.spec.providerID,
      taints: [
        ...(isControlPlane ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] : []),
        ...(machine.spec.taints ?? []).map(({ key, value, effect }) => ({
          key,
          ...(value === undefined ? {} : { value }),
          effect,
        })),
      ],
    },
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: (dev.status?.addresses ?? []).map(({ type, address }) => ({ type, address })),
      ...(machine.spec.version === undefined ? {} : { nodeInfo: { kubeletVersion: machine.spec.version } }),
    },
  };
}
