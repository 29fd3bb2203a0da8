import { asObject } from '../machinery/json.ts';
import type { RegisteredResource, TableLayout } from '../registry/resource-strategy.ts';
import { genericTable } from '../registry/tables/generic-table.ts';
import { apiVersionOf } from '../store/to-draft.ts';
import type { ClusterObject } from '../store/types.ts';
import { itemTextOf, jsonTextOf } from './json-text.ts';
import type { ListText } from './list-text.ts';
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
      return JSON.stringify({
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: versioned.metadata,
      });
    case 'table':
      return presentTable(presentation, object, true);
  }
}

/** A list as JSON text. Items of built-in kinds carry no apiVersion and kind of their own, custom resources do. */
export function presentList(presentation: Presentation, objects: readonly ClusterObject[], head: ListHead): ListText {
  const { resource, form } = presentation;
  const metadata = JSON.stringify(head);
  switch (form) {
    case 'table':
      return {
        open: `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":${metadata},"columnDefinitions":${JSON.stringify(columnsOf(presentation))},"rows":[`,
        items: mapItems(objects, (object) => JSON.stringify(rowOf(presentation, inRequestedVersion(resource, object)))),
      };
    case 'metadata':
      return {
        open: `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":${metadata},"items":[`,
        items: mapItems(objects, (object) =>
          JSON.stringify({ metadata: inRequestedVersion(resource, object).metadata }),
        ),
      };
    case 'object': {
      const { definition } = resource;
      const kind = definition.listKind ?? `${definition.kind}List`;
      const textOf = resource.customResource === undefined ? itemTextOf : jsonTextOf;
      return {
        open: `{"kind":${JSON.stringify(kind)},"apiVersion":"${apiVersionOf(definition)}","metadata":${metadata},"items":[`,
        items: mapItems(objects, (object) => textOf(inRequestedVersion(resource, object))),
      };
    }
  }
}

function* mapItems(
  objects: readonly ClusterObject[],
  print: (object: ClusterObject) => string,
): Generator<string, void> {
  for (const object of objects) yield print(object);
}

/** A table of one object, as `get` and watches answer it. */
export function presentTable(presentation: Presentation, object: ClusterObject, withColumns: boolean): string {
  return JSON.stringify({
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: object.metadata.resourceVersion ?? '' },
    columnDefinitions: withColumns ? columnsOf(presentation) : null,
    rows: [rowOf(presentation, inRequestedVersion(presentation.resource, object))],
  });
}

function layoutOf({ resource }: Presentation): TableLayout {
  return resource.strategy.table ?? genericTable;
}

function columnsOf(presentation: Presentation): object[] {
  return layoutOf(presentation).columns.map((column) => ({
    name: column.name,
    type: column.type,
    format: column.format ?? '',
    description: column.description,
    priority: column.priority ?? 0,
  }));
}

function rowOf(presentation: Presentation, object: ClusterObject): object {
  return { cells: layoutOf(presentation).cells(object, presentation.nowMs), ...rowObject(presentation, object) };
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
