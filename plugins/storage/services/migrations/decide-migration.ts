/** What is there of a move, as it was just looked at. */
export interface SeenMigration {
  readonly isCancelled: boolean;
  readonly isSwitched: boolean;
  readonly hasEnded: boolean;
  /** Why it is undone. */
  readonly problem: string | undefined;
  /** Pods wrote to the disk after its snapshot. */
  readonly lateWriting: 'SEEN' | 'TOLD' | undefined;
  /** Names of pods that have the disk mounted. */
  readonly users: readonly string[];
  /** The claim of the disk's name: the one that it had, the one that it gets, or somebody else's. */
  readonly disk:
    | {
        readonly is: 'OLD' | 'NEW' | 'FOREIGN';
        readonly isLocked: boolean;
        readonly isBound: boolean;
        readonly isLeaving: boolean;
      }
    | undefined;
  readonly snapshot: { readonly isReady: boolean } | undefined;
  /** The claim that is filled from it. */
  readonly copy: { readonly isBound: boolean; readonly isLeaving: boolean } | undefined;
  /** Whether the class of the copy wants a pod before it makes a volume. */
  readonly waitsForPod: boolean;
  readonly pod: { readonly isLeaving: boolean } | undefined;
  /** Whether the copy's volume is written down. */
  readonly isVolumeNoted: boolean;
  /** The volume that was filled; `isKept`: it survives its claim by our doing. */
  readonly newVolume: { readonly isKept: boolean; readonly isReserved: boolean } | undefined;
  readonly oldVolume: { readonly isKept: boolean } | undefined;
}

export const migrationSteps = ['snapshot', 'copy', 'switch', 'clean-up'] as const;
export type MigrationStep = (typeof migrationSteps)[number];

/** Each is one write, or two that may be repeated. */
export const migrationDeeds = [
  'lock',
  'take-snapshot',
  'make-copy',
  'make-pod',
  'delete-pod',
  'note-volume',
  'keep-volumes',
  'pass-no-return',
  'delete-copy',
  'delete-old',
  'note-late-writing',
  'reserve-volume',
  'make-disk',
  'release-new',
  'release-old',
  'tell-late-writing',
  'delete-snapshot',
  'unlock',
  'end',
] as const;
export type MigrationDeed = (typeof migrationDeeds)[number];

export type MigrationMove =
  | { readonly do: MigrationDeed }
  | { readonly do: 'wait' }
  | { readonly do: 'done' }
  /** From then on it is undone. */
  | { readonly do: 'give-up'; readonly why: string }
  | { readonly do: 'fail'; readonly why: string };

/**
 * The next move of moving a disk (STO-15). A snapshot is taken, a volume is filled from it, then both volumes are made to survive their claims, the claim is
 * made anew with the new one, and what is left over goes. Up to `pass-no-return` it can be undone to the disk as it was; from there on it only goes
 * forwards, and either volume holds the data at any time. Pure.
 */
export function decideMigration(step: MigrationStep, seen: SeenMigration): MigrationMove {
  if (seen.hasEnded) return seen.isSwitched ? { do: 'done' } : fail(seen.problem ?? 'It was cancelled.');
  if (seen.isCancelled && !seen.isSwitched) return undo(seen);
  return decisions[step](seen);
}

const decisions: Readonly<Record<MigrationStep, (seen: SeenMigration) => MigrationMove>> = {
  snapshot(seen) {
    const { disk, snapshot } = seen;
    const obstacle = obstacleOf(seen);
    if (obstacle) return obstacle;
    if (!disk?.isLocked) return { do: 'lock' };
    if (!snapshot) return { do: 'take-snapshot' };
    return { do: snapshot.isReady ? 'done' : 'wait' };
  },
  copy(seen) {
    const { snapshot, copy, pod } = seen;
    const obstacle = obstacleOf(seen);
    if (obstacle) return obstacle;
    if (!copy) return snapshot?.isReady ? { do: 'make-copy' } : fail('Its snapshot is not there, or not ready.');
    if (copy.isLeaving) return giveUp('The claim that was filled from its snapshot was deleted.');
    if (!copy.isBound) return { do: seen.waitsForPod && !pod ? 'make-pod' : 'wait' };
    if (pod) return { do: pod.isLeaving ? 'wait' : 'delete-pod' };
    return { do: seen.isVolumeNoted ? 'done' : 'note-volume' };
  },
  switch(seen) {
    const { disk, copy, newVolume, oldVolume } = seen;
    if (!newVolume) return fail('The volume that was filled from its snapshot is not there.');
    if (!seen.isSwitched) {
      const obstacle = obstacleOf(seen);
      if (obstacle) return obstacle;
      if (!copy?.isBound || copy.isLeaving) return fail('The claim that was filled from its snapshot is not there.');
      if (!oldVolume) return fail('Its volume is not there.');
      return { do: newVolume.isKept && oldVolume.isKept ? 'pass-no-return' : 'keep-volumes' };
    }
    if (disk?.is === 'NEW') return { do: disk.isBound ? 'done' : 'wait' };
    if (copy) return { do: copy.isLeaving ? 'wait' : 'delete-copy' };
    if (disk?.is === 'FOREIGN') {
      return fail('Another claim has taken its name while it was made anew: delete that, then do this step again.');
    }
    if (disk) {
      if (!disk.isLeaving) return { do: 'delete-old' };
      return { do: seen.users.length > 0 && !seen.lateWriting ? 'note-late-writing' : 'wait' };
    }
    return { do: newVolume.isReserved ? 'make-disk' : 'reserve-volume' };
  },
  'clean-up'(seen) {
    const { disk, newVolume, oldVolume, snapshot } = seen;
    if (!seen.isSwitched || disk?.is !== 'NEW' || !disk.isBound) return fail('Its new claim has no volume.');
    if (newVolume?.isKept) return { do: 'release-new' };
    if (seen.lateWriting === 'SEEN') return { do: 'tell-late-writing' };
    if (oldVolume?.isKept && !seen.lateWriting) return { do: 'release-old' };
    if (snapshot) return { do: 'delete-snapshot' };
    return { do: disk.isLocked ? 'unlock' : 'end' };
  },
};

/** Back to the disk as it was: nothing of it has been touched yet. */
function undo({ disk, snapshot, copy, pod, newVolume, oldVolume }: SeenMigration): MigrationMove {
  if (newVolume?.isKept) return { do: 'release-new' };
  if (pod && !pod.isLeaving) return { do: 'delete-pod' };
  if (copy && !copy.isLeaving) return { do: 'delete-copy' };
  if (oldVolume?.isKept) return { do: 'release-old' };
  if (snapshot) return { do: 'delete-snapshot' };
  if (copy || pod) return { do: 'wait' };
  if (disk?.is === 'OLD' && disk.isLocked && !disk.isLeaving) return { do: 'unlock' };
  return { do: 'end' };
}

/** What keeps a disk from being moved, as long as it is still the one that it was. */
function obstacleOf({ disk, users }: SeenMigration): MigrationMove | undefined {
  if (disk?.is !== 'OLD' || disk.isLeaving) return giveUp('It was deleted meanwhile.');
  if (users.length === 0) return undefined;
  const names = users.slice(0, 5).map((name) => `'${name}'`);
  return giveUp(`It was mounted by ${names.join(', ')} meanwhile, and what was written then would be lost.`);
}

const giveUp = (why: string): MigrationMove => ({ do: 'give-up', why });
const fail = (why: string): MigrationMove => ({ do: 'fail', why });
