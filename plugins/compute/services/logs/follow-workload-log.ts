import {
  type Clock,
  loopSlices,
  type PodLogLine,
  type PodLogRequest,
  RequestError,
  type StreamMessage,
} from 'longshore/sdk';
import type { PodObject } from '../../api.ts';
import { type ContainerProgress, goneContainer, progressOf } from './container-progress.ts';
import { type ContainerPosition, followContainer } from './follow-container.ts';
import { createFollowedValue, type FollowedValue } from './followed-value.ts';
import type { LineSource, LogEntry } from './log-entry.ts';
import { logBeginning } from './log-position.ts';
import { mergeByTime } from './merge-by-time.ts';
import { containerKey, encodeWorkloadLogCursor, type WorkloadLogPosition } from './workload-log-cursor.ts';

export interface FollowWorkloadLogOptions {
  /** Global id of the workload or pod: whose cursors these are. */
  readonly workload: string;
  /** Its pods as this caller may see them, now and as they change; RESYNC begins anew. */
  readonly pods: AsyncIterable<StreamMessage<PodObject>>;
  /** Which containers of a pod. */
  readonly containersOf: (pod: PodObject) => readonly string[];
  readonly open: (
    source: LineSource,
    request: Pick<PodLogRequest, 'follow' | 'previous' | 'sinceTime' | 'tailLines'>,
    signal: AbortSignal,
  ) => AsyncIterable<PodLogLine>;
  /** Which lines are wanted. */
  readonly matches: (text: string) => boolean;
  /** Throws where the caller may no longer read the logs of this pod; asked before every message about it. */
  readonly assertAllowed: (pod: PodObject) => void;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly tail: number | undefined;
  readonly since: string | undefined;
  readonly after: WorkloadLogPosition | undefined;
  /** Most containers at a time: each is an open request to the cluster. */
  readonly maxContainers: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface Followed {
  pod: PodObject;
  readonly progress: FollowedValue<ContainerProgress>;
  /** Whether it is still there, after the pods were told anew. */
  isConfirmed: boolean;
  /** Whether its log has ended; it is kept so that it does not begin again. */
  isOver: boolean;
  /** Aborts where the pod is still there, but not for this caller, or not in this workload. */
  readonly left: AbortController;
}

const heartbeatMs = 30_000;

/**
 * Lines of all pods of a workload in order of time, over restarts and replacements of its pods. Nothing is queued but one line of
 * each container: a reader that is slow stops the reading at the cluster. Following never ends by itself: a workload of which nothing
 * runs may run again.
 */
export function followWorkloadLog(
  options: FollowWorkloadLogOptions,
): AsyncIterableIterator<StreamMessage<LogEntry>, void, undefined> {
  const stop = new AbortController();
  const messages = follow(options, stop);
  return {
    next: () => messages.next(),
    // A generator that waits hears of this only when what it waits for comes: a silent workload would keep its connections.
    return() {
      stop.abort();
      return messages.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* follow(
  options: FollowWorkloadLogOptions,
  stop: AbortController,
): AsyncGenerator<StreamMessage<LogEntry>, void, undefined> {
  const { workload, clock, after } = options;
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const pods = options.pods[Symbol.asyncIterator]();
  const merged = mergeByTime<LogEntry>(clock);
  const followed = new Map<string, Followed>();
  const positions = new Map<string, ContainerPosition>(after?.containers);
  // With the newest lines alone, what is older than the stream is not news to whoever comes back.
  const newest = options.tail === undefined ? '' : new Date(clock.now()).toISOString();
  const since = after?.since ?? options.since ?? newest;
  /** Whether all pods that were there when the stream began are known. */
  let isUnderWay = false;
  let failure: { readonly error: unknown } | undefined;
  signal.addEventListener('abort', () => merged.end(), { once: true });

  const following = followPods().catch((error: unknown) => {
    failure = { error };
    merged.end();
  });

  try {
    while (!signal.aborted) {
      const result = await merged.next(heartbeatMs);
      if (failure) throw failure.error;
      if (signal.aborted || result?.done) return;
      if (!result) {
        for (const { pod } of followed.values()) options.assertAllowed(pod);
        yield message('HEARTBEAT', undefined);
        continue;
      }
      const { value } = result;
      const key = containerKey(value.source);
      const from = followed.get(key);
      if (from) options.assertAllowed(from.pod);
      // It was read ahead before the pod left.
      if (from?.left.signal.aborted && value.kind !== 'ENDED') continue;
      if (value.kind === 'ENDED') finish(key);
      else positions.set(key, { run: value.run, position: value.position });
      yield message('ADDED', value);
    }
  } finally {
    stop.abort();
    await pods.return?.();
    await following;
  }

  async function followPods(): Promise<void> {
    for (let next = await pods.next(); !next.done && !signal.aborted; next = await pods.next()) {
      const { type, item } = next.value;
      if (type === 'RESYNC') for (const each of followed.values()) each.isConfirmed = false;
      if (type === 'SNAPSHOT') {
        isUnderWay = true;
        for (const each of followed.values()) if (!each.isConfirmed) leave(each.pod);
        // Of pods that went while nobody followed; a cursor that is handed on again and again would only grow.
        for (const key of positions.keys()) if (!followed.has(key)) positions.delete(key);
        if (!options.follow) break;
      }
      if (!item) continue;
      if (type === 'DELETED') leave(item);
      else look(item);
    }
    if (!options.follow) merged.close();
  }

  /** What a pod that is deleted wrote in the end is still read; where it has only left this log, the reading ends with it. */
  function leave({ metadata }: PodObject): void {
    for (const [key, each] of followed) {
      if (each.pod.metadata.uid !== metadata.uid) continue;
      each.progress.set(goneContainer);
      if (metadata.deletionTimestamp === undefined) each.left.abort();
      if (each.isOver) forget(key);
    }
  }

  function look(pod: PodObject): void {
    for (const container of options.containersOf(pod)) {
      const { name, uid } = pod.metadata;
      const source: LineSource = { pod: name, uid, container };
      const key = containerKey(source);
      const known = followed.get(key);
      if (known) {
        known.pod = pod;
        known.isConfirmed = true;
        known.progress.set(progressOf(pod, container));
      } else {
        begin(key, source, pod);
      }
    }
  }

  function begin(key: string, source: LineSource, pod: PodObject): void {
    const open = [...followed.values()].filter(({ isOver }) => !isOver).length;
    if (open >= options.maxContainers) {
      const most = options.maxContainers;
      throw new RequestError(
        'TOO_COMPLEX',
        `More than ${most} containers write to this log: filter by pods or containers`,
      );
    }
    options.assertAllowed(pod);
    const progress = createFollowedValue(progressOf(pod, source.container));
    const left = new AbortController();
    followed.set(key, { pod, progress, isConfirmed: true, isOver: false, left });
    const before = positions.get(key);
    merged.add(
      onlyWanted(
        source,
        left.signal,
        followContainer({
          source,
          progress,
          open: (request, signal) => options.open(source, request, signal),
          follow: options.follow,
          previous: options.previous && after === undefined,
          // Of a pod that comes later every line is new.
          tail: after || isUnderWay ? undefined : options.tail,
          since: after ? since || undefined : options.since,
          after: before,
          clock,
          signal: AbortSignal.any([signal, left.signal]),
        }),
      ),
    );
  }

  async function* onlyWanted(
    source: LineSource,
    left: AbortSignal,
    entries: AsyncIterable<LogEntry>,
  ): AsyncGenerator<LogEntry, void, undefined> {
    for await (const entry of entries) {
      if (entry.kind !== 'LINE' || options.matches(entry.text)) yield entry;
      // Lines that nobody wants come without anybody waiting for them: they must not keep others from their turn.
      else if (loopSlices.isSpent()) await loopSlices.next();
    }
    if (!left.aborted || signal.aborted) return;
    const { run, position } = positions.get(containerKey(source)) ?? { run: 0, position: logBeginning };
    const time = new Date(clock.now()).toISOString();
    const text = 'The pod has left this log';
    yield { kind: 'ENDED', source, run, time, text, isCut: false, missingSince: undefined, position };
  }

  function finish(key: string): void {
    const over = followed.get(key);
    // It may come back, and then goes on behind what was sent.
    if (over?.left.signal.aborted) followed.delete(key);
    else if (over?.progress.now === goneContainer) forget(key);
    else if (over) over.isOver = true;
  }

  /** A pod that is gone does not come back: its place in the log is of no use to anybody. */
  function forget(key: string): void {
    positions.delete(key);
    followed.delete(key);
  }

  function message(type: 'ADDED' | 'HEARTBEAT', item: LogEntry | undefined): StreamMessage<LogEntry> {
    const containers = new Map(positions);
    return {
      type,
      item,
      reason: undefined,
      // Made where it is asked for: it has a row for each container.
      get cursor() {
        return encodeWorkloadLogCursor(workload, { since, containers });
      },
    };
  }
}
