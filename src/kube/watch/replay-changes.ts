import type { Clock } from '../../kernel/clock.ts';
import { loopSlices } from '../../kernel/loop-slices.ts';
import { compareVersions } from '../compare-versions.ts';
import { skipSpace } from '../decode/find-items.ts';
import { originOf } from '../intake.ts';
import type { KindRef } from '../kind-ref.ts';
import type { KubeObject } from '../kube-object.ts';
import { resourcePath } from '../resource-path.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';
import { createLineSplitter } from './line-splitter.ts';
import { parseFrame, takeInOrUndefined, versionOf } from './watch-frame.ts';

/** More states than that are not gathered. */
const maxStates = 5_000;
const maxFrameBytes = 8 * 1024 * 1024;
/** Before its end a server says how far it has told everything (KEP-956), so silence is not taken for nothing. */
const watchSeconds = 10;
const giveUpMs = 20_000;

/**
 * What the cluster still remembers between two versions, the later one included: each state of each object, deletions apart,
 * in order. Undefined where it does not remember, or does not say whether that was all.
 */
export async function replayChanges(options: {
  readonly transport: ClusterTransport;
  readonly kind: KindRef;
  readonly after: string;
  readonly until: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<readonly KubeObject<unknown>[] | undefined> {
  const { transport, kind, after, until, clock, signal } = options;
  const from = originOf(transport.cluster, kind);
  const states: KubeObject<unknown>[] = [];
  const stream = await openWatch();
  if (!stream) return undefined;
  const cancelGiveUp = clock.schedule(giveUpMs, stream.close);
  const splitter = createLineSplitter(maxFrameBytes);
  try {
    for await (const chunk of stream.body) {
      for (const line of splitter.push(chunk)) {
        const verdict = line.isCut ? 'unclear' : take(line.bytes);
        if (verdict === 'unclear') return undefined;
        if (verdict === 'done') return states;
        if (loopSlices.isSpent()) await loopSlices.next();
      }
    }
  } catch {
    // Cut before it was known whether that was all.
  } finally {
    cancelGiveUp();
    stream.close();
  }
  return undefined;

  async function openWatch() {
    try {
      return await transport.stream({
        path: resourcePath(kind, undefined),
        query: { watch: true, resourceVersion: after, allowWatchBookmarks: true, timeoutSeconds: watchSeconds },
        kind,
        signal,
      });
    } catch (error) {
      if (signal.aborted) throw error;
      return undefined;
    }
  }

  function take(bytes: Buffer): 'more' | 'done' | 'unclear' {
    if (skipSpace(bytes, 0) === bytes.length) return 'more';
    const frame = parseFrame(bytes, from);
    if (frame?.type === 'BOOKMARK') return isReached(versionOf(frame.object));
    if (frame?.type !== 'ADDED' && frame?.type !== 'MODIFIED' && frame?.type !== 'DELETED') return 'unclear';
    const object = takeInOrUndefined(frame.object, from);
    const order = object && compareVersions(object.metadata.resourceVersion, until);
    if (!object || order === undefined) return 'unclear';
    if (order > 0) return 'done';
    if (frame.type !== 'DELETED') states.push(object);
    if (order === 0) return 'done';
    return states.length > maxStates ? 'unclear' : 'more';
  }

  function isReached(version: string): 'more' | 'done' | 'unclear' {
    const order = compareVersions(version, until);
    if (order === undefined) return 'unclear';
    return order >= 0 ? 'done' : 'more';
  }
}
