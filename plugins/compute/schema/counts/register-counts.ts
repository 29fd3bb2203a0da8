import {
  type Allow,
  AnswerError,
  type ArgBuilder,
  type ClusterProblem,
  followKubernetesObjects,
  type KindRef,
  type KubeObject,
  type KubernetesFilter,
  type ListType,
  type LongshoreBuilder,
  listKubernetesObjects,
  type MaybePromise,
  mapMaybe,
  type RequestContext,
  RequestError,
  registerQuery,
  registerSubscription,
  type StreamArguments,
  type TypeRef,
} from 'longshore/sdk';
import { followCounts } from '../../services/counts/follow-counts.ts';
import { type CountRow, countRows } from '../../services/counts/tally.ts';

export interface CountsSpec<T, Filter, Args, Counts> {
  /** `workload` or `pod`: the query is `<thing>Counts`, the stream `<thing>CountChanges`. */
  readonly thing: string;
  /** Plural for descriptions. */
  readonly things: string;
  readonly allow: Allow;
  readonly type: TypeRef<Counts & WithProblems>;
  readonly list: ListType<KubeObject<T>, Filter>;
  readonly kindsOf: (filter: Filter | null | undefined) => readonly KindRef<T>[];
  /** Besides the filter: what of these kinds is counted at all. */
  readonly isMember?: (object: KubeObject<T>, filter: Filter | null | undefined) => boolean;
  readonly wordsOf: (object: KubeObject<T>) => readonly string[];
  /** Arguments besides `filter`. */
  readonly args?: (t: ArgBuilder) => object;
  /** Throws `RequestError` for arguments that are none. */
  readonly checkArgs?: (args: Args) => void;
  readonly toCounts: (rows: readonly CountRow[], args: Args) => Counts;
}

export interface WithProblems {
  readonly problems: readonly ClusterProblem[];
}

type CountsArguments<Filter, Args> = Args & { readonly filter?: (Filter & KubernetesFilter) | null | undefined };

/** How many of a thing there are, as a query and as a stream of what that becomes: only of what the caller may see. */
export function registerCounts<T, Filter, Args, Counts extends object>(
  builder: LongshoreBuilder,
  spec: CountsSpec<T, Filter, Args, Counts>,
): void {
  const argsOf = (t: ArgBuilder) =>
    ({
      filter: t({ type: spec.list.filterType as never, description: `Which ${spec.things} to count.` }),
      ...(spec.args?.(t) ?? {}),
    }) as never;
  registerQuery(builder, {
    name: `${spec.thing}Counts`,
    description: `How many ${spec.things} there are that you may see, and how they do.`,
    allow: spec.allow,
    type: spec.type as never,
    args: argsOf,
    resolve: (args, context) => count(spec, args as never, context) as never,
  });
  registerSubscription<Counts & WithProblems>(builder, {
    name: `${spec.thing}CountChanges`,
    description: `How many ${spec.things} there are that you may see, and how they do, as that changes: at most once a second, or once in \`throttleMs\` where that is longer, each time all numbers. With \`after\` the numbers come where they differ from those that were told with the cursor.`,
    allow: spec.allow,
    itemField: 'counts',
    itemType: spec.type,
    itemDescription: 'The numbers as they are now.',
    isThrottled: true,
    args: argsOf,
    subscribe: (args, context) => follow(spec, args as never, context) as never,
  });
}

function count<T, Filter, Args, Counts>(
  spec: CountsSpec<T, Filter, Args, Counts>,
  args: CountsArguments<Filter, Args>,
  context: RequestContext,
): MaybePromise<Counts & WithProblems> {
  spec.checkArgs?.(args);
  const isCounted = matcherOf(spec, args.filter, context);
  return mapMaybe(listKubernetesObjects(spec.kindsOf(args.filter), args, context), ({ items, problems = [] }) => ({
    ...spec.toCounts(countRows(only(items, isCounted), spec.wordsOf), args),
    problems,
  }));
}

async function follow<T, Filter, Args, Counts>(
  spec: CountsSpec<T, Filter, Args, Counts>,
  args: CountsArguments<Filter, Args> & StreamArguments,
  context: RequestContext,
): Promise<AsyncIterable<unknown>> {
  spec.checkArgs?.(args);
  const topic = `${spec.thing}CountChanges`;
  const kinds = spec.kindsOf(args.filter);
  const source = await followKubernetesObjects<T>({
    topic,
    kinds,
    cluster: args.filter?.cluster,
    matches: matcherOf(spec, args.filter, context),
    scope: JSON.stringify(args.filter ?? null),
    args: { snapshot: true },
    context,
  });
  return followCounts<T, Counts & WithProblems>({
    topic,
    source,
    wordsOf: spec.wordsOf,
    async toCounts(rows) {
      const { problems = [] } = await listKubernetesObjects(kinds, args, context.fork());
      return { ...spec.toCounts(rows, args), problems };
    },
    snapshot: args.snapshot,
    after: args.after ?? undefined,
    throttleMs: args.throttleMs,
    clock: context.clock,
  });
}

/** A bad filter is bad input of the request. */
function matcherOf<T, Filter, Args, Counts>(
  { list, isMember }: CountsSpec<T, Filter, Args, Counts>,
  filter: Filter | null | undefined,
  context: RequestContext,
): (object: KubeObject<T>) => boolean {
  try {
    const inFilter = list.compileFilter(filter, context);
    return (object) => (isMember?.(object, filter) ?? true) && inFilter(object);
  } catch (error) {
    if (error instanceof AnswerError) throw new RequestError('BAD_USER_INPUT', error.message, { cause: error });
    throw error;
  }
}

function* only<T>(items: Iterable<T>, isWanted: (item: T) => boolean): Iterable<T> {
  for (const item of items) if (isWanted(item)) yield item;
}
