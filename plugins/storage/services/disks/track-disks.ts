import { idOfObject, type StreamMessage } from 'longshore/sdk';
import type { PersistentVolumeClaimObject } from '../../api.ts';
import type { DiskState } from './disk-state.ts';

type Message = StreamMessage<PersistentVolumeClaimObject>;

/** A disk as it stands now. */
export interface LookedAt {
  readonly disk: PersistentVolumeClaimObject;
  readonly state: DiskState;
}

/** What one reader of the stream of disks knows, and what has to be told so that it knows more. */
export interface DiskTracker {
  /** Whether changes of pods are news: what a snapshot shows of its disks knows its pods already. */
  readonly isWhole: boolean;
  /** Of a message without a disk. */
  mark(message: Message): readonly Message[];
  /** Of a message about the claim itself. */
  claim(message: Message, state: DiskState): readonly Message[];
  /** Of a disk whose claim is as it was, while something that mounts it is not. */
  disk(looked: LookedAt, cursor: string): readonly Message[];
}

/**
 * Turns changes of claims and of pods into changes of disks under a filter that looks at both. Who resumes may have any disk: until it
 * was told of one its leaving is told too, which is no news to who never had it. Pure.
 */
export function trackDisks(matches: (looked: LookedAt) => boolean, hasSnapshot: boolean): DiskTracker {
  /** What the reader has of a disk, by id: its state, or `undefined` where it has not got it. */
  const known = new Map<string, DiskState | undefined>();
  let isWhole = !hasSnapshot;

  function tell(looked: LookedAt, cursor: string, isNews: boolean): readonly Message[] {
    const { disk, state } = looked;
    const id = idOfObject(disk);
    const isKnown = known.has(id);
    const had = known.get(id);
    const has = matches(looked);
    known.set(id, has ? state : undefined);
    const message = { cursor, item: disk, reason: undefined };
    if (!has) return had !== undefined || !isKnown ? [{ ...message, type: 'DELETED' }] : [];
    if (had === undefined && isKnown) return [{ ...message, type: 'ADDED' }];
    return isNews || had !== state ? [{ ...message, type: 'MODIFIED' }] : [];
  }

  return {
    get isWhole() {
      return isWhole;
    },
    mark(message) {
      if (message.type === 'SNAPSHOT') isWhole = true;
      if (message.type === 'RESYNC') {
        isWhole = false;
        known.clear();
      }
      return [message];
    },
    claim(message, state) {
      const { item: disk, type, cursor } = message;
      if (!disk) return [message];
      const id = idOfObject(disk);
      if (type === 'DELETED') {
        const isThere = !known.has(id) || known.get(id) !== undefined;
        known.delete(id);
        return isThere ? [message] : [];
      }
      // What comes now was not there before, whatever the filter says of it.
      if (type === 'ADDED') known.set(id, undefined);
      return tell({ disk, state }, cursor, true);
    },
    disk: (looked, cursor) => tell(looked, cursor, false),
  };
}
