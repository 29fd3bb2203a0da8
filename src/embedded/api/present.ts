import { asObject } from '../machinery/json.ts';
import type { RegisteredResource, TableLayout } from '../registry/resource-strategy.ts';
import { genericTable } from '../registry/tables/generic-table.ts';
import { apiVersionOf } from '../store/to-draft.ts';
import type { ClusterObject } from '../store/types.ts';
import { itemTextOf, jsonTextOf } from './json-text.ts';
import type { ObjectForm } from './negotiate.ts';

/** How one request wants objects of one resource shown. */
export interface Presentation {
  readonly resource: RegisteredResource;
  readonly form: ObjectForm;
  readonly nowMs: number;
  /** What table rows carry besides their cells. */
  readonly includeObject: 'None' | 'Metadata' | 'Object';
}

export interface ListHead {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** The object in the version the request speaks. */
export function inRequestedVersion(resource: RegisteredResource, object: ClusterObject): ClusterObject {
  if (resource.codec !== undefined) return resource.codec.fromStorage(object);
  const apiVersion = apiVersionOf(resource.definition);
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

/** One object as JSON text. */
export function presentObject(presentation: Presentation, object: ClusterObject): string {
  const versioned = inRequestedVersion(presentation.resource, object);
  switch (presentation.form) {
    case 'object':
      return jsonTextOf(versioned);
    case 'metadata':
      return JSON.stringify({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata });
    case 'table':
      return presentTable(presentation, [versioned], { resourceVersion: object.metadata.resourceVersion ?? '' }, true);
  }
}

/** A list as JSON text. Items of built-in kinds carry no apiVersion and kind of their own, custom resources do. */
export function presentList(presentation: Presentation, objects: readonly ClusterObject[], head: ListHead): string {
  const { resource, form } = presentation;
  if (form === 'table') return presentTable(presentation, objects, head, true);
  const metadata = JSON.stringify(head);
  if (form === 'metadata') {
    const items = objects.map((object) => JSON.stringify({ metadata: object.metadata }));
    return `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":${metadata},"items":[${items.join(',')}]}`;
  }
  const { definition } = resource;
  const isCustom = resource.customResource !== undefined;
  const items = objects.map((object) =>
    isCustom ? jsonTextOf(inRequestedVersion(resource, object)) : itemTextOf(object),
  );
  const kind = definition.listKind ?? `${definition.kind}List`;
  return `{"kind":${JSON.stringify(kind)},"apiVersion":"${apiVersionOf(definition)}","metadata":${metadata},"items":[${items.join(',')}]}`;
}

export function presentTable(
  presentation: Presentation,
  objects: readonly ClusterObject[],
  head: ListHead,
  withColumns: boolean,
): string {
  const layout: TableLayout = presentation.resource.strategy.table ?? genericTable;
  const columnDefinitions = layout.columns.map((column) => ({
    name: column.name,
    type: column.type,
    format: column.format ?? '',
    description: column.description,
    priority: column.priority ?? 0,
  }));
  return JSON.stringify({
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: head,
    columnDefinitions: withColumns ? columnDefinitions : null,
    rows: objects
      .map((stored) => inRequestedVersion(presentation.resource, stored))
      .map((object) => ({
        cells: layout.cells(object, presentation.nowMs),
        ...rowObject(presentation, object),
      })),
  });
}

function rowObject(presentation: Presentation, object: ClusterObject): { object?: object } {
  switch (presentation.includeObject) {
    case 'None':
      return {};
    case 'Object':
      return { object: asObject(object) ?? {} };
    case 'Metadata':
      return {
        object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
      };
  }
}
