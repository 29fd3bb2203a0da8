import { keyOf } from '../key-of.ts';
import type { KubeObject } from '../kube-object.ts';
import type { LabelSelector } from '../syntax/parse-label-selector.ts';

/** Computes the keys under which an object stands in an index. */
export type IndexFunction = (object: KubeObject) => readonly string[];

/**
 * The objects of one (cluster, kind) with their indexes: by namespace, label (`key=value`), owner uid (`owner`) and
 * those the kind declares. Objects are replaced, never edited; every index always agrees with the objects.
 */
export interface ObjectStore {
  readonly size: number;
  get(key: string): KubeObject | undefined;
  /** Returns what was there before. */
  set(object: KubeObject): KubeObject | undefined;
  delete(key: string): KubeObject | undefined;
  values(): Iterable<KubeObject>;
  /** All objects; the same array until something changes. */
  all(): readonly KubeObject[];
  namespaces(): Iterable<string>;
  /** Answers equality requirements of a selector by the label index; the same array until something changes. */
  list(options: {
    readonly namespaces?: readonly string[] | undefined;
    readonly selector?: LabelSelector | undefined;
  }): readonly KubeObject[];
  /** Throws where the index is not declared. */
  byIndex(index: string, key: string): KubeObject[];
  /** Any one object under a key of an index. */
  anyOf(index: string, key: string): KubeObject | undefined;
  /** Keys of an object in an index, whether or not it is stored. */
  terms(index: string, object: KubeObject): readonly string[];
  /** An empty store with the same indexes. */
  draft(): ObjectStore;
  /** Takes the place of all objects and indexes by those of a draft, at once; the draft must not be used any more. */
  adopt(draft: ObjectStore): void;
}

/** Questions can differ without end; remembered are the last ones. */
const maxLists = 100;
/** And no longer ones, in characters: whoever asks decides how long they are. */
const maxQuestion = 1_000;

interface Content {
  readonly objects: Map<string, KubeObject>;
  readonly indexes: ReadonlyMap<string, Index>;
}

interface Index {
  readonly compute: IndexFunction;
  /** What its keys are made of; two objects that hold the very same have the same keys. */
  readonly sourceOf: ((object: KubeObject) => unknown) | undefined;
  readonly keys: Map<string, Set<string>>;
}

const contents = new WeakMap<ObjectStore, () => Content>();

const builtIn: Readonly<Record<string, IndexFunction>> = {
  namespace: (object) => (object.metadata.namespace === undefined ? [] : [object.metadata.namespace]),
  label: (object) => Object.entries(object.metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`),
  owner: (object) => (object.metadata.ownerReferences ?? []).map((owner) => owner.uid),
};

const sources: ReadonlyMap<string, (object: KubeObject) => unknown> = new Map([
  ['namespace', (object: KubeObject): unknown => object.metadata.namespace],
  ['label', (object: KubeObject): unknown => object.metadata.labels],
  ['owner', (object: KubeObject): unknown => object.metadata.ownerReferences],
]);

export function createObjectStore(declared: Readonly<Record<string, IndexFunction>> = {}): ObjectStore {
  let objects = new Map<string, KubeObject>();
  let indexes: ReadonlyMap<string, Index> = new Map(
    Object.entries({ ...declared, ...builtIn }).map(([name, compute]) => [
      name,
      { compute: isolated(compute), sourceOf: sources.get(name), keys: new Map<string, Set<string>>() },
    ]),
  );

  let everything: readonly KubeObject[] | undefined;
  /** Answers of `list` since the last change. */
  const lists = new Map<string, readonly KubeObject[]>();

  /** Answers that are kept hold until then. */
  function changed(): void {
    everything = undefined;
    lists.clear();
  }

  function reindex(key: string, before: KubeObject | undefined, after: KubeObject | undefined): void {
    changed();
    for (const { compute, sourceOf, keys } of indexes.values()) {
      if (before !== undefined && after !== undefined && sourceOf && sourceOf(before) === sourceOf(after)) continue;
      const old = before === undefined ? [] : compute(before);
      const now = after === undefined ? [] : compute(after);
      for (const term of old) {
        if (now.includes(term)) continue;
        const bucket = keys.get(term);
        bucket?.delete(key);
        if (bucket?.size === 0) keys.delete(term);
      }
      for (const term of now) {
        const bucket = keys.get(term);
        if (bucket === undefined) keys.set(term, new Set([key]));
        else bucket.add(key);
      }
    }
  }

  function bucketOf(index: string, term: string): ReadonlySet<string> {
    const found = indexes.get(index);
    if (found === undefined) throw new Error(`kube.index: no index '${index}' is declared for this kind`);
    return found.keys.get(term) ?? new Set();
  }

  function resolve(keys: Iterable<string>): KubeObject[] {
    const found: KubeObject[] = [];
    for (const key of keys) {
      const object = objects.get(key);
      if (object !== undefined) found.push(object);
    }
    return found;
  }

  /** The smallest set of objects that an index can promise to contain all matches; undefined where none can. */
  function narrow(
    namespaces: ReadonlySet<string> | undefined,
    selector: LabelSelector | undefined,
  ): readonly ReadonlySet<string>[] | undefined {
    const options: (readonly ReadonlySet<string>[])[] = [];
    if (namespaces !== undefined) options.push([...namespaces].map((namespace) => bucketOf('namespace', namespace)));
    for (const { key, operator, values } of selector?.requirements ?? []) {
      if (operator === 'in') options.push(values.map((value) => bucketOf('label', `${key}=${value}`)));
    }
    const sizeOf = (buckets: readonly ReadonlySet<string>[]) => buckets.reduce((sum, bucket) => sum + bucket.size, 0);
    return options.sort((a, b) => sizeOf(a) - sizeOf(b))[0];
  }

  const store: ObjectStore = {
    get size() {
      return objects.size;
    },
    get: (key) => objects.get(key),
    set(object) {
      const key = keyOf(object);
      const before = objects.get(key);
      objects.set(key, object);
      reindex(key, before, object);
      return before;
    },
    delete(key) {
      const before = objects.get(key);
      if (before === undefined) return undefined;
      objects.delete(key);
      reindex(key, before, undefined);
      return before;
    },
    values: () => objects.values(),
    all() {
      everything ??= [...objects.values()];
      return everything;
    },
    namespaces: () => indexes.get('namespace')?.keys.keys() ?? [],
    list({ namespaces, selector }) {
      const question = JSON.stringify([namespaces, selector?.text]);
      const known = lists.get(question);
      if (known !== undefined) return known;
      const wanted = namespaces === undefined ? undefined : new Set(namespaces);
      const buckets = narrow(wanted, selector);
      const found: KubeObject[] = [];
      const candidates = buckets === undefined ? objects.values() : buckets.flatMap((bucket) => resolve(bucket));
      for (const object of candidates) {
        if (wanted !== undefined && !wanted.has(object.metadata.namespace ?? '')) continue;
        if (selector === undefined || selector.matches(object.metadata.labels)) found.push(object);
      }
      if (question.length > maxQuestion) return found;
      if (lists.size >= maxLists) lists.clear();
      lists.set(question, found);
      return found;
    },
    byIndex: (index, key) => resolve(bucketOf(index, key)),
    anyOf(index, key) {
      for (const found of bucketOf(index, key)) return objects.get(found);
      return undefined;
    },
    terms: (index, object) => indexes.get(index)?.compute(object) ?? [],
    draft: () => createObjectStore(declared),
    adopt(draft) {
      const content = contents.get(draft)?.();
      if (content === undefined) throw new Error('kube.store: what it should adopt is no draft');
      ({ objects, indexes } = content);
      changed();
    },
  };
  contents.set(store, () => ({ objects, indexes }));
  return store;
}

/** An index of a plugin that throws must not stop the watch: the object then stands nowhere in it. */
function isolated(compute: IndexFunction): IndexFunction {
  return (object) => {
    try {
      return compute(object);
    } catch {
      return [];
    }
  };
}
