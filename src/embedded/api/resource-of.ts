import type { RegisteredResource } from '../registry/resource-strategy.ts';
import type { ApiContext, ApiRequest } from './api-context.ts';
import { pathNotFound } from './status-error.ts';

/** The resource a request is about. Throws `StatusError` 404 for what is not served, or not at this scope. */
export function resourceOf(context: ApiContext, request: ApiRequest): RegisteredResource {
  const { group, version, resource, namespace, name } = request.info;
  const found = context.registry.catalog.findServed(group, version, resource);
  if (found === undefined) throw pathNotFound();
  const { namespaced } = found.definition;
  // A namespaced object is never addressed without its namespace; a collection may be, across all of them.
  if (namespace !== undefined ? !namespaced : namespaced && name !== '') throw pathNotFound();
  return found;
}
