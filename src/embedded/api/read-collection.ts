import type { RegisteredResource } from '../registry/resource-strategy.ts';
import { storageKey } from '../store/object-storage.ts';
import type { ClusterObject } from '../store/types.ts';
import type { ApiContext } from './api-context.ts';
import { parseContinueToken, printContinueToken } from './continue-token.ts';
import type { ListOptions } from './list-options.ts';
import type { ListHead } from './present.ts';
import type { Selection } from './selection.ts';
import { expired, tooLargeResourceVersion } from './status-error.ts';

const continueTooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

export interface Collection {
  readonly objects: readonly ClusterObject[];
  readonly head: ListHead;
}

/** One page at one revision. All pages of a list are read at the revision of the first. Throws `StatusError` 410, 504. */
export function readCollection(
  context: ApiContext,
  resource: RegisteredResource,
  namespace: string | undefined,
  options: ListOptions,
  selection: Selection,
): Collection {
  const { storage } = context.registry;
  const token = options.continueToken === '' ? undefined : parseContinueToken(options.continueToken);
  const revision = revisionToRead(context, resource, options, token);
  const range = {
    ...(namespace === undefined ? {} : { namespace }),
    ...(token === undefined ? {} : { afterKey: token.afterKey }),
    revision,
  };
  // A list at any state comes out of the cache, whole.
  const limit = options.resourceVersion === '0' ? undefined : options.limit;
  const head = { resourceVersion: String(revision) };
  if (!selection.isFiltered) {
    const page = storage.page(resource.definition, { ...range, ...(limit === undefined ? {} : { limit }) });
    if (page.lastKey === undefined) return { objects: page.objects, head };
    const next = printContinueToken({ revision, afterKey: page.lastKey });
    return { objects: page.objects, head: { ...head, continue: next, remainingItemCount: page.remaining } };
  }
  const { objects } = storage.page(resource.definition, range);
  const selected: ClusterObject[] = [];
  for (const [at, object] of objects.entries()) {
    if (!selection.matches(object)) continue;
    selected.push(object);
    if (selected.length !== limit || at === objects.length - 1) continue;
    const afterKey = storageKey(object.metadata.namespace, object.metadata.name);
    return { objects: selected, head: { ...head, continue: printContinueToken({ revision, afterKey }) } };
  }
  return { objects: selected, head };
}

function revisionToRead(
  context: ApiContext,
  resource: RegisteredResource,
  options: ListOptions,
  token: { revision: number; afterKey: string } | undefined,
): number {
  const { storage } = context.registry;
  const oldest = storage.oldestRevision(resource.definition);
  if (token !== undefined) {
    if (token.revision < 0) return storage.revision;
    if (token.revision < oldest) {
      throw expired(continueTooOld, printContinueToken({ revision: -1, afterKey: token.afterKey }));
    }
    return Math.min(token.revision, storage.revision);
  }
  const asked = Number(options.resourceVersion || '0');
  if (asked > storage.revision) throw tooLargeResourceVersion(options.resourceVersion, String(storage.revision));
  // Pages of a list at a resourceVersion have always been pages at exactly that one.
  const isExact = options.match === 'Exact' || (options.match === '' && options.limit !== undefined && asked > 0);
  if (!isExact) return storage.revision;
  if (asked < oldest) throw expired('The resourceVersion for the provided list is too old.');
  return asked;
}
