import type { LoopSlices } from '../../kernel/loop-slices.ts';
import type { SchemaNode } from './schema-node.ts';

/** The schemas of one group and version. */
export interface CompactSchemas {
  /** By kind. */
  readonly kinds: ReadonlyMap<string, SchemaNode>;
  /** What they hold in memory, roughly. */
  readonly bytes: number;
}

type Json = Readonly<Record<string, unknown>>;

const quantityName = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const folder = '#/components/schemas/';
const bytesOfNode = 200;
const bytesOfField = 60;
/** Schemas of strangers may be as deep as they like. */
const maxDepth = 60;
/** Longer lists of values are the cluster's to judge: each value written would be compared with all of them. */
const maxAllowed = 1_000;

/**
 * The kinds of an OpenAPI 3 document without descriptions and operations, a small part of its size. References become
 * the same node wherever they stand, so that types which contain themselves end. Works in slices of the event loop.
 */
export async function compactSchemas(
  document: unknown,
  groupVersion: { readonly group: string; readonly version: string },
  slices: LoopSlices,
): Promise<CompactSchemas> {
  const schemas = objectOf(objectOf(objectOf(document).components).schemas);
  const named = new Map<string, SchemaNode>();
  const open: string[] = [];
  let bytes = 0;

  function make(schema: Json, depth: number): SchemaNode {
    const reference = referenceOf(schema);
    if (reference !== undefined) return ofReference(reference);
    bytes += bytesOfNode;
    const node: SchemaNode = { type: 'any' };
    if (depth < maxDepth) fill(node, schema, depth);
    return node;
  }

  function ofReference(name: string): SchemaNode {
    let node = named.get(name);
    if (node === undefined) {
      node = { type: 'any' };
      named.set(name, node);
      open.push(name);
    }
    return node;
  }

  function fillNamed(name: string, node: SchemaNode): void {
    bytes += bytesOfNode;
    if (name === quantityName) node.type = 'quantity';
    else fill(node, objectOf(schemas[name]), 0);
  }

  function fill(node: SchemaNode, schema: Json, depth: number): void {
    node.type = typeOf(schema);
    if (typeof schema.format === 'string') node.format = schema.format;
    if (schema.default !== undefined) node.hasDefault = true;
    if (Array.isArray(schema.enum) && schema.enum.length <= maxAllowed) {
      node.allowed = schema.enum;
      bytes += Buffer.byteLength(JSON.stringify(schema.enum));
    }
    fillBounds(node, schema);
    bytes += node.pattern?.length ?? 0;
    if (node.type === 'array') {
      const listType = schema['x-kubernetes-list-type'];
      if (listType === 'set' || listType === 'map') node.listType = listType;
      const keys = textsOf(schema['x-kubernetes-list-map-keys']);
      if (keys.length > 0) node.listKeys = keys;
      if (isJson(schema.items)) node.items = make(schema.items, depth + 1);
    }
    if (node.type === 'object') fillObject(node, schema, depth);
  }

  function fillObject(node: SchemaNode, schema: Json, depth: number): void {
    const fields = Object.entries(objectOf(schema.properties));
    if (fields.length > 0) {
      bytes += fields.length * bytesOfField;
      node.fields = new Map(fields.map(([name, field]) => [name, make(objectOf(field), depth + 1)]));
    }
    const required = textsOf(schema.required);
    if (required.length > 0) node.required = required;
    if (isJson(schema.additionalProperties)) node.others = make(schema.additionalProperties, depth + 1);
    if (schema['x-kubernetes-embedded-resource'] === true) node.isEmbedded = true;
    const saysNothing = fields.length === 0 && schema.additionalProperties === undefined;
    const isLoose = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true;
    if (saysNothing || isLoose) node.isOpen = true;
  }

  const kinds = new Map<string, SchemaNode>();
  for (const [name, schema] of Object.entries(schemas)) {
    const kind = kindOf(objectOf(schema), groupVersion);
    if (kind === undefined) continue;
    kinds.set(kind, ofReference(name));
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const node = named.get(next);
      if (node) fillNamed(next, node);
      if (slices.isSpent()) await slices.next();
    }
  }
  return { kinds, bytes };
}

/** The kind of a schema that is one of objects: lists and options are of no use here. */
function kindOf(schema: Json, { group, version }: { readonly group: string; readonly version: string }) {
  const kinds = schema['x-kubernetes-group-version-kind'];
  if (!Array.isArray(kinds)) return undefined;
  const own = kinds.map(objectOf).find((each) => each.group === group && each.version === version);
  const fields = objectOf(schema.properties);
  if (typeof own?.kind !== 'string' || (own.kind.endsWith('List') && fields.items !== undefined)) return undefined;
  const isObject = fields.metadata !== undefined || Object.keys(fields).length === 0;
  return isObject ? own.kind : undefined;
}

/** `$ref`, or the one member of an `allOf` that is there so that something may stand beside the reference. */
function referenceOf(schema: Json): string | undefined {
  const all = Array.isArray(schema.allOf) && schema.allOf.length === 1 ? objectOf(schema.allOf[0]) : undefined;
  const reference = schema.$ref ?? (schema.properties === undefined ? all?.$ref : undefined);
  return typeof reference === 'string' && reference.startsWith(folder) ? reference.slice(folder.length) : undefined;
}

const types = ['object', 'array', 'string', 'integer', 'number', 'boolean'] as const;

function typeOf(schema: Json): SchemaNode['type'] {
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') return 'int-or-string';
  const type = types.find((each) => each === schema.type);
  if (type !== undefined) return type;
  return schema.properties === undefined ? 'any' : 'object';
}

const numbers = [
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'minimum',
  'maximum',
  'multipleOf',
] as const;

function fillBounds(node: SchemaNode, schema: Json): void {
  for (const name of numbers) {
    const bound = schema[name];
    if (typeof bound === 'number') node[name] = bound;
  }
  if (schema.exclusiveMinimum === true) node.isMinimumExclusive = true;
  if (schema.exclusiveMaximum === true) node.isMaximumExclusive = true;
  if (typeof schema.pattern === 'string') node.pattern = schema.pattern;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOf(value: unknown): Json {
  return isJson(value) ? value : {};
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
