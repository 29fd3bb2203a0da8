import { isTrue } from './conditions.ts';
import type { Machine } from './kinds.ts';
import { annotations, isDeleting } from './metadata.ts';

export interface ControlPlaneInput {
  readonly desired: number;
  readonly maxSurge: number;
  readonly isInitialized: boolean;
  readonly machines: readonly Machine[];
  readonly isUpToDate: (machine: Machine) => boolean;
  /** Zones that may carry the control plane; none where it does not matter. */
  readonly zones: readonly string[];
}

export type ControlPlaneStep =
  | { readonly kind: 'none' }
  | { readonly kind: 'create'; readonly zone: string | undefined }
  | { readonly kind: 'delete'; readonly machine: Machine };

const none: ControlPlaneStep = { kind: 'none' };

/**
 * The next step of a control plane: one machine at a time, the first alone until it answers, the next when all before are
 * ready; outdated ones are replaced with one more than are wanted, or, without a surge, one less.
 */
export function decideControlPlane(input: ControlPlaneInput): ControlPlaneStep {
  const { desired, maxSurge, isInitialized, machines, isUpToDate } = input;
  if (machines.some(isDeleting)) return none;
  if (machines.length === 0) return { kind: 'create', zone: emptiestZone(input) };
  if (!isInitialized) return none;
  const outdated = machines.filter((machine) => !isUpToDate(machine));
  const surge = outdated.length > 0 ? maxSurge : 0;
  const areReady = machines.every(({ status }) => isTrue(status, 'Ready'));
  if (machines.length < desired + surge) {
    return areReady ? { kind: 'create', zone: emptiestZone(input) } : none;
  }
  if (machines.length > desired)
    return { kind: 'delete', machine: victim(outdated.length > 0 ? outdated : machines, machines) };
  if (outdated.length > 0 && maxSurge === 0 && areReady) return { kind: 'delete', machine: victim(outdated, machines) };
  return none;
}

function emptiestZone({ machines, zones }: ControlPlaneInput): string | undefined {
  return [...zones].sort((a, b) => countIn(a, machines) - countIn(b, machines) || (a < b ? -1 : 1))[0];
}

function countIn(zone: string | undefined, machines: readonly Machine[]): number {
  return machines.filter(({ spec }) => spec.failureDomain === zone).length;
}

/** Who goes: those marked for deletion, then those that are not ready, then of the fullest zone the oldest. */
function victim(candidates: readonly Machine[], all: readonly Machine[]): Machine {
  const rank = ({ metadata, status, spec }: Machine): readonly number[] => [
    metadata.annotations?.[annotations.deleteMachine] === undefined ? 1 : 0,
    isTrue(status, 'Ready') ? 1 : 0,
    -countIn(spec.failureDomain, all),
    Date.parse(metadata.creationTimestamp ?? ''),
  ];
  const sorted = [...candidates].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    const at = left.findIndex((value, index) => value !== right[index]);
    return at === -1 ? (a.metadata.name < b.metadata.name ? -1 : 1) : (left[at] ?? 0) - (right[at] ?? 0);
  });
  return sorted[0] as Machine;
}
