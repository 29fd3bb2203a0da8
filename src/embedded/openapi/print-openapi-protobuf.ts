import { asList, asObject, asString, isJsonObject, type JsonObject } from '../machinery/json.ts';

const lengthDelimited = 2;

/** The fields of gnostic's `Document`, `Info`, `Schema` and what they hold (openapi.v2, OpenAPIv2.proto). */
const documentFields = { swagger: 1, info: 2, definitions: 9 };
const schemaFields = {
  $ref: 1,
  format: 2,
  title: 3,
  description: 4,
  default: 5,
  pattern: 13,
  required: 19,
  enum: 20,
  additionalProperties: 21,
  type: 22,
  items: 23,
  allOf: 24,
  properties: 25,
};
const extension = 31;

/**
 * An OpenAPI 2 document in the protobuf form that client-go asks for: kubectl validates lists by it, and explains with
 * `--output=plaintext-openapiv2`. Holds the definitions with their extensions; paths and limits of values are left out.
 */
export function printOpenApiProtobuf(document: JsonObject): Buffer {
  const { title, version } = asObject(document.info) ?? {};
  const definitions = Object.entries(asObject(document.definitions) ?? {});
  return Buffer.concat([
    text(documentFields.swagger, document.swagger),
    message(documentFields.info, [text(1, title), text(2, version)]),
    message(documentFields.definitions, definitions.map(printNamedSchema)),
  ]);
}

function printNamedSchema([name, schema]: readonly [string, unknown]): Buffer {
  return message(1, [text(1, name), message(2, printSchema(asObject(schema) ?? {}))]);
}

function printSchema(schema: JsonObject): Buffer[] {
  const { additionalProperties, items, properties, type } = schema;
  const parts: Buffer[] = [];
  for (const name of ['$ref', 'format', 'title', 'description', 'pattern'] as const) {
    parts.push(text(schemaFields[name], schema[name]));
  }
  if (schema.default !== undefined) parts.push(message(schemaFields.default, printAny(schema.default)));
  parts.push(...asList(schema.required).map((name) => text(schemaFields.required, name)));
  parts.push(...asList(schema.enum).map((value) => message(schemaFields.enum, printAny(value))));
  if (isJsonObject(additionalProperties)) {
    parts.push(message(schemaFields.additionalProperties, [message(1, printSchema(additionalProperties))]));
  }
  if (typeof type === 'string') parts.push(message(schemaFields.type, [text(1, type)]));
  if (isJsonObject(items)) parts.push(message(schemaFields.items, [message(1, printSchema(items))]));
  for (const each of asList(schema.allOf)) parts.push(message(schemaFields.allOf, printSchema(asObject(each) ?? {})));
  if (isJsonObject(properties)) {
    parts.push(message(schemaFields.properties, Object.entries(properties).map(printNamedSchema)));
  }
  for (const [name, value] of Object.entries(schema)) {
    if (name.startsWith('x-')) parts.push(message(extension, [text(1, name), message(2, printAny(value))]));
  }
  return parts;
}

/** Any value goes as YAML, which JSON is. */
function printAny(value: unknown): Buffer[] {
  return [text(2, JSON.stringify(value))];
}

function text(field: number, value: unknown): Buffer {
  const known = asString(value);
  return known === undefined || known === '' ? Buffer.alloc(0) : delimited(field, Buffer.from(known));
}

function message(field: number, parts: readonly Buffer[]): Buffer {
  return delimited(field, Buffer.concat(parts));
}

function delimited(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | lengthDelimited), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  while (left >= 0x80) {
    bytes.push((left & 0x7f) | 0x80);
    left = Math.floor(left / 0x80);
  }
  return Buffer.from([...bytes, left]);
}
