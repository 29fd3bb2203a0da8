import { matchesFieldSelector, parseFieldSelector } from '../machinery/field-selector.ts';
import { matchesLabelSelector, parseLabelSelector, SelectorSyntaxError } from '../machinery/label-selector.ts';
import type { RegisteredResource } from '../registry/resource-strategy.ts';
import type { ClusterObject } from '../store/types.ts';
import { badRequest } from './status-error.ts';

/** Which objects of a collection a request is about. */
export interface Selection {
  /** False when every object is selected. */
  readonly isFiltered: boolean;
  matches(object: ClusterObject): boolean;
}

/** Reads `labelSelector` and `fieldSelector`. Throws `StatusError` 400 for bad syntax and unknown fields. */
export function parseSelection(resource: RegisteredResource, query: URLSearchParams, name = ''): Selection {
  try {
    const labels = parseLabelSelector(query.get('labelSelector') ?? '');
    const terms = parseFieldSelector(query.get('fieldSelector') ?? '');
    const readers = terms.map((term) => readerOf(resource, term.field));
    return {
      isFiltered: labels.length > 0 || terms.length > 0 || name !== '',
      matches: (object) =>
        (name === '' || object.metadata.name === name) &&
        matchesLabelSelector(labels, object.metadata.labels) &&
        matchesFieldSelector(terms, (field) => {
          const reader = readers[terms.findIndex((term) => term.field === field)];
          return reader?.(resource.codec?.fromStorage(object) ?? object) ?? '';
        }),
    };
  } catch (error) {
    if (error instanceof SelectorSyntaxError) throw badRequest(error.message);
    throw error;
  }
}

function readerOf(resource: RegisteredResource, field: string): (object: ClusterObject) => string {
  if (field === 'metadata.name') return (object) => object.metadata.name;
  const { selectableFields } = resource.strategy;
  const isPlain = selectableFields === undefined && resource.customResource === undefined;
  if (field === 'metadata.namespace' && (resource.definition.namespaced || isPlain)) {
    return (object) => object.metadata.namespace ?? '';
  }
  const reader = selectableFields?.[field];
  if (reader === undefined || !Object.hasOwn(selectableFields ?? {}, field)) {
    throw badRequest(
      isPlain
        ? `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
        : `field label not supported: ${field}`,
    );
  }
  return reader;
}
