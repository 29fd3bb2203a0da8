import type { RegisteredResource } from '../../registry/resource-strategy.ts';
import { storageKey } from '../../store/object-storage.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { ApiContext, Handler } from '../api-context.ts';
import { parseContinueToken, printContinueToken } from '../continue-token.ts';
import { type ListOptions, parseListOptions } from '../list-options.ts';
import { type ListHead, presentList } from '../present.ts';
import { presentationOf } from '../presentation-of.ts';
import { resourceOf } from '../resource-of.ts';
import { parseSelection, type Selection } from '../selection.ts';
import { expired, tooLargeResourceVersion } from '../status-error.ts';

const continueTooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

export const handleList: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  const options = parseListOptions(request.query, false);
  const selection = parseSelection(resource, request.query);
  const { objects, head } = readCollection(context, resource, request.info.namespace, options, selection);
  return { code: 200, list: presentList(presentationOf(context, request, resource), objects, head) };
};

interface Collection {
  readonly objects: readonly ClusterObject[];
  readonly head: ListHead;
}

/** One page at one revision. All pages of a list are read at the revision of the first. */
function readCollection(
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
  const { limit } = options;
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
  if (options.match !== 'Exact') return storage.revision;
  if (asked < oldest) throw expired('The resourceVersion for the provided list is too old.');
  return asked;
}
