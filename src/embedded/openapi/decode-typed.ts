import { canonicalQuantity, QuantityError } from '../machinery/canonical-quantity.ts';
import { isJsonObject, type JsonObject } from '../machinery/json.ts';
import {
  type DecodeManner,
  numberOrText,
  printPlace,
  type Step,
  wordsOfBase64,
  wordsOfWrongType,
} from './decode-words.ts';
import { type FieldInfo, type TypeExpression, type TypeInfo, typeInfo } from './type-table.ts';

/** A value of another type than the field's. The message is the real server's. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const base64Pattern = /^[A-Za-z0-9+/]*={0,2}$/;
/** Where none is not the same as nothing said. */
const meantWhenEmpty = new Set(['autoscaling/v2.HPAScalingRules.policies', 'discovery/v1.EndpointSlice.ports']);

/** Where the walk is, and the structures on the way there: one for all, since decoding never waits. */
const place: Step[] = [];
const owners: TypeInfo[] = [];

/**
 * Holds an object against its type: takes unknown fields out of it and returns their paths. Null counts as absent, in
 * lists and maps as the zero value; empty lists and maps that may be absent are. Quantities become canonical. Nothing
 * is allocated while all fields are known. Throws `DecodeError` at the first wrong type.
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
      unknown.push(printPlace(place));
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
  return new DecodeError(wordsOfWrongType({ type, value, manner, place, owners }));
}
