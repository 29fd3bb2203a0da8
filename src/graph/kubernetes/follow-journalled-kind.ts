import { RequestError } from '../../kernel/request-error.ts';
import { compareVersions } from '../../kube/compare-versions.ts';
import { type KindRef, subjectOf } from '../../kube/kind-ref.ts';
import { type KubeObject, origin } from '../../kube/kube-object.ts';
import type { StreamMessage } from '../../live/stream-message.ts';
import type { TopicRef } from '../../live/topics.ts';
import type { StreamArguments } from '../makers/register-subscription.ts';
import type { RequestContext } from '../request-context.ts';
import { rightsInClusters } from './kubernetes-changes.ts';
import { clustersOf } from './kubernetes-list.ts';

export interface FollowJournalledOptions<T> {
  readonly topic: TopicRef<KubeObject<T>>;
  readonly kind: KindRef<T>;
  readonly cluster: string | null | undefined;
  readonly matches: (object: KubeObject<T>) => boolean;
  readonly args: StreamArguments;
  readonly context: RequestContext;
}

/** By so much a watch may lag behind the one that journals before anybody notices that it is broken, in ms. */
const unnoticedMs = 95_000;

/** What is there of a journalled kind, and then each state that is journalled, as far as this caller may see it. */
export async function followJournalledKind<T>(
  options: FollowJournalledOptions<T>,
): Promise<AsyncIterableIterator<StreamMessage<KubeObject<T>>>> {
  const { context, args, kind, topic } = options;
  const { clusters: named, problems } = clustersOf(options.cluster, context);
  if (problems[0]) throw new RequestError('BAD_USER_INPUT', problems[0].message);
  const clusters = named.filter((cluster) => context.access.readFilter(subjectOf(kind), cluster) !== 'none');
  const rights = await rightsInClusters(clusters, [kind], context);
  let allows = rights?.view();
  const stopWatching = rights?.onChange(() => {
    allows = rights.view();
  });
  const concerns = (cluster: string | undefined) => cluster === undefined || clusters.includes(cluster);
  // Rights are asked for each object and message: they may change while the stream is open.
  const matches = (object: KubeObject<T>) =>
    concerns(object[origin].cluster) &&
    context.access.allowed('READ', object) &&
    options.matches(object) &&
    (allows?.(object) ?? true);

  async function listed(): Promise<readonly KubeObject<T>[]> {
    const lists = await Promise.all(clusters.map((cluster) => context.kube(cluster).list(kind)));
    return lists.flatMap(({ items }) => [...items].filter(matches));
  }

  return context.services.topics.subscribe<KubeObject<T>>({
    topic,
    matches,
    concerns,
    initial: args.snapshot ? listed : undefined,
    overlap: {
      // Where the caller may follow no cluster there is nothing older than now.
      since: () =>
        Math.min(context.clock.now(), ...clusters.map((cluster) => freshUntil(cluster, options))) - unnoticedMs,
      key: ({ metadata }) => metadata.uid,
      includes: (inList, { metadata }) =>
        (compareVersions(inList.metadata.resourceVersion, metadata.resourceVersion) ?? 0) >= 0,
    },
    after: args.after ?? undefined,
    throttleMs: args.throttleMs,
    keyOf: ({ metadata }) => metadata.uid,
    signal: context.signal,
    onClose(error) {
      stopWatching?.();
      context.onStreamClosed?.(error);
    },
  });
}

/** Until when the cache of this replica is known to be fresh, in UTC ms. */
function freshUntil<T>(name: string, { kind, context }: FollowJournalledOptions<T>): number {
  const feed = context.cluster(name).feed(kind);
  const since = feed.staleSince ?? context.clock.now();
  feed.release();
  return since;
}
