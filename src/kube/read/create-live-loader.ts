import DataLoader from 'dataloader';
import { ForbiddenError, NotFoundError } from '../../kernel/answer-error.ts';
import type { ClusterProblem, ObjectList } from '../cluster-reader.ts';
import { originOf, takeIn } from '../intake.ts';
import { kindKey } from '../is-kind.ts';
import { keyOf, objectKey } from '../key-of.ts';
import type { KindRef } from '../kind-ref.ts';
import type { KubeObject } from '../kube-object.ts';
import { resourcePath } from '../resource-path.ts';
import type { LabelSelector } from '../syntax/parse-label-selector.ts';
import { type Gathered, type GatherOptions, gather, maxGathered } from './gather.ts';
import { problemOf } from './problem-of.ts';

interface GetAsk {
  readonly kind: KindRef;
  readonly namespace: string | undefined;
  readonly name: string;
}

interface ListAsk {
  readonly kind: KindRef;
  /** Sorted; undefined: all. */
  readonly namespaces: readonly string[] | undefined;
  readonly selector: LabelSelector | undefined;
}

type Ask = { readonly get: GetAsk } | { readonly list: ListAsk };
/** A failure is a value here, so that one ask does not fail its neighbours. */
type Answer =
  | { readonly object: KubeObject | undefined }
  | { readonly list: ObjectList<unknown> }
  | { readonly error: unknown };

/** Reads of one request that must ask the cluster: those of one tick become one request for each kind. */
export interface LiveLoader {
  get(kind: KindRef, namespace: string | undefined, name: string): Promise<KubeObject | undefined>;
  list(
    kind: KindRef,
    namespaces: readonly string[] | undefined,
    selector: LabelSelector | undefined,
  ): Promise<ObjectList<unknown>>;
  /** Forgets what the request remembers, because something was written since. */
  forget(): void;
}

const parallelGets = 8;

export function createLiveLoader(options: GatherOptions): LiveLoader {
  const { transport, principal, signal } = options;
  const { cluster } = transport;
  const loader = new DataLoader<Ask, Answer, string>((asks) => answerAll(asks), { cacheKeyFn: askKey });

  async function answerAll(asks: readonly Ask[]): Promise<Answer[]> {
    const byKind = Map.groupBy(asks, (ask) => kindKey(kindOf(ask)));
    const answers = new Map<Ask, Answer>();
    await Promise.all(
      [...byKind.values()].map(async (group) => {
        for (const [ask, answer] of await answerKind(group)) answers.set(ask, answer);
      }),
    );
    return asks.map((ask) => answers.get(ask) ?? { error: new Error('kube.live-loader: an ask was not answered') });
  }

  /** All asks about one kind: one GET for a single object, else one LIST that answers them together. */
  async function answerKind(asks: readonly Ask[]): Promise<[Ask, Answer][]> {
    const [first] = asks;
    if (first === undefined) return [];
    if (asks.length === 1 && 'get' in first) return [[first, await answerByGet(first.get)]];
    const kind = kindOf(first);
    const only = asks.length === 1 && 'list' in first ? first.list : undefined;
    try {
      const gathered = await gather(options, {
        kind,
        namespaces: namespacesOf(asks),
        labelSelector: only?.selector?.text,
      });
      const byKey = new Map(gathered.items.map((item) => [keyOf(item), item]));
      return await inParallel(asks, async (ask): Promise<[Ask, Answer]> => {
        if ('get' in ask) return [ask, await answerGet(ask.get, gathered, byKey)];
        // Others asked for more than this ask needs, and it was too much: this one alone may be small enough.
        const mine =
          gathered.isComplete || only !== undefined ? gathered : await gather(options, gatherRequestOf(ask.list));
        return [ask, { list: listFrom(ask.list, mine) }];
      });
    } catch (error) {
      return asks.map((ask) => [ask, { error }]);
    }
  }

  async function answerGet(ask: GetAsk, gathered: Gathered, byKey: ReadonlyMap<string, KubeObject>): Promise<Answer> {
    const object = byKey.get(objectKey(ask.namespace, ask.name));
    if (object !== undefined) return { object };
    const failure = gathered.failures.get(ask.namespace) ?? gathered.failures.get(undefined);
    // Where listing is forbidden, getting may be allowed.
    if (failure instanceof ForbiddenError || !gathered.isComplete) return answerByGet(ask);
    return failure === undefined ? { object: undefined } : { error: failure };
  }

  async function answerByGet({ kind, namespace, name }: GetAsk): Promise<Answer> {
    try {
      const { body } = await transport.json({
        path: resourcePath(kind, namespace, name),
        kind,
        namespace,
        name,
        principal,
        signal,
      });
      return { object: takeIn(body, originOf(cluster, kind)) };
    } catch (error) {
      return error instanceof NotFoundError ? { object: undefined } : { error };
    }
  }

  function listFrom(ask: ListAsk, gathered: Gathered): ObjectList<unknown> {
    const wanted = ask.namespaces === undefined ? undefined : new Set(ask.namespaces);
    const items = gathered.items.filter((item) => {
      const isWanted = wanted === undefined || !ask.kind.isNamespaced || wanted.has(item.metadata.namespace ?? '');
      return isWanted && (ask.selector === undefined || ask.selector.matches(item.metadata.labels));
    });
    const problems: ClusterProblem[] = [];
    for (const [namespace, error] of gathered.failures) {
      if (wanted === undefined || namespace === undefined || wanted.has(namespace))
        problems.push(problemOf(cluster, error, options.logger));
    }
    if (!gathered.isComplete) {
      const message = `There are more than ${maxGathered} ${ask.kind.plural}; narrow the list by namespaces or labels.`;
      problems.push({ cluster, code: 'TOO_COMPLEX', message, staleSince: undefined });
    }
    return { items, problems };
  }

  async function load(ask: Ask): Promise<Exclude<Answer, { error: unknown }>> {
    const answer = await loader.load(ask);
    if ('error' in answer) throw answer.error;
    return answer;
  }

  return {
    async get(kind, namespace, name) {
      const answer = await load({ get: { kind, namespace, name } });
      return 'object' in answer ? answer.object : undefined;
    },
    async list(kind, namespaces, selector) {
      const sorted = namespaces === undefined || !kind.isNamespaced ? undefined : [...new Set(namespaces)].sort();
      if (sorted?.length === 0) return { items: [], problems: [] };
      const answer = await load({ list: { kind, namespaces: sorted, selector } });
      return 'list' in answer ? answer.list : { items: [], problems: [] };
    },
    forget() {
      loader.clearAll();
    },
  };
}

function kindOf(ask: Ask): KindRef {
  return 'get' in ask ? ask.get.kind : ask.list.kind;
}

function askKey(ask: Ask): string {
  if ('get' in ask) return JSON.stringify([kindKey(ask.get.kind), ask.get.namespace, ask.get.name]);
  return JSON.stringify([kindKey(ask.list.kind), ask.list.namespaces ?? '*', ask.list.selector?.text ?? '', 'list']);
}

function gatherRequestOf({ kind, namespaces, selector }: ListAsk) {
  return {
    kind,
    namespaces: namespaces === undefined ? undefined : new Set(namespaces),
    labelSelector: selector?.text,
  };
}

/** Every namespace that some ask needs; undefined where one needs them all. */
function namespacesOf(asks: readonly Ask[]): Set<string> | undefined {
  const namespaces = new Set<string>();
  for (const ask of asks) {
    if ('get' in ask) {
      if (ask.get.namespace !== undefined) namespaces.add(ask.get.namespace);
    } else if (ask.list.namespaces === undefined) return undefined;
    else for (const namespace of ask.list.namespaces) namespaces.add(namespace);
  }
  return namespaces.size === 0 ? undefined : namespaces;
}

async function inParallel<T, U>(items: readonly T[], run: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  const waiting = items.entries();
  const work = async () => {
    for (const [index, item] of waiting) results[index] = await run(item);
  };
  await Promise.all(Array.from({ length: parallelGets }, work));
  return results;
}
