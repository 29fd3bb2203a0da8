import { persistentVolumeClaimKind, podKind } from 'longshore/plugins/compute';
import {
  followKubernetesObjects,
  type KindRef,
  type KubeObject,
  origin,
  type RequestContext,
  type StreamArguments,
  type StreamMessage,
} from 'longshore/sdk';
import type { PersistentVolumeClaimObject } from '../../api.ts';
import { claimIndexes } from '../classes/claim-users.ts';
import { isDisk } from './disk-facts.ts';
import { diskStateOf } from './read-disk.ts';
import { type DiskTracker, type LookedAt, trackDisks } from './track-disks.ts';

type Message = StreamMessage<PersistentVolumeClaimObject>;

export interface FollowDisksOptions {
  readonly cluster: string | null | undefined;
  /** Key of the filter. */
  readonly scope: string;
  readonly args: StreamArguments;
  readonly context: RequestContext;
  /** Whether a disk is in the filter as it stands now. */
  readonly matches: (looked: LookedAt) => boolean;
}

/**
 * Disks as they change, by their claims and by the pods that mount them: a disk's state is not in its claim. Cursors are those of both
 * watches, so the stream resumes as exactly as any.
 */
export async function followDisks(options: FollowDisksOptions): Promise<AsyncIterableIterator<Message>> {
  const { context, args } = options;
  const source = await followKubernetesObjects<unknown>({
    topic: 'diskChanges',
    kinds: [persistentVolumeClaimKind, podKind] as readonly KindRef[],
    cluster: options.cluster,
    matches: (object) => (isClaim(object) ? isDisk(object) : claimIndexes.claim(object).length > 0),
    // All disks and all that mounts them, whatever the filter: no stream of claims with the same filter may share it.
    scope: `disks ${options.scope}`,
    args,
    context,
  });
  return follow(source, trackDisks(options.matches, args.snapshot && !args.after), context);
}

function follow(
  changes: AsyncIterable<StreamMessage<KubeObject<unknown>>>,
  tracker: DiskTracker,
  context: RequestContext,
): AsyncIterableIterator<Message> {
  const source = changes[Symbol.asyncIterator]();
  const unread: Message[] = [];
  let before: string | undefined;
  const messages: AsyncIterableIterator<Message> = {
    async next() {
      while (unread.length === 0) {
        const { done, value: message } = await source.next();
        if (done) return { done: true, value: undefined };
        const { item, cursor } = message;
        const told =
          item === undefined ? tracker.mark(message as Message) : await news(message, item, tracker, context);
        // One pod may concern several disks: only behind the last of them everything is told.
        for (const [index, each] of told.entries()) {
          unread.push(index < told.length - 1 && before !== undefined ? { ...each, cursor: before } : each);
        }
        before = cursor;
      }
      return { done: false, value: unread.shift() as Message };
    },
    // A generator would wait for the next message before it lets the source go.
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => messages,
  };
  return messages;
}

async function news(
  message: StreamMessage<KubeObject<unknown>>,
  item: KubeObject<unknown>,
  tracker: DiskTracker,
  context: RequestContext,
): Promise<readonly Message[]> {
  // Nothing of what was read for the last message is to be trusted.
  const reader = context.fork().kube(item[origin].cluster);
  if (isClaim(item)) return tracker.claim(message as Message, await diskStateOf(reader, item));
  if (!tracker.isWhole) return [];
  // Keys of the index are `namespace/name`.
  const names = claimIndexes.claim(item).map((key) => key.slice(key.indexOf('/') + 1));
  const claims = await Promise.all(
    names.map((name) => reader.get(persistentVolumeClaimKind, item.metadata.namespace, name)),
  );
  const disks = claims.flatMap((claim) => (claim && isDisk(claim) ? [claim] : []));
  const looked = await Promise.all(disks.map(async (disk) => ({ disk, state: await diskStateOf(reader, disk) })));
  return looked.flatMap((each) => tracker.disk(each, message.cursor));
}

function isClaim(object: KubeObject<unknown>): object is PersistentVolumeClaimObject {
  return object[origin].kind === persistentVolumeClaimKind.kind && object[origin].group === '';
}
