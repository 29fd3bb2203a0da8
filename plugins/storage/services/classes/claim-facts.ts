import { enumValue } from 'longshore/sdk';
import type { PersistentVolumeClaimObject } from '../../api.ts';
import { bytesOf } from './bytes-of.ts';
import { type ClaimPhase, claimPhases } from './storage-words.ts';

type Claim = Pick<PersistentVolumeClaimObject, 'spec' | 'status'>;

export const claimPhaseOf = ({ status }: Claim): ClaimPhase => enumValue(claimPhases, status?.phase ?? 'Pending');

export const requestedSizeOf = ({ spec }: Claim): string => spec?.resources?.requests?.storage ?? '0';

/** What is there; undefined until it is bound. */
export const capacityOf = ({ status }: Claim): string | undefined => status?.capacity?.storage;

/** How a growth that is not finished stands (KEP-1790). */
export const expansionStates = {
  WAITING: 'More is asked for than there is, and nothing has begun.',
  RESIZING: 'The volume itself grows.',
  FILE_SYSTEM_RESIZE_PENDING:
    'The volume has grown; its file system grows once a pod mounts it, for some drivers once the pod starts anew.',
  RESIZING_FILE_SYSTEM: 'The file system grows on the node that has it mounted.',
  FAILED: 'It failed, and is tried again.',
  INFEASIBLE: 'It cannot be done: ask for less, which must still be more than there is.',
  UNKNOWN: 'It stands in a way that this version does not know.',
} as const;
export type ExpansionState = keyof typeof expansionStates;

export interface Expansion {
  readonly state: ExpansionState;
  /** `allocatedResourceStatuses`, or the type of the condition, as Kubernetes writes it. */
  readonly rawState: string | undefined;
  readonly message: string | undefined;
  /** RFC 3339. */
  readonly since: string | undefined;
}

const byStatus: Readonly<Record<string, ExpansionState>> = {
  ControllerResizeInProgress: 'RESIZING',
  ControllerResizeInfeasible: 'INFEASIBLE',
  NodeResizePending: 'FILE_SYSTEM_RESIZE_PENDING',
  NodeResizeInProgress: 'RESIZING_FILE_SYSTEM',
  NodeResizeInfeasible: 'INFEASIBLE',
};
/** In the order in which they count: what failed says more than that something goes on. */
const byCondition: readonly (readonly [string, ExpansionState])[] = [
  ['NodeResizeError', 'FAILED'],
  ['ControllerResizeError', 'FAILED'],
  ['FileSystemResizePending', 'FILE_SYSTEM_RESIZE_PENDING'],
  ['Resizing', 'RESIZING'],
];

/** A growth that is under way; undefined where there is as much as is asked for. */
export function expansionOf(claim: Claim): Expansion | undefined {
  const { status } = claim;
  const raw = status?.allocatedResourceStatuses?.storage;
  const held = byCondition.flatMap(([type, state]) => {
    const found = status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
    return found ? [{ state, found }] : [];
  })[0];
  if (!raw && !held && !lacksSize(claim)) return undefined;
  const rawState = raw || held?.found.type;
  const told = raw ? enumState(raw) : undefined;
  return {
    // A node that is about to resize and one whose last attempt failed have the same status.
    state: told && told !== 'INFEASIBLE' && held?.state === 'FAILED' ? 'FAILED' : (told ?? held?.state ?? 'WAITING'),
    rawState,
    message: held?.found.message || undefined,
    since: held?.found.lastTransitionTime === undefined ? undefined : String(held.found.lastTransitionTime),
  };
}

const enumState = (raw: string): ExpansionState =>
  (Object.hasOwn(byStatus, raw) ? byStatus[raw] : undefined) ?? 'UNKNOWN';

function lacksSize(claim: Claim): boolean {
  const capacity = bytesOf(capacityOf(claim));
  return capacity !== undefined && (bytesOf(requestedSizeOf(claim)) ?? 0) > capacity;
}
