import { failureOf, tasksOf } from './cluster-facts.ts';
import type { MachineObject } from './kinds.ts';

export type MachineVerdict =
  | { readonly do: 'done' }
  | { readonly do: 'wait' }
  | { readonly do: 'fail'; readonly why: string; readonly failed: readonly MachineObject[] };

/** How far machines must have come: MADE is the machine itself, JOINED a node of it (CMP-07). */
export type MachineGoal = 'MADE' | 'JOINED';
const tasksTo: Readonly<Record<MachineGoal, number>> = { MADE: 2, JOINED: 3 };

/** What to make of machines that shall all have come so far; `wanted` is how many there shall be. */
export function judgeMachines(
  machines: readonly MachineObject[],
  goal: MachineGoal,
  at: {
    readonly wanted: number;
    readonly nowMs: number;
    readonly deadlineMs: number;
    readonly forgivesFailed?: boolean;
  },
): MachineVerdict {
  const failed = machines.filter((machine) => failureOf(machine) !== undefined && !isGoing(machine));
  const missing = machines.filter((machine) => failureOf(machine) === undefined && !hasCome(machine, goal));
  if (failed.length > 0 && !at.forgivesFailed) {
    return { do: 'fail', why: `Machines have failed: ${words(failed)}.`, failed };
  }
  const come = machines.length - failed.length - missing.length;
  if (missing.length === 0 && come + (at.forgivesFailed ? failed.length : 0) >= at.wanted) return { do: 'done' };
  if (at.nowMs < at.deadlineMs) return { do: 'wait' };
  const why = `Its time is up, and ${come} of ${at.wanted} machines are there${missing.length > 0 ? `; waiting for ${words(missing)}` : ''}.`;
  return { do: 'fail', why, failed: missing };
}

const isGoing = ({ metadata }: MachineObject): boolean => metadata.deletionTimestamp !== undefined;

const hasCome = (machine: MachineObject, goal: MachineGoal): boolean =>
  !isGoing(machine) &&
  tasksOf(machine)
    .slice(0, tasksTo[goal])
    .every(({ status }) => status === 'SUCCESS');

/** The first few by name with what is said of them: a message has a bounded length. */
function words(machines: readonly MachineObject[]): string {
  const told = machines.slice(0, 5).map((machine) => {
    const task = tasksOf(machine).find(({ status }) => status === 'RUNNING' || status === 'ERROR');
    const message = failureOf(machine) ?? task?.message ?? task?.name ?? '';
    return `${machine.metadata.name}${message ? ` (${message.slice(0, 200)})` : ''}`;
  });
  return [...told, ...(machines.length > told.length ? [`${machines.length - told.length} more`] : [])].join('; ');
}
