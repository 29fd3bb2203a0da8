import { findStatus } from './conditions.ts';
import type { Machine } from './kinds.ts';
import { annotations, isDeleting } from './metadata.ts';

const secondsOfTenDays = 864_000;

/**
 * Which machines go first when a set shrinks, in Cluster API's order: those on their way out, those marked with
 * `cluster.x-k8s.io/delete-machine`, the unhealthy ones, then by age as `order` says, then by name.
 */
export function decideVictims(machines: readonly Machine[], count: number, order: string, nowMs: number): Machine[] {
  const ranked = machines.map((machine) => ({ machine, rank: rankOf(machine, order, nowMs) }));
  ranked.sort((a, b) => b.rank - a.rank || (a.machine.metadata.name < b.machine.metadata.name ? -1 : 1));
  return ranked.slice(0, Math.max(0, count)).map(({ machine }) => machine);
}

function rankOf(machine: Machine, order: string, nowMs: number): number {
  if (isDeleting(machine)) return 100;
  if (machine.metadata.annotations?.[annotations.deleteMachine] !== undefined) return 80;
  if (!isHealthy(machine)) return 50;
  const created = Date.parse(machine.metadata.creationTimestamp ?? '');
  const seconds = Math.max(0, (nowMs - created) / 1_000);
  const age = 50 * (1 - Math.exp(-seconds / secondsOfTenDays));
  if (order === 'Oldest') return age;
  return order === 'Newest' ? 50 - age : 20;
}

/** A machine whose node says nothing yet counts as well: so does the original. */
function isHealthy({ status }: Machine): boolean {
  const node = findStatus(status, 'NodeHealthy');
  return status?.nodeRef !== undefined && (node === undefined || node.status === 'True');
}
