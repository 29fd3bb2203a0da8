import { type AnswerError, CapabilityMissingError, ForbiddenError, UpstreamError } from '../../kernel/answer-error.ts';
import type { Logger } from '../../kernel/logger.ts';
import { namespacesOf, type Principal } from '../../kernel/principal.ts';
import type { ClusterProblem, ClusterReader, MaybePromise, ObjectList } from '../cluster-reader.ts';
import { keyOf, objectKey } from '../key-of.ts';
import type { KindRef } from '../kind-ref.ts';
import type { KubeObject } from '../kube-object.ts';
import { type LabelSelector, parseLabelSelector } from '../syntax/parse-label-selector.ts';
import { kindMissing, upstreamName } from '../transport/translate-failure.ts';
import type { Watches } from '../watch/create-watches.ts';
import type { KindWatch } from '../watch/kind-watch.ts';
import type { ServedKinds } from '../watch/served-kinds.ts';
import type { OwnWrites } from '../write/own-writes.ts';
import type { AccessReview } from './access-review.ts';
import type { LiveLoader } from './create-live-loader.ts';
import { problemOf } from './problem-of.ts';
import { whenAllReady, whenReady } from './when-ready.ts';

interface ReaderOptions {
  readonly cluster: string;
  readonly principal: Principal;
  readonly signal: AbortSignal | undefined;
  readonly isImpersonating: boolean;
  readonly watches: Watches;
  readonly served: ServedKinds;
  readonly live: LiveLoader;
  readonly access: AccessReview;
  readonly ownWrites: OwnWrites;
  readonly firstSyncWaitMs: number;
  readonly logger: Logger;
}

/** A reader for one request of one principal. */
export function createClusterReader(options: ReaderOptions): ClusterReader {
  const { cluster, principal, signal, watches, served, live, access, ownWrites, logger } = options;
  let writesSeen = ownWrites.count;

  /** The request's memory of live reads, as long as nothing was written since. */
  function loader(): LiveLoader {
    if (writesSeen !== ownWrites.count) live.forget();
    writesSeen = ownWrites.count;
    return live;
  }

  /** Undefined where the cache can answer; a kind's first list is waited for, but not for long. */
  function refusalOf(watch: KindWatch): MaybePromise<AnswerError | undefined> {
    if (watch.syncedAt !== undefined) return undefined;
    const refusal = watch.refusal();
    if (refusal !== undefined) return isAbsence(watch, refusal) ? undefined : refusal;
    return watch.whenSynced({ timeoutMs: options.firstSyncWaitMs, signal }).then((isSynced) => {
      signal?.throwIfAborted();
      if (isSynced) return undefined;
      const name = upstreamName(cluster);
      const late = watch.refusal();
      if (late !== undefined && isAbsence(watch, late)) return undefined;
      return late ?? new UpstreamError(name, `The ${watch.kind.plural} of ${name} are still being listed.`);
    });
  }

  /** An engine that is not installed has no objects, which is a whole answer. */
  function isAbsence({ kind }: KindWatch, refusal: AnswerError): boolean {
    return kind.isOptional === true && refusal instanceof CapabilityMissingError;
  }

  /** What the caller may not read is missing, so a refusal towards an impersonated caller is no error. */
  async function getLive(kind: KindRef, namespace: string | undefined, name: string): Promise<KubeObject | undefined> {
    try {
      return await loader().get(kind, namespace, name);
    } catch (error) {
      if (options.isImpersonating && error instanceof ForbiddenError) return undefined;
      throw error;
    }
  }

  function getAny(kind: KindRef, namespace: string | undefined, name: string): MaybePromise<KubeObject | undefined> {
    if (kind.isNamespaced && namespace === undefined) return undefined;
    const watch = watches.cached(kind);
    if (watch === undefined) {
      if (served.isServed(kind) === 'no') throw kindMissing(cluster, kind);
      return getLive(kind, namespace, name);
    }
    return whenReady(refusalOf(watch), (refusal) => {
      if (refusal !== undefined) throw refusal;
      const key = objectKey(kind.isNamespaced ? namespace : undefined, name);
      if (ownWrites.behind(principal, kind).some((write) => objectKey(write.namespace, write.name) === key)) {
        return getLive(kind, namespace, name);
      }
      if (!watch.covers(namespace))
        throw new ForbiddenError(`The gateway may not list ${kind.plural} in namespace '${namespace}'.`);
      return whenReady(access.canRead(principal, kind, namespace), (isAllowed) =>
        isAllowed ? watch.cache.store.get(key) : undefined,
      );
    });
  }

  /** Objects of a cache as this caller may see them: of the namespaces open to it, with its own newest writes. */
  function visible(
    kind: KindRef,
    items: readonly KubeObject[],
    isWanted: (object: KubeObject) => boolean,
  ): MaybePromise<readonly KubeObject[]> {
    return whenReady(
      whenReady(access.canRead(principal, kind, undefined), (isAll) => (isAll ? items : openTo(kind, items))),
      (open) => {
        const behind = ownWrites.behind(principal, kind);
        return behind.length === 0 ? open : overlay(kind, open, behind, isWanted);
      },
    );
  }

  function openTo(kind: KindRef, items: readonly KubeObject[]): MaybePromise<readonly KubeObject[]> {
    if (!kind.isNamespaced) return [];
    const namespaces = [...new Set(items.map((item) => item.metadata.namespace ?? ''))].filter(isInScope);
    return whenReady(
      whenAllReady(namespaces.map((namespace) => access.canRead(principal, kind, namespace))),
      (answers) => {
        const open = new Set(namespaces.filter((_, index) => answers[index]));
        return items.filter((item) => open.has(item.metadata.namespace ?? ''));
      },
    );
  }

  /** Nobody is asked about namespaces that the platform closes to this caller anyway. */
  function isInScope(namespace: string): boolean {
    if (principal.roles.includes('ADMIN')) return true;
    return namespacesOf(principal).some(
      (scope) => scope.namespace === namespace && (scope.cluster === cluster || scope.cluster === '*'),
    );
  }

  async function overlay(
    kind: KindRef,
    items: readonly KubeObject[],
    behind: ReturnType<OwnWrites['behind']>,
    isWanted: (object: KubeObject) => boolean,
  ): Promise<readonly KubeObject[]> {
    const keys = new Set(behind.map((write) => objectKey(write.namespace, write.name)));
    const fresh = await Promise.all(behind.map((write) => getLive(kind, write.namespace, write.name)));
    const kept = items.filter((item) => !keys.has(keyOf(item)));
    return [...kept, ...fresh.filter((object) => object !== undefined && isWanted(object))] as readonly KubeObject[];
  }

  function listCached(
    watch: KindWatch,
    namespaces: readonly string[] | undefined,
    selector: LabelSelector | undefined,
  ): MaybePromise<ObjectList<unknown>> {
    const { kind, cache } = watch;
    const wanted = namespaces === undefined || !kind.isNamespaced ? undefined : new Set(namespaces);
    const isWanted = (object: KubeObject) =>
      (wanted === undefined || wanted.has(object.metadata.namespace ?? '')) &&
      (selector === undefined || selector.matches(object.metadata.labels));
    const isAll = wanted === undefined && selector === undefined;
    const items = isAll
      ? cache.store.all()
      : cache.store.list({ namespaces: wanted === undefined ? undefined : [...wanted], selector });
    const problems = watch.problems(wanted === undefined ? undefined : [...wanted]);
    return whenReady(visible(kind, items, isWanted), (seen) => {
      const isClosed = seen.length === 0 && items.length > 0;
      return { items: seen, problems: isClosed ? [...problems, closedProblem(kind)] : problems };
    });
  }

  function closedProblem(kind: KindRef): ClusterProblem {
    return {
      cluster,
      code: 'FORBIDDEN',
      message: `The cluster does not let '${principal.name}' list these ${kind.plural}.`,
      staleSince: undefined,
    };
  }

  function listAny(
    kind: KindRef,
    namespaces: readonly string[] | undefined,
    selector: LabelSelector | undefined,
  ): MaybePromise<ObjectList<unknown>> {
    const watch = watches.cached(kind);
    if (watch === undefined) {
      if (served.isServed(kind) === 'no')
        return { items: [], problems: [problemOf(cluster, kindMissing(cluster, kind), logger)] };
      return asProblem(loader().list(kind, namespaces, selector));
    }
    return whenReady(refusalOf(watch), (refusal) => {
      if (refusal !== undefined) return { items: [], problems: [problemOf(cluster, refusal, logger)] };
      const found = listCached(watch, namespaces, selector);
      return found instanceof Promise ? asProblem(found) : found;
    });
  }

  /** A list says what is missing instead of failing; only the caller's own going away is passed on. */
  async function asProblem(list: Promise<ObjectList<unknown>>): Promise<ObjectList<unknown>> {
    try {
      return await list;
    } catch (error) {
      signal?.throwIfAborted();
      return { items: [], problems: [problemOf(cluster, error, logger)] };
    }
  }

  function byIndexAny(
    kind: KindRef,
    index: string,
    key: string,
    isWanted: (object: KubeObject) => boolean,
  ): MaybePromise<readonly KubeObject[]> {
    const watch = watches.cached(kind);
    if (watch === undefined) {
      if (index !== 'owner')
        throw new Error(`kube.index: ${kind.plural} are not declared, so they have no index '${index}'`);
      if (served.isServed(kind) === 'no') throw kindMissing(cluster, kind);
      return scanLive(kind, isWanted);
    }
    return whenReady(refusalOf(watch), (refusal) => {
      if (refusal !== undefined) throw refusal;
      return visible(kind, watch.cache.store.byIndex(index, key), isWanted);
    });
  }

  /** Without an index the whole kind is read; what could not be read must not look like nothing. */
  async function scanLive(kind: KindRef, isWanted: (object: KubeObject) => boolean): Promise<readonly KubeObject[]> {
    const { items, problems } = await loader().list(kind, undefined, undefined);
    const [problem] = problems;
    if (problem !== undefined && items.length === 0) {
      if (problem.code !== 'FORBIDDEN') throw new UpstreamError(upstreamName(cluster), problem.message);
      if (!options.isImpersonating) throw new ForbiddenError(problem.message);
    }
    return items.filter(isWanted);
  }

  return {
    cluster,
    get: <T>(kind: KindRef<T>, namespace: string | undefined, name: string) =>
      getAny(kind, namespace, name) as MaybePromise<KubeObject<T> | undefined>,
    list: <T>(
      kind: KindRef<T>,
      { namespaces, labelSelector }: { namespaces?: readonly string[]; labelSelector?: string } = {},
    ) => {
      const selector = labelSelector === undefined ? undefined : parseLabelSelector(labelSelector);
      return listAny(kind, namespaces, selector) as MaybePromise<ObjectList<T>>;
    },
    byOwner: <T>(kind: KindRef<T>, uid: string) =>
      byIndexAny(kind, 'owner', uid, (object) =>
        (object.metadata.ownerReferences ?? []).some((owner) => owner.uid === uid),
      ) as MaybePromise<readonly KubeObject<T>[]>,
    byIndex: <T>(kind: KindRef<T>, index: string, key: string) => {
      const isWanted = (object: KubeObject) =>
        watches.cached(kind)?.cache.store.terms(index, object).includes(key) ?? false;
      return byIndexAny(kind, index, key, isWanted) as MaybePromise<readonly KubeObject<T>[]>;
    },
  };
}
