import { isJsonObject, type JsonObject } from '../machinery/json.ts';
import { localNameOf, packageOf } from './type-names.ts';
import { type TypeExpression, type TypeInfo, typeInfo } from './type-table.ts';

/** How the value came: as a document of its own, or as a merged object, which the real server decodes by other words. */
export type DecodeManner = 'json' | 'merged' | 'applied';

/** A value of another type than the field's. The message is the real server's. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

const quantityPattern = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/;
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const base64Pattern = /^[A-Za-z0-9+/]*={0,2}$/;
const goNames: Readonly<Record<string, string>> = {
  boolean: 'bool',
  double: 'float64',
  number: 'float64',
  byte: '[]uint8',
};

/** Where the walk is: one for all, since decoding never waits. */
const place: (string | number)[] = [];

/**
 * Holds an object against its type: takes unknown fields out of it and returns their paths. Quantities given as numbers
 * become texts. Nothing is allocated while all fields are known. Throws `DecodeError` at the first wrong type.
 */
export function decodeTyped(typeName: string, object: JsonObject, manner: DecodeManner): readonly string[] {
  const type = typeInfo(typeName);
  if (type === undefined) return [];
  place.length = 0;
  const unknown: string[] = [];
  decodeStruct(type, object, unknown, manner);
  return unknown;
}

function decodeStruct(type: TypeInfo, object: JsonObject, unknown: string[], manner: DecodeManner): void {
  for (const name in object) {
    const field = type.fields.get(name);
    place.push(name);
    if (field === undefined) {
      unknown.push(printPlace(true));
      delete object[name];
    } else {
      const value = object[name];
      if (value !== null && value !== undefined) {
        const decoded = decodeValue(field.type, value, type, unknown, manner);
        if (decoded !== value) object[name] = decoded;
      }
    }
    place.pop();
  }
}

function decodeValue(
  type: TypeExpression,
  value: unknown,
  owner: TypeInfo,
  unknown: string[],
  manner: DecodeManner,
): unknown {
  if (type.kind === 'named') return decodeNamed(type, value, owner, unknown, manner);
  if (type.kind === 'list') {
    if (!Array.isArray(value)) throw wrongType(type, value, owner, manner);
    for (let at = 0; at < value.length; at += 1) {
      const item: unknown = value[at];
      if (item === null) continue;
      place.push(at);
      const decoded = decodeValue(type.of, item, owner, unknown, manner);
      if (decoded !== item) value[at] = decoded;
      place.pop();
    }
    return value;
  }
  if (!isJsonObject(value)) throw wrongType(type, value, owner, manner);
  for (const key in value) {
    const member = value[key];
    if (member === null || member === undefined) continue;
    place.push(key);
    // Messages name the field that holds the map and not its keys.
    const decoded = isNamedScalar(type.of)
      ? decodeMember(type.of, member, owner, unknown, manner)
      : decodeValue(type.of, member, owner, unknown, manner);
    if (decoded !== member) value[key] = decoded;
    place.pop();
  }
  return value;
}

function decodeMember(
  type: TypeExpression,
  member: unknown,
  owner: TypeInfo,
  unknown: string[],
  manner: DecodeManner,
): unknown {
  const key = place.pop();
  const decoded = decodeValue(type, member, owner, unknown, manner);
  if (key !== undefined) place.push(key);
  return decoded;
}

function isNamedScalar(type: TypeExpression): boolean {
  return type.kind === 'named' && !type.name.includes('/');
}

function decodeNamed(
  type: Extract<TypeExpression, { kind: 'named' }>,
  value: unknown,
  owner: TypeInfo,
  unknown: string[],
  manner: DecodeManner,
): unknown {
  switch (type.name) {
    case 'string':
      if (typeof value !== 'string') throw wrongType(type, value, owner, manner);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(type, value, owner, manner);
      return value;
    case 'int32':
    case 'int64':
      if (!isInteger(value, type.name)) throw wrongType(type, value, owner, manner);
      return value;
    case 'number':
    case 'double':
      if (typeof value !== 'number') throw wrongType(type, value, owner, manner);
      return value;
    case 'byte':
      if (typeof value !== 'string') throw wrongType(type, value, owner, manner);
      if (!base64Pattern.test(value) || value.length % 4 !== 0) throw new DecodeError(wordsOfBase64(value));
      return value;
    case 'quantity': {
      const text = typeof value === 'number' ? String(value) : value;
      if (typeof text !== 'string' || !quantityPattern.test(text)) {
        throw new DecodeError(`quantities must match the regular expression '${quantityPattern.source}'`);
      }
      return text;
    }
    case 'int-or-string':
      if (typeof value !== 'string' && !isInteger(value, 'int32')) {
        throw wrongType({ kind: 'named', name: 'int32' }, value, owner, manner);
      }
      return value;
    case 'time':
    case 'micro-time':
      return decodeTime(type, value, owner, manner);
    default: {
      const struct = typeInfo(type.name);
      if (struct === undefined) return value;
      if (!isJsonObject(value)) throw wrongType(type, value, owner, manner);
      decodeStruct(struct, value, unknown, manner);
      return value;
    }
  }
}

function decodeTime(type: TypeExpression, value: unknown, owner: TypeInfo, manner: DecodeManner): unknown {
  if (typeof value !== 'string') throw wrongType(type, value, owner, manner);
  if (value !== '' && !timePattern.test(value)) {
    throw new DecodeError(
      `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`,
    );
  }
  return value;
}

function isInteger(value: unknown, type: 'int32' | 'int64'): boolean {
  if (typeof value !== 'number' || !Number.isInteger(value)) return false;
  return type === 'int64' || (value >= -2_147_483_648 && value <= 2_147_483_647);
}

function wrongType(type: TypeExpression, value: unknown, owner: TypeInfo, manner: DecodeManner): DecodeError {
  const go = goTypeOf(type);
  if (manner === 'merged') return new DecodeError(mergedWords(type, value, go));
  const what = typeof value === 'number' && /^u?int/.test(go) ? `number ${value}` : kindOf(value);
  if (manner === 'applied') return new DecodeError(`json: cannot unmarshal ${what} into Go value of type ${go}`);
  const field = `${localNameOf(owner.name)}.${printPlace(false)}`;
  return new DecodeError(`json: cannot unmarshal ${what} into Go struct field ${field} of type ${go}`);
}

function mergedWords(type: TypeExpression, value: unknown, go: string): string {
  const kind = typeof value === 'number' ? (Number.isInteger(value) ? 'int64' : 'float64') : kindOf(value);
  if (type.kind === 'list') return `cannot restore slice from ${kind}`;
  if (type.kind === 'map') return `cannot restore map from ${kind}`;
  if (typeInfo(type.name) !== undefined) return `cannot restore struct from: ${kind}`;
  return go === 'string' ? `cannot convert ${kind} to string` : `unrecognized type: ${go}`;
}

function goTypeOf(type: TypeExpression): string {
  if (type.kind === 'list') return `[]${goTypeOf(type.of)}`;
  if (type.kind === 'map') return `map[string]${goTypeOf(type.of)}`;
  if (typeInfo(type.name) !== undefined) return `${packageOf(type.name).version}.${localNameOf(type.name)}`;
  if (type.name === 'quantity') return 'resource.Quantity';
  if (type.name === 'int-or-string') return 'intstr.IntOrString';
  return goNames[type.name] ?? type.name;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function wordsOfBase64(text: string): string {
  const wrong = text.search(/[^A-Za-z0-9+/=]/);
  return `illegal base64 data at input byte ${wrong < 0 ? text.length : wrong}`;
}

/** `spec.containers[0].name`; type errors leave the indexes out. */
function printPlace(withIndexes: boolean): string {
  let text = '';
  for (const step of place) {
    if (typeof step === 'string') text += text === '' ? step : `.${step}`;
    else if (withIndexes) text += `[${step}]`;
  }
  return text;
}
