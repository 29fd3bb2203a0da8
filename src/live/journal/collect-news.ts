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
  const changes = missed.flatMap(({ event }) => (event.type === 'DELETED' ? [] : [event]));
  return { news: ofChanges(changes, seen), isGap, next };
}

/**
 * What happened between a position and the moment since when the watch has heard everything, as the cluster remembers it.
 * Undefined where nothing lies between, or the cluster does not remember.
 */
export async function collectUnheard<T>(
  hub: Pick<KindHub<T>, 'continuousSince' | 'unheardStates' | 'objects'>,
  at: StreamPosition,
  seen: Pick<SeenObjects, 'judge'>,
  signal: AbortSignal,
): Promise<CollectedNews<T> | undefined> {
  const until = hub.continuousSince();
  if ((compareVersions(at.version, until) ?? 0) >= 0) return undefined;
  if (isOfAnotherLife(hub, at, seen)) return undefined;
  const states = await hub.unheardStates(at.version, until, signal);
  if (!states) return undefined;
  const before = new Map<string, KubeObject<T>>();
  const changes = states.map((object) => {
    const previous = before.get(object.metadata.uid);
    before.set(object.metadata.uid, object);
    return { object, previous };
  });
  return { news: ofChanges(changes, seen), isGap: false, next: { version: until, ordinal: 0 } };
}

/** Up to its checkpoint a writer has told everything: what is older and yet untold is of a cluster that began anew. */
function isOfAnotherLife<T>(
  hub: Pick<KindHub<T>, 'objects'>,
  at: StreamPosition,
  seen: Pick<SeenObjects, 'judge'>,
): boolean {
  for (const object of hub.objects()) {
    const isOld = (compareVersions(object.metadata.resourceVersion, at.version) ?? 1) <= 0;
    if (isOld && seen.judge(object) !== undefined) return true;
  }
  return false;
}

function ofChanges<T>(
  changes: readonly { readonly object: KubeObject<T>; readonly previous: KubeObject<T> | undefined }[],
  seen: Pick<SeenObjects, 'judge'>,
): readonly ObjectNews<T>[] {
  const told = new Map<string, string>();
  const news: ObjectNews<T>[] = [];
  for (const { object, previous } of changes) {
    const { uid, resourceVersion } = object.metadata;
    const type = seen.judge(object);
    const earlier = told.get(uid);
    if (!type || (earlier !== undefined && (compareVersions(resourceVersion, earlier) ?? 1) <= 0)) continue;
    told.set(uid, resourceVersion);
    news.push({ type: earlier === undefined ? type : 'MODIFIED', object, previous });
  }
  return news;
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
