import { isJsonObject, type JsonObject } from '../json.ts';
import type { StructuralSchema } from '../schema/structural-schema.ts';
import { celEnvironment } from './cel-environment.ts';
import { escapeName } from './escape-name.ts';

/** What expressions see of the header of a resource, whatever its schema declares. */
const headerFields = ['apiVersion', 'kind'] as const;
const metadataFields = ['name', 'generateName'] as const;

let readDuration: ((context: { text: string }) => unknown) | undefined;

/** A value as expressions see it: by its schema, and nothing that the schema does not declare. */
export function celValueOf(value: unknown, schema: StructuralSchema, isResource = schema.isEmbeddedResource): unknown {
  if (value === null || value === undefined) return null;
  if (schema.isIntOrString) return typeof value === 'number' ? BigInt(Math.trunc(value)) : value;
  switch (schema.type) {
    case 'integer':
      return typeof value === 'number' ? BigInt(Math.trunc(value)) : value;
    case 'string':
      return typeof value === 'string' ? textOf(value, schema.format) : value;
    case 'array': {
      const { items } = schema;
      return Array.isArray(value) && items !== undefined ? value.map((item) => celValueOf(item, items)) : [];
    }
    case 'object':
      return isJsonObject(value) ? objectOf(value, schema, isResource) : value;
    default:
      return value;
  }
}

function objectOf(value: JsonObject, schema: StructuralSchema, isResource: boolean): Map<string, unknown> {
  const made = new Map<string, unknown>();
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const property = schema.properties.get(name);
    if (property === undefined) {
      if (schema.additional !== undefined) made.set(name, celValueOf(member, schema.additional));
      continue;
    }
    const escaped = escapeName(name);
    if (escaped !== undefined) made.set(escaped, celValueOf(member, property));
  }
  if (!isResource) return made;
  for (const name of headerFields) if (typeof value[name] === 'string') made.set(name, value[name]);
  const metadata = isJsonObject(value.metadata) ? value.metadata : {};
  made.set(
    'metadata',
    new Map(metadataFields.flatMap((name) => (metadata[name] === undefined ? [] : [[name, metadata[name]]]))),
  );
  return made;
}

/** Formats that are types of their own in expressions. What is none of its format stays text: its schema refuses it. */
function textOf(text: string, format: string): unknown {
  switch (format) {
    case 'date':
    case 'date-time':
    case 'datetime': {
      const time = new Date(text);
      return Number.isNaN(time.getTime()) ? text : time;
    }
    case 'byte':
      return Buffer.from(text, 'base64');
    case 'duration':
      readDuration ??= celEnvironment().registerVariable('text', 'string').parse('duration(text)');
      try {
        return readDuration({ text });
      } catch {
        return text;
      }
    default:
      return text;
  }
}
