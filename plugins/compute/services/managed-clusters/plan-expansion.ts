import { CapabilityMissingError, type ValidationIssue } from 'longshore/sdk';
import { type PlannedHost, planHosts } from '../machines/plan-hosts.ts';
import { checkNodes, type KnownZone } from './check-nodes.ts';
import { groupsOf, wantedWorkers } from './cluster-facts.ts';
import type { NodesForm } from './cluster-form.ts';
import { type ClusterLimits, mostWorkers } from './cluster-limits.ts';
import { defaultsFor, missingVariable, variablesOf, workerClassOf } from './cluster-manifest.ts';
import { issue } from './issues.ts';
import type { ClusterClassObject, MachineDeploymentObject, ManagedClusterObject, TopologyGroup } from './kinds.ts';
import { countWorkers, groupOf, nameGroups, withoutOverwritten } from './plan-groups.ts';

export interface ExpansionPlan {
  readonly issues: readonly ValidationIssue[];
  readonly after: readonly TopologyGroup[];
  readonly before: Readonly<Record<string, number | null>>;
  readonly added: number;
  readonly hosts: readonly PlannedHost[];
}

/**
 * More nodes (CMP-14, CMP-23): rows that are like a group there make it larger, others become groups of their own. Throws
 * `CapabilityMissingError` for a cluster without a topology: nothing else of it is edited.
 */
export function planExpansion(
  nodes: readonly NodesForm[],
  cluster: Pick<ManagedClusterObject, 'metadata' | 'spec'>,
  there: {
    readonly deployments: readonly MachineDeploymentObject[];
    readonly clusterClass: ClusterClassObject | undefined;
    readonly zones: readonly KnownZone[] | undefined;
    readonly unitLabel: string;
    /** Machines that are there already, with all that may be (CMP-24). */
    readonly existing?: { readonly names: readonly string[] } & Pick<
      Parameters<typeof planHosts>[2],
      'hosts' | 'promised'
    >;
  },
  limits: ClusterLimits,
): ExpansionPlan {
  const { topology } = cluster.spec ?? {};
  const machineClass = there.clusterClass && workerClassOf(there.clusterClass);
  if (!topology || !there.clusterClass || !machineClass) {
    throw new CapabilityMissingError(
      'node-pools',
      `Managed cluster '${cluster.metadata.name}' has no topology with workers.`,
      {
        hint: 'Only clusters that are made by a ClusterClass with workers can be expanded.',
      },
    );
  }
  const rows = withoutOverwritten(nodes);
  const { names: machines = [], hosts = [], promised = new Set<string>() } = there.existing ?? {};
  const added = countWorkers(rows) + machines.length;
  const total = wantedWorkers(cluster, there.deployments) + added;
  const most = mostWorkers(limits, topology.controlPlane?.replicas ?? 1, 'EXPANSION');
  const declared = variablesOf(there.clusterClass);
  const groups = groupsOf(cluster);
  const names = nameGroups(
    rows,
    groups.map(({ name }) => name),
  );
  const { clusterClass } = there;
  const ofHosts = planHosts(machines, cluster, { hosts, promised, clusterClass, taken: names });
  const planned = rows.map((row, index) => {
    const path = ['nodes', nodes.indexOf(row)];
    const made = groupOf(defaultsFor(row, limits, declared), {
      class: machineClass,
      name: names[index] as string,
      unitLabel: there.unitLabel,
      path,
    });
    const like = groups.find((group) => isLike(group, made.group, row.namePrefix ?? undefined));
    return { row, path, made, like };
  });
  const issues = [
    ...(nodes.length + machines.length === 0
      ? [issue(['nodes'], 'required', 'nodes must name at least one row of nodes, or existingMachines a machine')]
      : []),
    ...ofHosts.issues,
    ...checkNodes(nodes, limits, there.zones),
    ...(most !== null && total > most
      ? [issue(['nodes'], 'too_big', `The cluster may have ${most} workers in all, and would have ${total}`)]
      : []),
    ...planned.flatMap(({ made }) =>
      made.variables
        .filter(({ name }) => !declared.has(name))
        .map((variable) => missingVariable(variable, there.clusterClass?.metadata.name ?? '')),
    ),
    ...planned.flatMap(({ like, path }) =>
      like && like.replicas === undefined
        ? [
            issue(
              path,
              'autoscaled',
              `The nodes of group '${like.name}' are scaled by its autoscaler: change its bounds`,
            ),
          ]
        : [],
    ),
  ];
  const after = planned.map(({ made, like, row }) =>
    like ? { ...like, replicas: (like.replicas ?? 0) + row.count } : made.group,
  );
  const before = Object.fromEntries([
    ...planned.map(({ made, like }) => [like?.name ?? made.group.name, like?.replicas ?? null]),
    ...ofHosts.groups.map(({ name }) => [name, null]),
  ]);
  return { issues, after: [...after, ...ofHosts.groups], before, added, hosts: ofHosts.hosts };
}

/** Whether new nodes are as those of a group, so that it only gets larger. */
function isLike(group: TopologyGroup, made: TopologyGroup, namePrefix: string | undefined): boolean {
  if (namePrefix !== undefined && group.name !== namePrefix) return false;
  const facts = ({ class: machineClass, failureDomain, metadata, variables }: TopologyGroup) => {
    const overrides = [...(variables?.overrides ?? [])].sort((one, other) => (one.name < other.name ? -1 : 1));
    return JSON.stringify([machineClass, failureDomain ?? null, metadata?.labels ?? {}, overrides]);
  };
  return facts(group) === facts(made);
}

/** The topology's groups behind an expansion. */
export function expandedGroups(
  groups: readonly TopologyGroup[],
  after: readonly TopologyGroup[],
): readonly TopologyGroup[] {
  const wanted = new Map(after.map((group) => [group.name, group]));
  const kept = groups.map((group) => {
    const change = wanted.get(group.name);
    return change ? { ...group, replicas: change.replicas ?? 0 } : group;
  });
  return [...kept, ...after.filter(({ name }) => !groups.some((group) => group.name === name))];
}

/** The same taken back: numbers as they were, new groups gone. What others changed meanwhile stays. */
export function rolledBackGroups(
  groups: readonly TopologyGroup[],
  before: Readonly<Record<string, number | null>>,
): readonly TopologyGroup[] {
  return groups
    .filter(({ name }) => before[name] !== null)
    .map((group) => {
      const replicas = before[group.name];
      return typeof replicas === 'number' ? { ...group, replicas } : group;
    });
}
