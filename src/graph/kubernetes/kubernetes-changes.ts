import { AnswerError } from '../../kernel/answer-error.ts';
import { sleep } from '../../kernel/clock.ts';
import { RequestError } from '../../kernel/request-error.ts';
import type { KindRef } from '../../kube/kind-ref.ts';
import { subjectOf } from '../../kube/kind-ref.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import type { ObjectView } from '../../live/object-streams.ts';
import type { StreamMessage } from '../../live/stream-message.ts';
import type { LongshoreBuilder } from '../builder.ts';
import type { ListType } from '../lists/define-list.ts';
import type { Allow } from '../makers/guard-root-field.ts';
import { registerSubscription, type StreamArguments } from '../makers/register-subscription.ts';
import type { RequestContext } from '../request-context.ts';
import { clustersOf, type KubernetesFilter } from './kubernetes-list.ts';
import { type ClusterRights, watchClusterRights } from './watch-cluster-rights.ts';

export interface KubernetesChangesSpec<T, Filter> {
  readonly name: string;
  readonly description: string;
  readonly allow: Allow;
  readonly kinds: readonly KindRef<T>[];
  readonly itemField: string;
  readonly itemType: unknown;
  readonly itemDescription: string;
  /** The list of the same thing: the stream filters as it does. */
  readonly list: ListType<KubeObject<T>, Filter>;
  /** Besides the filter: what of these kinds belongs to the stream at all. */
  readonly isMember?: (object: KubeObject<T>, filter: Filter | null | undefined) => boolean;
}

/** A subscription to the objects of one kind or several, over the watch that also feeds the cache. */
export function registerKubernetesChanges<T, Filter>(
  builder: LongshoreBuilder,
  spec: KubernetesChangesSpec<T, Filter>,
): void {
  registerSubscription<KubeObject<T>>(builder, {
    name: spec.name,
    description: spec.description,
    allow: spec.allow,
    itemField: spec.itemField,
    itemType: spec.itemType,
    itemDescription: spec.itemDescription,
    isThrottled: true,
    args: (t) =>
      ({
        filter: t({ type: spec.list.filterType as never, description: `Which ${spec.list.plural} to follow.` }),
      }) as never,
    subscribe: (args, context) => {
      const { filter } = args as { filter?: (Filter & KubernetesFilter) | null };
      const inFilter = compile(() => spec.list.compileFilter(filter, context));
      return followKubernetesObjects({
        topic: spec.name,
        kinds: spec.kinds,
        cluster: filter?.cluster,
        matches: (object) => inFilter(object) && (spec.isMember?.(object, filter) ?? true),
        scope: JSON.stringify(filter ?? null),
        args,
        context,
      });
    },
  });
}

export interface FollowOptions<T> {
  /** Name of the stream: its cursors are of no use to another. */
  readonly topic: string;
  readonly kinds: readonly KindRef<T>[];
  readonly cluster: string | null | undefined;
  readonly matches: (object: KubeObject<T>) => boolean;
  /** Key of what `matches` lets through; subscribers with the same key and the same rights share the work. */
  readonly scope: string;
  readonly args: StreamArguments;
  readonly context: RequestContext;
}

/** Objects of these kinds as this caller may see them, now and as they change. */
export async function followKubernetesObjects<T>(
  options: FollowOptions<T>,
): Promise<AsyncIterable<StreamMessage<KubeObject<T>>>> {
  const { context, args, matches } = options;
  const { clusters, problems } = clustersOf(options.cluster, context);
  if (problems[0]) throw new RequestError('BAD_USER_INPUT', problems[0].message);
  const kinds = options.kinds.filter((kind) =>
    clusters.some((cluster) => context.access.readFilter(subjectOf(kind), cluster) !== 'none'),
  );
  const rights = await rightsInClusters(clusters, kinds, context);
  let views = 0;
  const viewOf = (allows: ((object: KubeObject<T>) => boolean) | undefined): ObjectView<T> => ({
    // Rights are asked for each object and message: they may change while the stream is open.
    matches: (object) => context.access.allowed('READ', object) && matches(object) && (allows?.(object) ?? true),
    // What a cluster allows one caller is nobody else's to share.
    scope: allows ? `${context.requestId} ${views++}` : `${context.access.canonical} ${options.scope}`,
  });
  return context.services.objectStreams.subscribe<T>({
    ...viewOf(rights?.view()),
    topic: options.topic,
    kinds,
    isFollowed: (name) => clusters.includes(name) || (!options.cluster && mayComeLater(name, context)),
    onViewChange: rights && ((listener) => rights.onChange(() => listener(viewOf(rights.view())))),
    principal: context.principal,
    snapshot: args.snapshot,
    after: args.after ?? undefined,
    throttleMs: args.throttleMs,
    signal: context.signal,
    onClose: context.onStreamClosed,
  });
}

/** A cluster that decides by the caller was not asked when the stream was opened: it is seen by those that open later. */
function mayComeLater(name: string, { clusters }: RequestContext): boolean {
  const cluster = clusters.get(name);
  return cluster !== undefined && cluster.identity !== 'impersonate';
}

/** Reads once what will be followed: its answers are then known, and the snapshot is whole. */
export async function rightsInClusters(
  names: readonly string[],
  kinds: readonly KindRef[],
  context: RequestContext,
): Promise<ClusterRights | undefined> {
  const { principal, clock, signal } = context;
  const clusters = names.map((name) => context.cluster(name));
  const rights = watchClusterRights({ clusters, principal, clock, signal });
  if (!rights) return undefined;
  const impersonating = clusters.filter(({ identity }) => identity === 'impersonate');
  const lists = await Promise.all(
    impersonating.flatMap(({ name }) => kinds.map((kind) => context.kube(name).list(kind))),
  );
  const look = rights.view();
  for (const { items } of lists) for (const object of items) look(object);
  await sleep(clock, 0, signal);
  return rights;
}

/** A bad filter of a stream is bad input of the request. */
function compile<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof AnswerError) throw new RequestError('BAD_USER_INPUT', error.message, { cause: error });
    throw error;
  }
}
