import { parseSelectorObject, printLabelSelector } from '../../machinery/label-selector.ts';
import type { DecidedCondition } from '../merge-conditions.ts';
import { aggregate, condition, findStatus, isTrue, stated } from './conditions.ts';
import type { Machine } from './kinds.ts';
import { isDeleting } from './metadata.ts';

export interface ReplicaCounts {
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly upToDateReplicas: number;
}

/** How many machines are there, and how many of them are ready, available and up to date by their conditions. */
export function countReplicas(machines: readonly Machine[]): ReplicaCounts {
  const count = (type: string): number => machines.filter(({ status }) => isTrue(status, type)).length;
  return {
    replicas: machines.length,
    readyReplicas: count('Ready'),
    availableReplicas: count('Available'),
    upToDateReplicas: count('UpToDate'),
  };
}

/** How many machines there are of each version. */
export function countVersions(machines: readonly Machine[]): { readonly version: string; readonly replicas: number }[] {
  const counts = new Map<string, number>();
  for (const { spec } of machines) {
    if (spec.version !== undefined) counts.set(spec.version, (counts.get(spec.version) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([version, replicas]) => ({ version, replicas }));
}

/** Members that are left out where they would be empty: the definitions allow no empty lists. */
export function versionsOf(machines: readonly Machine[]): object {
  const versions = countVersions(machines);
  return versions.length === 0 ? {} : { versions };
}

export function printedSelector(selector: object): string {
  return printLabelSelector(parseSelectorObject(selector));
}

/** The conditions that whoever keeps a number of machines has in common. */
export function replicaConditions(
  machines: readonly Machine[],
  desired: number,
  isGoing: boolean,
): readonly DecidedCondition[] {
  const wanted = isGoing ? 0 : desired;
  const parts = (type: string) =>
    machines.map((machine) => ({ name: machine.metadata.name, condition: findStatus(machine.status, type) }));
  const outdated = machines.filter(({ status }) => !isTrue(status, 'UpToDate')).length;
  const staying = machines.filter((machine) => !isDeleting(machine));
  const moves = (to: string): string => `Scaling ${to} from ${machines.length} to ${wanted} replicas`;
  return [
    aggregate('MachinesReady', parts('Ready'), ['Ready', 'NotReady', 'NoReplicas'], 'Machine'),
    aggregate('MachinesUpToDate', parts('UpToDate'), ['UpToDate', 'NotUpToDate', 'NoReplicas'], 'Machine'),
    stated('RollingOut', outdated > 0, outdated > 0 ? `Rolling out ${outdated} not up-to-date replicas` : ''),
    stated('ScalingUp', staying.length < wanted, staying.length < wanted ? moves('up') : ''),
    stated('ScalingDown', machines.length > wanted, machines.length > wanted ? moves('down') : ''),
    condition('Remediating', false, 'NotRemediating'),
    condition('Paused', false, 'NotPaused'),
  ];
}
