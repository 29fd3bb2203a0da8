import { canonicalQuantity, QuantityError } from '../machinery/canonical-quantity.ts';
import { isJsonObject, type JsonObject } from '../machinery/json.ts';
import { jsonKindOf } from '../machinery/json-kind.ts';
import { embeddedStructOf } from './embedded-structs.ts';
import { localNameOf, packageOf } from './type-names.ts';
import { type FieldInfo, type TypeExpression, type TypeInfo, typeInfo } from './type-table.ts';

/** How the value came: as a document of its own, or as a merged object, which the real server decodes by other words. */
export type DecodeManner = 'json' | 'merged' | 'applied';

/** A value of another type than the field's. The message is the real server's. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const base64Pattern = /^[A-Za-z0-9+/]*={0,2}$/;
const goNames: Readonly<Record<string, string>> = {
  boolean: 'bool',
  double: 'float64',
  number: 'float64',
  byte: '[]uint8',
  time: 'string',
  'micro-time': 'string',
};

/** Where none is not the same as nothing said. */
const meantWhenEmpty = new Set(['autoscaling/v2.HPAScalingRules.policies', 'discovery/v1.EndpointSlice.ports']);

/** What decodes itself to a number unless it is a text. */
const numberOrText: TypeExpression = { kind: 'named', name: 'int32' };

/** Where the walk is, and the structures on the way there: one for all, since decoding never waits. */
const place: (string | number)[] = [];
const owners: TypeInfo[] = [];

/**
 * Holds an object against its type: takes unknown fields out of it and returns their paths. Null counts as absent, in
 * lists and maps as the zero value; empty lists and maps that may be absent are. Quantities become canonical. Nothing is allocated while all fields
 * are known. Throws `DecodeError` at the first wrong type.
 */
export function decodeTyped(typeName: string, object: JsonObject, manner: DecodeManner): readonly string[] {
  const type = typeInfo(typeName);
  if (type === undefined) return [];
  place.length = 0;
  owners.length = 0;
  const unknown: string[] = [];
  decodeStruct(type, object, unknown, manner);
  return unknown;
}

function decodeStruct(type: TypeInfo, object: JsonObject, unknown: string[], manner: DecodeManner): void {
  owners.push(type);
  for (const name in object) {
    const field = type.fields.get(name);
    place.push(name);
    if (field === undefined) {
      unknown.push(printPlace());
      delete object[name];
    } else {
      const value = object[name];
      if (value === null) delete object[name];
      else if (value !== undefined) {
        const decoded = decodeValue(field.type, value, unknown, manner);
        if (isDroppable(type, field) && isEmpty(decoded)) delete object[name];
        else if (decoded !== value) object[name] = decoded;
      }
    }
    place.pop();
  }
  owners.pop();
}

function isDroppable(type: TypeInfo, field: FieldInfo): boolean {
  return field.type.kind !== 'named' && !field.isRequired && !meantWhenEmpty.has(`${type.name}.${field.name}`);
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  for (const _key in value as JsonObject) return false;
  return true;
}

function decodeValue(type: TypeExpression, value: unknown, unknown: string[], manner: DecodeManner): unknown {
  if (type.kind === 'named') return decodeNamed(type, value, unknown, manner);
  if (type.kind === 'map') return decodeMap(type, value, unknown, manner);
  if (!Array.isArray(value)) throw wrongType(type, value, manner);
  for (let at = 0; at < value.length; at += 1) {
    const item: unknown = value[at] ?? zeroOf(type.of);
    if (item === undefined) continue;
    place.push(at);
    const decoded = decodeValue(type.of, item, unknown, manner);
    if (decoded !== value[at]) value[at] = decoded;
    place.pop();
  }
  return value;
}

function decodeMap(
  type: Extract<TypeExpression, { kind: 'map' }>,
  value: unknown,
  unknown: string[],
  manner: DecodeManner,
): JsonObject {
  if (!isJsonObject(value)) throw wrongType(type, value, manner);
  const isResources = type.of.kind === 'named' && type.of.name === 'quantity';
  for (const key in value) {
    const member = value[key] ?? zeroOf(type.of);
    if (member === undefined) continue;
    place.push(key);
    const decoded = isResources ? decodeQuantity(member, true) : decodeValue(type.of, member, unknown, manner);
    if (decoded !== value[key]) value[key] = decoded;
    place.pop();
  }
  return value;
}

function decodeNamed(
  type: Extract<TypeExpression, { kind: 'named' }>,
  value: unknown,
  unknown: string[],
  manner: DecodeManner,
): unknown {
  switch (type.name) {
    case 'string':
      if (typeof value !== 'string') throw wrongType(type, value, manner);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(type, value, manner);
      return value;
    case 'int32':
    case 'int64':
      if (isInteger(value, type.name)) return value;
      // Merged objects are converted, which cuts off what is too large.
      if (manner !== 'json' && isInteger(value, 'int64')) return Number(BigInt.asIntN(32, BigInt(value)));
      throw wrongType(type, value, manner);
    case 'number':
    case 'double':
      if (typeof value !== 'number') throw wrongType(type, value, manner);
      return value;
    case 'byte':
      if (typeof value !== 'string') throw wrongType(type, value, manner);
      if (!base64Pattern.test(value) || value.length % 4 !== 0) throw new DecodeError(wordsOfBase64(value));
      return value;
    case 'quantity':
      return decodeQuantity(value, false);
    case 'int-or-string':
      if (typeof value !== 'string' && !isInteger(value, 'int32')) {
        throw wrongType(numberOrText, value, manner === 'json' ? 'json' : 'applied');
      }
      return value;
    case 'time':
    case 'micro-time':
      return decodeTime(type, value, manner);
    default: {
      const struct = typeInfo(type.name);
      if (struct === undefined) return value;
      if (!isJsonObject(value)) throw wrongType(type, value, manner);
      decodeStruct(struct, value, unknown, manner);
      return value;
    }
  }
}

function decodeTime(type: TypeExpression, value: unknown, manner: DecodeManner): unknown {
  if (typeof value !== 'string') throw wrongType(type, value, manner === 'json' ? 'json' : 'applied');
  if (value !== '' && !timePattern.test(value)) {
    throw new DecodeError(
      `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`,
    );
  }
  return value;
}

/** Quantities in a map are amounts of resources by their names. */
function decodeQuantity(value: unknown, isResource: boolean): string {
  try {
    return canonicalQuantity(typeof value === 'string' || typeof value === 'number' ? String(value) : '{}', isResource);
  } catch (error) {
    throw error instanceof QuantityError ? new DecodeError(error.message) : error;
  }
}

function isInteger(value: unknown, type: 'int32' | 'int64'): value is number {
  if (typeof value !== 'number' || !Number.isInteger(value)) return false;
  return type === 'int64' || (value >= -2_147_483_648 && value <= 2_147_483_647);
}

/** What stands for null in a list or a map; undefined where null stays. */
function zeroOf(type: TypeExpression): unknown {
  if (type.kind !== 'named') return undefined;
  switch (type.name) {
    case 'string':
    case 'byte':
      return '';
    case 'boolean':
      return false;
    case 'int32':
    case 'int64':
    case 'number':
    case 'double':
      return 0;
    case 'quantity':
      return '0';
    default:
      return typeInfo(type.name) === undefined ? undefined : {};
  }
}

function wrongType(type: TypeExpression, value: unknown, manner: DecodeManner): DecodeError {
  const go = goTypeOf(type);
  if (manner === 'merged') return new DecodeError(mergedWords(type, value, go));
  const what = typeof value === 'number' && /^u?int/.test(go) ? `number ${value}` : jsonKindOf(value);
  const isConverted = manner === 'applied' && typeof value === 'number' && go === 'int32' && type !== numberOrText;
  if (isConverted) return new DecodeError('cannot convert float64 to int32');
  if (manner === 'applied') return new DecodeError(`json: cannot unmarshal ${what} into Go value of type ${go}`);
  const owner = owners.at(-1);
  const field = `${owner === undefined ? '' : localNameOf(owner.name)}.${printFields()}`;
  return new DecodeError(`json: cannot unmarshal ${what} into Go struct field ${field} of type ${go}`);
}

function mergedWords(type: TypeExpression, value: unknown, go: string): string {
  const kind = mergedKindOf(value);
  if (type.kind === 'list') return `cannot restore slice from ${kind}`;
  if (type.kind === 'map') return `cannot restore map from ${kind}`;
  if (typeInfo(type.name) !== undefined) return `cannot restore struct from: ${kind}`;
  const isConvertible = (go === 'string' && kind === 'int64') || (/^int/.test(go) && kind === 'float64');
  return isConvertible ? `cannot convert ${kind} to ${go}` : `unrecognized type: ${go}`;
}

function mergedKindOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (Array.isArray(value)) return 'slice';
  return isJsonObject(value) ? 'map' : jsonKindOf(value);
}

function goTypeOf(type: TypeExpression): string {
  if (type.kind === 'list') return `[]${goTypeOf(type.of)}`;
  if (type.kind === 'map') return `map[string]${goTypeOf(type.of)}`;
  if (typeInfo(type.name) !== undefined) return `${packageOf(type.name).version}.${localNameOf(type.name)}`;
  if (type.name === 'quantity') return 'resource.Quantity';
  if (type.name === 'int-or-string') return 'intstr.IntOrString';
  // The one kind of text in all metadata that has a name of its own.
  if (type.name === 'string' && place.at(-1) === 'uid') return 'types.UID';
  return goNames[type.name] ?? type.name;
}

function wordsOfBase64(text: string): string {
  const wrong = text.search(/[^A-Za-z0-9+/=]/);
  return `illegal base64 data at input byte ${wrong < 0 ? Math.floor(text.length / 4) * 4 : wrong}`;
}

/** `spec.containers[0].name` */
function printPlace(): string {
  let text = '';
  for (const step of place) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** The same as type errors write it: fields of structures alone, and what embeds them. */
function printFields(): string {
  const names: string[] = [];
  let depth = 0;
  for (const step of place) {
    const owner = owners[depth];
    // What is no field of the next structure is an index, or the key of a map.
    if (typeof step === 'number' || owner === undefined || !owner.fields.has(step)) continue;
    const struct = embeddedStructOf(owner.name, step);
    if (struct !== undefined) names.push(struct);
    names.push(step);
    depth += 1;
  }
  return names.join('.');
}
