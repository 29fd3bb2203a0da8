import type { Clock } from '../../kernel/clock.ts';
import { loopSlices } from '../../kernel/loop-slices.ts';
import { skipSpace } from '../decode/find-items.ts';
import { originOf } from '../intake.ts';
import type { KindRef } from '../kind-ref.ts';
import { resourcePath } from '../resource-path.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';
import { ConnectionError } from '../transport/connection-error.ts';
import { statusOf } from '../transport/kube-status-error.ts';
import { createPace } from './create-pace.ts';
import type { CacheScope } from './kind-cache.ts';
import { createLineSplitter, type Line, textOf } from './line-splitter.ts';
import { listPages } from './list-pages.ts';
import { placeholderOf } from './placeholder-of.ts';
import { parseFrame, takeInOrUndefined, versionOf } from './watch-frame.ts';

/** What a list-watch reports besides objects. */
export interface ReflectorReports {
  listed(): void;
  /** List and watch are whole. */
  live(): void;
  /** They are not, and nothing was heard since then. */
  broken(error: Error, sinceMs: number): void;
  /** A frame that could not be used: `error`, `garbage`, `oversize`, `duplicate`, `unknown`. */
  oddFrame(oddity: 'error' | 'garbage' | 'oversize' | 'duplicate' | 'unknown'): void;
}

/** Why a list-watch ended for good: it was told to, or the cluster does not allow or serve it. */
export type ReflectorEnd = 'stopped' | 'forbidden' | 'missing';

const connectTimeoutMs = 10_000;
const listTimeoutMs = 30_000;
/** With the time to connect anew, a dead watch is noticed within 90 s. */
const idleLimitMs = 75_000;
/** A watch that lived as long was a good one, also if nothing happened. */
const goodLifeMs = 5_000;
const errorFramesToRelist = 3;
const metadataAccept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';
const metadataListAccept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
const maxFrameBytes = 8 * 1024 * 1024;

/**
 * Keeps one scope of a cache equal to the cluster: lists, watches from there, and comes back after every kind of
 * interruption. Reads from top to bottom; `position` undefined means that a list is needed.
 */
export async function reflect(options: {
  readonly transport: ClusterTransport;
  readonly kind: KindRef;
  readonly namespace: string | undefined;
  readonly scope: CacheScope;
  /** Asks only for the objects' metadata, where nothing else is needed. */
  readonly isMetadataOnly?: boolean | undefined;
  readonly reports: ReflectorReports;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
}): Promise<ReflectorEnd> {
  const { transport, kind, namespace, scope, reports, clock, random, signal } = options;
  const pace = createPace({
    clock,
    transport,
    random,
    // Another kind's request has found out, and this one will not be tried: its rows are no less old for that.
    onAway: () => reports.broken(fault(transport.problem ?? 'the cluster does not answer'), heardAt),
  });
  const from = originOf(transport.cluster, kind);
  let position: string | undefined;
  let heardAt = clock.now();
  let errorFrames = 0;

  while (!signal.aborted) {
    try {
      if (position === undefined) {
        // 1. Read everything there is.
        await pace.beforeList(signal);
        if (signal.aborted) break;
        const list = await listPages(transport, {
          kind,
          namespace,
          accept: options.isMetadataOnly ? metadataListAccept : undefined,
          keep: scope.beginList(),
          signal,
          timeoutMs: listTimeoutMs,
        });
        if (signal.aborted) break;
        heardAt = clock.now();
        await scope.replace(list.items, list.resourceVersion);
        if (signal.aborted) break;
        position = list.resourceVersion;
        reports.listed();
        errorFrames = 0;
      } else {
        await pace.beforeWatch(signal);
        if (signal.aborted) break;
      }
      // 2. Follow from there until something ends it.
      const end = await follow();
      position = scope.position;
      if (end === 'expired') {
        position = undefined;
        pace.expired();
      } else if (end === 'refused') {
        errorFrames += 1;
        if (errorFrames >= errorFramesToRelist) position = undefined;
        reports.broken(fault('the watch ended with an error'), heardAt);
        pace.failed();
      } else if (end === 'good') {
        errorFrames = 0;
        pace.progressed();
      } else {
        reports.broken(fault('the watch ended at once'), heardAt);
        pace.failed();
      }
    } catch (error) {
      if (signal.aborted) break;
      // 3. The cluster says no, for good or for now.
      const status = statusOf(error);
      if (status === 403) return 'forbidden';
      if (status === 404 || status === 405) return 'missing';
      if (status === 410) {
        position = undefined;
        pace.expired();
      } else {
        // A version that the server does not know (yet) is refused, not expired.
        if (status === 400 || status === 422 || status === 504) errorFrames += 1;
        if (errorFrames >= errorFramesToRelist) position = undefined;
        reports.broken(error instanceof Error ? error : new Error(String(error)), heardAt);
        pace.failed();
      }
    }
  }
  return 'stopped';

  /** One watch request, from connecting to its end. Rejects where it could not be opened. */
  async function follow(): Promise<'good' | 'poor' | 'expired' | 'refused'> {
    const stream = await transport.stream({
      path: resourcePath(kind, namespace),
      query: {
        watch: true,
        resourceVersion: scope.position,
        allowWatchBookmarks: true,
        timeoutSeconds: 300 + Math.floor(random() * 301),
      },
      accept: options.isMetadataOnly ? metadataAccept : undefined,
      kind,
      namespace,
      signal,
      timeoutMs: connectTimeoutMs,
    });
    const connectedAt = clock.now();
    heardAt = connectedAt;
    reports.live();
    const stopIdleCheck = closeWhenIdle(stream.close);
    const splitter = createLineSplitter(maxFrameBytes);
    let isNews = false;
    try {
      for await (const chunk of stream.body) {
        if (signal.aborted) break;
        heardAt = clock.now();
        for (const line of splitter.push(chunk)) {
          const verdict = takeFrame(line);
          if (verdict === 'expired' || verdict === 'refused') {
            if (isNews) pace.progressed();
            return verdict;
          }
          if (verdict === 'garbage') return isNews ? 'good' : 'poor';
          if (verdict === 'news') isNews = true;
          if (loopSlices.isSpent()) await loopSlices.next();
          if (signal.aborted) break;
        }
      }
    } catch {
      // Cut, reset or idle: what was not heard is asked for again from the last position.
    } finally {
      stopIdleCheck();
      stream.close();
    }
    return isNews || clock.now() - connectedAt >= goodLifeMs ? 'good' : 'poor';
  }

  function takeFrame(line: Line): 'news' | 'nothing' | 'garbage' | 'expired' | 'refused' {
    // Of an object that is too large it is known that it is there and has changed, where the beginning tells.
    const frame = line.isCut ? placeholderOf(textOf(line)) : parseFrame(line.bytes, from);
    if (line.isCut) reports.oddFrame('oversize');
    if (line.isCut && frame === undefined) return 'nothing';
    if (skipSpace(line.bytes, 0) === line.bytes.length) return 'nothing';
    if (frame === undefined) return odd('garbage', 'garbage');
    switch (frame.type) {
      case 'ADDED':
      case 'MODIFIED':
      case 'DELETED': {
        const object = takeInOrUndefined(frame.object, from);
        if (object === undefined) return odd('garbage', 'garbage');
        return scope.change(frame.type, object) ? 'news' : odd('duplicate', 'nothing');
      }
      case 'BOOKMARK':
        scope.bookmark(versionOf(frame.object));
        return 'nothing';
      case 'ERROR':
        return odd('error', 'code' in frame.object && frame.object.code === 410 ? 'expired' : 'refused');
      default:
        return odd('unknown', 'nothing');
    }
  }

  function odd<T>(oddity: Parameters<ReflectorReports['oddFrame']>[0], verdict: T): T {
    reports.oddFrame(oddity);
    return verdict;
  }

  function closeWhenIdle(close: () => void): () => void {
    let cancel = clock.schedule(idleLimitMs, check);
    function check(): void {
      const silentMs = clock.now() - heardAt;
      if (silentMs >= idleLimitMs) close();
      else cancel = clock.schedule(idleLimitMs - silentMs, check);
    }
    return () => cancel();
  }
}

const fault = (message: string): ConnectionError => new ConnectionError('network', message);
