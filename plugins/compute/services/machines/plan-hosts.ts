import { CapabilityMissingError, type ValidationIssue } from 'longshore/sdk';
import { groupsOf } from '../managed-clusters/cluster-facts.ts';
import { variablesOf, workerClassOf } from '../managed-clusters/cluster-manifest.ts';
import { issue } from '../managed-clusters/issues.ts';
import {
  type ClusterClassObject,
  type ManagedClusterObject,
  type TopologyGroup,
  workspaceAnnotation,
} from '../managed-clusters/kinds.ts';
import { nameGroups } from '../managed-clusters/plan-groups.ts';
import { isOfWorkspace, stateOfHost } from './host-facts.ts';
import {
  type BareMetalHostObject,
  hostGroupLabel,
  hostSelectorVariable,
  rootPasswordAnnotation,
  rootPasswordVariable,
} from './host-kind.ts';

/** A host that becomes a machine, and the mark by which the machines of its group find it. */
export interface PlannedHost {
  readonly name: string;
  readonly mark: string;
}

export interface HostPlan {
  readonly issues: readonly ValidationIssue[];
  readonly groups: readonly TopologyGroup[];
  readonly hosts: readonly PlannedHost[];
}

const mostHosts = 100;

/**
 * Machines that are there already as nodes (CMP-24): groups of their own, whose machines are the hosts that are named. Hosts with different new passwords are
 * different groups. Throws `CapabilityMissingError` where the class cannot be told of hosts.
 */
export function planHosts(
  names: readonly string[],
  cluster: Pick<ManagedClusterObject, 'metadata' | 'spec'>,
  there: {
    /** All hosts beside the cluster. */
    readonly hosts: readonly BareMetalHostObject[];
    /** Names of those that another expansion is about to use. */
    readonly promised: ReadonlySet<string>;
    readonly clusterClass: ClusterClassObject | undefined;
    /** Names of groups that the same expansion makes. */
    readonly taken: readonly string[];
  },
): HostPlan {
  if (names.length === 0) return { issues: [], groups: [], hosts: [] };
  const { clusterClass } = there;
  const machineClass = clusterClass && workerClassOf(clusterClass);
  const declared = clusterClass ? variablesOf(clusterClass) : new Set<string>();
  if (!clusterClass || !machineClass || !declared.has(hostSelectorVariable)) {
    throw new CapabilityMissingError(
      'machines',
      'The class of this cluster makes its machines, and takes none that are there.',
      { hint: `Only a ClusterClass with the variable '${hostSelectorVariable}' can be told which hosts to use.` },
    );
  }
  const chosen = names.map((name) => there.hosts.find(({ metadata }) => metadata.name === name));
  const uuid = cluster.metadata.annotations?.[workspaceAnnotation];
  const issues = [
    ...(names.length > mostHosts
      ? [issue(['existingMachines'], 'too_big', `existingMachines may name ${mostHosts} machines, got ${names.length}`)]
      : []),
    ...names.flatMap((name, index) => {
      const path = ['existingMachines', index];
      if (names.indexOf(name) < index) return [issue(path, 'duplicate', `Machine '${name}' is named twice`)];
      return checkHost(name, chosen[index], uuid, there.promised, declared, path);
    }),
  ];
  if (issues.length > 0) return { issues, groups: [], hosts: [] };
  const passwords = [...new Set(chosen.map(passwordOf))];
  const used = [...groupsOf(cluster).map(({ name }) => name), ...there.taken];
  const groupNames = nameGroups(
    passwords.map(() => ({ count: 0, namePrefix: 'machines' })),
    used,
  );
  const planned = passwords.map((password, index) => {
    const name = groupNames[index] as string;
    const mark = `${cluster.metadata.uid.slice(0, 8)}-${name}`;
    const members = names.filter((_name, at) => passwordOf(chosen[at]) === password);
    const overrides = [
      { name: hostSelectorVariable, value: { matchLabels: { [hostGroupLabel]: mark } } },
      ...(password === undefined ? [] : [{ name: rootPasswordVariable, value: password }]),
    ];
    const group: TopologyGroup = { class: machineClass, name, replicas: members.length, variables: { overrides } };
    return { group, hosts: members.map((member) => ({ name: member, mark })) };
  });
  return { issues, groups: planned.map(({ group }) => group), hosts: planned.flatMap(({ hosts }) => hosts) };
}

const passwordOf = (host: BareMetalHostObject | undefined): string | undefined =>
  host?.metadata.annotations?.[rootPasswordAnnotation];

function checkHost(
  name: string,
  host: BareMetalHostObject | undefined,
  workspace: string | undefined,
  promised: ReadonlySet<string>,
  declared: ReadonlySet<string>,
  path: readonly (string | number)[],
): readonly ValidationIssue[] {
  // One of another workspace is none: nobody learns that it is there.
  if (!host || !isOfWorkspace(host, workspace)) {
    return [issue(path, 'unknown_machine', `There is no machine '${name}' of the workspace of this cluster`)];
  }
  const state = stateOfHost(host);
  if (state !== 'AVAILABLE') {
    return [issue(path, 'not_available', `Machine '${name}' is ${state}: only one that is AVAILABLE becomes a node`)];
  }
  if (promised.has(name)) {
    return [issue(path, 'not_available', `Machine '${name}' is about to become a node of another expansion`)];
  }
  if (passwordOf(host) !== undefined && !declared.has(rootPasswordVariable)) {
    const message = `Machine '${name}' was given a new password, and the class of this cluster has no variable '${rootPasswordVariable}'`;
    return [issue(path, 'capability_missing', message)];
  }
  return [];
}
