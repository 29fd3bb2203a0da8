import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideMigration,
  type MigrationDeed,
  type MigrationMove,
  type MigrationStep,
  migrationSteps,
  type SeenMigration,
} from './decide-migration.ts';

/** The cluster and the row of one move: whatever may be in it, and what each deed makes of it. */
interface World {
  disk: 'OLD' | 'NEW' | 'FOREIGN' | undefined;
  isLocked: boolean;
  isBound: boolean;
  isLeaving: boolean;
  users: number;
  snapshot: 'making' | 'ready' | undefined;
  copy: 'pending' | 'bound' | 'leaving' | undefined;
  pod: 'there' | 'leaving' | undefined;
  waitsForPod: boolean;
  isNoted: boolean;
  /** Whether volumes with the data are there, and survive their claims. */
  newVolume: boolean;
  isNewKept: boolean;
  isNewReserved: boolean;
  oldVolume: boolean;
  isOldKept: boolean;
  isCancelled: boolean;
  isSwitched: boolean;
  hasEnded: boolean;
  lateWriting: 'SEEN' | 'TOLD' | undefined;
}

const fresh = (waitsForPod: boolean): World => ({
  ...{ disk: 'OLD', isLocked: false, isBound: true, isLeaving: false, users: 0 },
  ...{ snapshot: undefined, copy: undefined, pod: undefined, waitsForPod, isNoted: false },
  ...{ newVolume: false, isNewKept: false, isNewReserved: false, oldVolume: true, isOldKept: false },
  ...{ isCancelled: false, isSwitched: false, hasEnded: false, lateWriting: undefined },
});

const seenIn = (world: World): SeenMigration => ({
  isCancelled: world.isCancelled,
  isSwitched: world.isSwitched,
  hasEnded: world.hasEnded,
  problem: 'undone',
  lateWriting: world.lateWriting,
  users: Array.from({ length: world.users }, (_, index) => `pod-${index}`),
  disk: world.disk && {
    is: world.disk,
    isLocked: world.isLocked,
    isBound: world.isBound,
    isLeaving: world.isLeaving,
  },
  snapshot: world.snapshot && { isReady: world.snapshot === 'ready' },
  copy: world.copy && { isBound: world.copy === 'bound', isLeaving: world.copy === 'leaving' },
  waitsForPod: world.waitsForPod,
  pod: world.pod && { isLeaving: world.pod === 'leaving' },
  isVolumeNoted: world.isNoted,
  newVolume:
    world.isNoted && world.newVolume ? { isKept: world.isNewKept, isReserved: world.isNewReserved } : undefined,
  oldVolume: world.oldVolume ? { isKept: world.isOldKept } : undefined,
});

const deeds: Readonly<Record<MigrationDeed, (world: World) => void>> = {
  lock: (world) => Object.assign(world, { isLocked: true }),
  unlock: (world) => Object.assign(world, { isLocked: false }),
  'take-snapshot': (world) => Object.assign(world, { snapshot: world.snapshot ?? 'making' }),
  'make-copy': (world) => Object.assign(world, { copy: world.copy ?? 'pending' }),
  'make-pod': (world) => Object.assign(world, { pod: world.pod ?? 'there' }),
  'delete-pod': (world) => Object.assign(world, { pod: 'leaving' }),
  'note-volume': (world) => Object.assign(world, { isNoted: true }),
  'keep-volumes': (world) => Object.assign(world, { isNewKept: true, isOldKept: true }),
  'pass-no-return': (world) => Object.assign(world, { isSwitched: !world.isCancelled }),
  'delete-copy': (world) => Object.assign(world, { copy: 'leaving' }),
  'delete-old': (world) => Object.assign(world, { isLeaving: true }),
  'note-late-writing': (world) => Object.assign(world, { lateWriting: 'SEEN' }),
  'tell-late-writing': (world) => Object.assign(world, { lateWriting: 'TOLD' }),
  'reserve-volume': (world) => Object.assign(world, { isNewReserved: true }),
  'make-disk': (world) => Object.assign(world, { disk: 'NEW', isLocked: true, isBound: false, isLeaving: false }),
  'release-new'(world) {
    world.isNewKept = false;
    if (world.copy === undefined && world.disk !== 'NEW') world.newVolume = false;
  },
  'release-old'(world) {
    world.isOldKept = false;
    if (world.disk !== 'OLD') world.oldVolume = false;
  },
  'delete-snapshot': (world) => Object.assign(world, { snapshot: undefined }),
  end: (world) => Object.assign(world, { hasEnded: true }),
};

/** What the cluster does by itself, in time. */
function live(world: World): void {
  if (world.snapshot === 'making') world.snapshot = 'ready';
  if (world.copy === 'pending' && world.snapshot === 'ready' && (!world.waitsForPod || world.pod === 'there')) {
    Object.assign(world, { copy: 'bound', newVolume: true });
  }
  if (world.pod === 'leaving') world.pod = undefined;
  if (world.copy === 'leaving' && !world.pod) {
    world.copy = undefined;
    if (!world.isNewKept) world.newVolume = false;
  }
  if (world.isLeaving && world.users === 0) {
    Object.assign(world, { disk: undefined, isLeaving: false });
    if (!world.isOldKept) world.oldVolume = false;
  }
  if (world.disk === 'NEW' && world.isNewReserved) world.isBound = true;
}

type End = 'moved' | { readonly failed: string };

/** Runs the steps one after the other; `between` is called before each look, and failed steps are done again. */
function run(world: World, between: (world: World, move: MigrationMove, step: MigrationStep) => void): End {
  for (const step of migrationSteps) {
    for (let looks = 0; ; looks += 1) {
      if (looks > 200) throw new Error(`the step '${step}' never ends`);
      const move = decideMigration(step, seenIn(world));
      between(world, move, step);
      if (move.do === 'done') break;
      if (move.do === 'fail') return { failed: move.why };
      if (move.do === 'give-up') {
        if (!world.isSwitched) world.isCancelled = true;
      } else if (move.do !== 'wait') deeds[move.do](world);
      live(world);
    }
  }
  return 'moved';
}

/** Either the disk has its data, or a volume that nothing can take away has. */
function expectDataSafe(world: World): void {
  const hasOld = world.oldVolume && (world.disk === 'OLD' || world.isOldKept);
  const hasNew = world.newVolume && (world.isNewKept || world.disk === 'NEW');
  expect(hasOld || hasNew).toBe(true);
}

describe('decideMigration (STO-15, STO-19)', () => {
  it.each([false, true])('moves a disk, and leaves nothing over (a class that waits for a pod: %s)', (waitsForPod) => {
    const world = fresh(waitsForPod);
    const done: string[] = [];
    expect(run(world, (_, move) => done.push(move.do))).toBe('moved');
    expect(done.filter((move) => move !== 'wait' && move !== 'done')).toEqual([
      ...['lock', 'take-snapshot', 'make-copy', ...(waitsForPod ? ['make-pod', 'delete-pod'] : [])],
      ...['note-volume', 'keep-volumes', 'pass-no-return', 'delete-copy', 'delete-old', 'reserve-volume'],
      ...['make-disk', 'release-new', 'release-old', 'delete-snapshot', 'unlock', 'end'],
    ]);
    expect(world).toMatchObject({
      ...{ disk: 'NEW', isLocked: false, isBound: true, newVolume: true, isNewKept: false, oldVolume: false },
      ...{ snapshot: undefined, copy: undefined, pod: undefined, hasEnded: true },
    });
  });

  it('has the data at every moment, whenever it is cancelled or the disk mounted, and ends with all of it or none', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.option(fc.nat(30), { nil: undefined }),
        fc.option(fc.nat(30), { nil: undefined }),
        (waitsForPod, cancelledAt, mountedAt) => {
          const world = fresh(waitsForPod);
          let look = 0;
          const end = run(world, () => {
            if (look === cancelledAt && !world.isSwitched) world.isCancelled = true;
            // It may be mounted only while its old claim is there; what is being deleted lets go of it in the end.
            if (look === mountedAt && world.disk === 'OLD' && !world.isCancelled) world.users = 1;
            if (mountedAt !== undefined && look === mountedAt + 3) world.users = 0;
            look += 1;
            expectDataSafe(world);
          });
          expectDataSafe(world);
          const leftOver = { snapshot: undefined, copy: undefined, pod: undefined, isLocked: false };
          if (end === 'moved') {
            expect(world).toMatchObject({ ...leftOver, disk: 'NEW', isNewKept: false });
            expect(world.oldVolume).toBe(world.lateWriting !== undefined);
          } else {
            expect(world).toMatchObject({
              ...leftOver,
              disk: 'OLD',
              isOldKept: false,
              oldVolume: true,
              isSwitched: false,
            });
            expect(world.newVolume).toBe(false);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps the earlier volume, and says so, where pods wrote to it after the snapshot', () => {
    const world = fresh(false);
    const moves: string[] = [];
    run(world, (_, move) => {
      moves.push(move.do);
      if (move.do === 'delete-old') world.users = 1;
      if (world.lateWriting) world.users = 0;
    });
    expect(moves).toContain('note-late-writing');
    expect(moves).toContain('tell-late-writing');
    expect(moves).not.toContain('release-old');
    expect(world).toMatchObject({ disk: 'NEW', oldVolume: true, isOldKept: true, hasEnded: true });
  });

  const there = fresh(false);
  const filled: World = { ...there, isLocked: true, snapshot: 'ready', copy: 'bound', isNoted: true, newVolume: true };
  const switched: World = { ...filled, isSwitched: true, isNewKept: true, isOldKept: true };
  it.each<[string, MigrationStep, World, MigrationMove['do'], string]>([
    ['a disk that is gone', 'snapshot', { ...there, disk: undefined }, 'give-up', 'deleted meanwhile'],
    ['a disk that is mounted', 'snapshot', { ...there, users: 7 }, 'give-up', "'pod-0', 'pod-1'"],
    ['a disk of the same name that is another', 'copy', { ...filled, disk: 'FOREIGN' }, 'give-up', 'deleted meanwhile'],
    ['a snapshot that was passed over', 'copy', { ...there, isLocked: true }, 'fail', 'snapshot is not there'],
    ['a copy that was passed over', 'switch', { ...there, isLocked: true }, 'fail', 'not there'],
    ['a copy that somebody deleted', 'copy', { ...filled, copy: 'leaving' }, 'give-up', 'was deleted'],
    ['a volume that somebody deleted', 'switch', { ...filled, oldVolume: false }, 'fail', 'Its volume is not there'],
    ['a mount before the switch', 'switch', { ...filled, users: 1 }, 'give-up', 'would be lost'],
    ['a name that another took', 'switch', { ...switched, copy: undefined, disk: 'FOREIGN' }, 'fail', 'Another claim'],
    ['a switch that was passed over', 'clean-up', filled, 'fail', 'no volume'],
    ['a move that was undone', 'copy', { ...there, isCancelled: true, hasEnded: true }, 'fail', 'undone'],
  ])('does not go on with %s (refused)', (_what, step, world, does, why) => {
    expect(decideMigration(step, seenIn(world))).toEqual({ do: does, why: expect.stringContaining(why) });
  });

  it('never writes anything but in the state that it was made for, whatever it sees', () => {
    const any = fc.record({
      disk: fc.constantFrom(undefined, 'OLD', 'NEW', 'FOREIGN'),
      ...Object.fromEntries(
        ['isLocked', 'isBound', 'isLeaving', 'waitsForPod', 'isNoted', 'newVolume', 'isNewKept', 'isNewReserved'].map(
          (name) => [name, fc.boolean()],
        ),
      ),
      ...Object.fromEntries(
        ['oldVolume', 'isOldKept', 'isCancelled', 'isSwitched', 'hasEnded'].map((name) => [name, fc.boolean()]),
      ),
      users: fc.nat(2),
      snapshot: fc.constantFrom(undefined, 'making', 'ready'),
      copy: fc.constantFrom(undefined, 'pending', 'bound', 'leaving'),
      pod: fc.constantFrom(undefined, 'there', 'leaving'),
      lateWriting: fc.constantFrom(undefined, 'SEEN', 'TOLD'),
    });
    fc.assert(
      fc.property(any, fc.constantFrom(...migrationSteps), (given, step) => {
        const world = given as unknown as World;
        const move = decideMigration(step, seenIn(world));
        if (move.do === 'delete-old') {
          expect(world).toMatchObject({ isSwitched: true, disk: 'OLD', newVolume: true, isNoted: true });
        }
        if (move.do === 'release-old' && world.isSwitched) {
          expect(world).toMatchObject({ disk: 'NEW', isBound: true, lateWriting: undefined });
        }
        if (move.do === 'pass-no-return') {
          expect(world).toMatchObject({ isCancelled: false, users: 0, isNewKept: true, isOldKept: true });
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
