import { formatAge } from '../../machinery/format-age.ts';
import {
  asList,
  asObject,
  asObjectList,
  asString,
  isJsonObject,
  type JsonObject,
  readPath,
} from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { RegisteredResource, ScalePaths, TableColumn, TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn } from '../tables/columns.ts';
import { shapeOfSchema } from './shape-of-schema.ts';

/** The resource a CustomResourceDefinition describes; undefined while it serves no version. */
export function registerCustomResource(definition: ClusterObject): RegisteredResource | undefined {
  const spec = asObject(definition.spec) ?? {};
  const names = asObject(spec.names) ?? {};
  const versions = asObjectList(spec.versions);
  const storage = versions.find((version) => version.storage === true);
  const served = versions.filter((version) => version.served === true).map((version) => String(version.name));
  if (storage === undefined || served.length === 0) return undefined;
  const subresources = asObject(storage.subresources) ?? {};
  const hasStatus = isJsonObject(subresources.status);
  const scale = scalePathsOf(asObject(subresources.scale));
  return {
    definition: {
      group: String(spec.group),
      version: String(storage.name),
      kind: String(names.kind),
      plural: String(names.plural),
      singular: asString(names.singular) ?? String(names.kind).toLowerCase(),
      shortNames: asList(names.shortNames).map(String),
      categories: asList(names.categories).map(String),
      namespaced: spec.scope === 'Namespaced',
      subresources: [...(hasStatus ? ['status'] : []), ...(scale === undefined ? [] : ['scale'])],
    },
    strategy: {
      nameRule: 'dns-subdomain',
      generation: hasStatus ? 'all-but-metadata-and-status' : 'all-but-metadata',
      needsResourceVersion: true,
      shape: shapeOfSchema(asObject(asObject(storage.schema)?.openAPIV3Schema) ?? {}),
      table: tableOf(asObjectList(storage.additionalPrinterColumns)),
      ...(scale === undefined ? {} : { scale }),
    },
    servedVersions: served,
    customResource: definition.metadata.name,
    schemas: Object.fromEntries(
      versions.map((version) => [String(version.name), asObject(asObject(version.schema)?.openAPIV3Schema) ?? {}]),
    ),
  };
}

function scalePathsOf(scale: JsonObject | undefined): ScalePaths | undefined {
  const specReplicas = asString(scale?.specReplicasPath);
  const statusReplicas = asString(scale?.statusReplicasPath);
  const selector = asString(scale?.labelSelectorPath);
  if (specReplicas === undefined || statusReplicas === undefined) return undefined;
  return {
    specReplicas: pathOf(specReplicas),
    statusReplicas: pathOf(statusReplicas),
    ...(selector === undefined ? {} : { selector: pathOf(selector) }),
  };
}

function tableOf(columns: readonly JsonObject[]): TableLayout {
  if (columns.length === 0) {
    return {
      columns: [nameColumn, ageColumn],
      cells: ({ metadata }, nowMs) => [metadata.name, formatAge(metadata.creationTimestamp, nowMs)],
    };
  }
  const types: readonly TableColumn['type'][] = ['string', 'integer', 'number', 'boolean', 'date'];
  return {
    columns: [
      nameColumn,
      ...columns.map((column) => ({
        name: String(column.name),
        type: types.find((type) => type === column.type) ?? 'string',
        format: asString(column.format) ?? '',
        description: asString(column.description) ?? '',
        priority: typeof column.priority === 'number' ? column.priority : 0,
      })),
    ],
    cells: (object, nowMs) => [object.metadata.name, ...columns.map((column) => cellOf(object, column, nowMs))],
  };
}

function cellOf(object: ClusterObject, column: JsonObject, nowMs: number): unknown {
  const value = valueAt(object, asString(column.jsonPath) ?? '');
  if (value === undefined || value === null) return column.type === 'date' ? '<unknown>' : '';
  return column.type === 'date' ? formatAge(value, nowMs) : value;
}

/** The simple paths printer columns use: fields, indexes and one `[?(@.field=="value")]` filter. */
function valueAt(root: unknown, path: string): unknown {
  let value: unknown = root;
  for (const [, field, index, filterField, filterValue] of path.matchAll(
    /\.((?:[^.[\]\\]|\\.)+)|\[(\d+)\]|\[\?\(@\.(\w+)\s*==\s*["']([^"']*)["']\)\]/g,
  )) {
    if (field !== undefined) value = readPath(value, field.replaceAll('\\', ''));
    else if (index !== undefined) value = asList(value)[Number(index)];
    else if (filterField !== undefined) value = asObjectList(value).find((item) => item[filterField] === filterValue);
  }
  return value;
}

function pathOf(jsonPath: string): string[] {
  return jsonPath.split('.').filter((part) => part !== '');
}
