import { compareVersions } from '../../kube/compare-versions.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import type { KindHub } from '../create-kind-hub.ts';
import { comparePositions, type StreamPosition } from '../stream-position.ts';
import type { SeenObjects } from './seen-objects.ts';

/** A state of an object that the stream has not told of. */
export interface ObjectNews<T> {
  readonly type: 'ADDED' | 'MODIFIED';
  readonly object: KubeObject<T>;
  readonly previous: KubeObject<T> | undefined;
}

export interface CollectedNews<T> {
  readonly news: readonly ObjectNews<T>[];
  /** Something may have come and gone unheard since the position. */
  readonly isGap: boolean;
  /** Everything up to here is in `news`. */
  readonly next: StreamPosition;
}

/**
 * What happened behind a position (undefined: ever): change by change where the watch has heard it all since, else from what is
 * there. That an object is gone is not news. Synchronous, so that nothing happens in between.
 */
export function collectNews<T>(
  hub: Pick<KindHub<T>, 'position' | 'after' | 'continuousSince' | 'objects'>,
  at: StreamPosition | undefined,
  seen: Pick<SeenObjects, 'judge'>,
): CollectedNews<T> {
  const next = hub.position();
  const order = at && comparePositions(at, next);
  if (!at) return { news: ofEverything(hub, seen), isGap: false, next };
  if (order === undefined || order > 0) {
    // This watch lags behind the writer before it, and then has nothing new; or the cluster has begun another life.
    const news = ofEverything(hub, seen);
    return { news, isGap: news.length > 0, next };
  }
  const missed = hub.after(at);
  const isGap = missed === 'expired' || (compareVersions(at.version, hub.continuousSince()) ?? -1) < 0;
  if (missed === 'expired') return { news: ofEverything(hub, seen), isGap, next };
  const told = new Map<string, string>();
  const news: ObjectNews<T>[] = [];
  for (const { event } of missed) {
    if (event.type === 'DELETED') continue;
    const { uid, resourceVersion } = event.object.metadata;
    const type = seen.judge(event.object);
    const earlier = told.get(uid);
    if (!type || (earlier !== undefined && (compareVersions(resourceVersion, earlier) ?? 1) <= 0)) continue;
    told.set(uid, resourceVersion);
    news.push({ type: earlier === undefined ? type : 'MODIFIED', object: event.object, previous: event.previous });
  }
  return { news, isGap, next };
}

function ofEverything<T>(hub: Pick<KindHub<T>, 'objects'>, seen: Pick<SeenObjects, 'judge'>): readonly ObjectNews<T>[] {
  const news: ObjectNews<T>[] = [];
  for (const object of hub.objects()) {
    const type = seen.judge(object);
    if (type) news.push({ type, object, previous: undefined });
  }
  return news.sort(
    (one, other) => compareVersions(one.object.metadata.resourceVersion, other.object.metadata.resourceVersion) ?? 0,
  );
}
