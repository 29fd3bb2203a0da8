import { ensureObject, type JsonObject, setMember } from './json.ts';

/**
 * How one field is read. A bare scalar is left out at its zero value, as Kubernetes' JSON does; a pointer (`?`) is kept.
 * Anything else names a message.
 */
export interface ProtobufField {
  readonly name: string;
  readonly type: string;
  /** The fields of an `inline` message stand in the JSON of the message around it. */
  readonly kind: 'one' | 'list' | 'map' | 'inline';
}

/** Messages by name, their fields by number. */
export type ProtobufMessages = Readonly<Record<string, Readonly<Record<number, ProtobufField>>>>;

/** The bytes are no protobuf message, or one with fields the table does not know. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

const scalars = new Set(['string', 'string?', 'bytes', 'int', 'int?', 'bool', 'bool?']);

/**
 * Reads a message as the JSON Kubernetes would print for it. A field the table does not know is refused rather than
 * lost. Throws `ProtobufError`.
 */
export function decodeProtobuf(bytes: Buffer, message: string, messages: ProtobufMessages): JsonObject {
  const fields = messages[message];
  if (fields === undefined) throw new ProtobufError(`the message ${message} is not known`);
  const object: JsonObject = {};
  for (const { number, value } of readFields(bytes)) {
    const field = fields[number];
    if (field === undefined) throw new ProtobufError(`field ${number} of ${message} is not known`);
    if (field.type === 'ignored') continue;
    if (field.kind === 'map') {
      const [key, member] = readEntry(value, field.type, messages);
      setMember(ensureObject(object, field.name), key, member);
      continue;
    }
    const decoded = decodeValue(value, field.type, messages);
    if (field.kind === 'inline') Object.assign(object, decoded);
    else if (field.kind === 'list') object[field.name] = [...((object[field.name] ?? []) as unknown[]), decoded];
    else if (!isZero(decoded, field.type)) object[field.name] = decoded;
  }
  return object;
}

interface RawField {
  readonly number: number;
  readonly value: Buffer | bigint;
}

function* readFields(bytes: Buffer): Generator<RawField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw new ProtobufError('the message ends in the middle of a number');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new ProtobufError('a number is too long');
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    if ((tag & 7) === 0) yield { number, value: varint() };
    else if ((tag & 7) === 2) {
      const end = Number(varint()) + at;
      if (end < at || end > bytes.length) throw new ProtobufError('the message ends in the middle of a field');
      yield { number, value: bytes.subarray(at, end) };
      at = end;
    } else throw new ProtobufError(`wire type ${tag & 7} is not used by Kubernetes`);
  }
}

function readEntry(value: Buffer | bigint, type: string, messages: ProtobufMessages): [string, unknown] {
  let key = '';
  let member: unknown = scalars.has(type) ? '' : {};
  for (const part of readFields(asBytes(value))) {
    if (part.number === 1) key = asBytes(part.value).toString('utf8');
    if (part.number === 2) member = decodeValue(part.value, type, messages);
  }
  return [key, member];
}

function decodeValue(value: Buffer | bigint, type: string, messages: ProtobufMessages): unknown {
  switch (type) {
    case 'string':
    case 'string?':
      return asBytes(value).toString('utf8');
    case 'bytes':
      return asBytes(value).toString('base64');
    case 'int':
    case 'int?':
      return Number(asNumber(value));
    case 'bool':
    case 'bool?':
      return asNumber(value) !== 0n;
    default:
      return translate(type, decodeProtobuf(asBytes(value), type, messages));
  }
}

/** Messages whose JSON is no object, or another one. */
function translate(type: string, message: JsonObject): unknown {
  switch (type) {
    case 'Quantity':
      return message.string ?? '0';
    case 'IntOrString':
      return message.type === 1 ? (message.strVal ?? '') : (message.intVal ?? 0);
    case 'ExtraValue':
      return message.items ?? [];
    case 'RawExtension':
      return parseRaw(String(message.raw ?? ''));
    case 'Time':
      return timeOf(message, '');
    case 'MicroTime':
      return timeOf(
        message,
        `.${String(message.nanos ?? 0)
          .padStart(9, '0')
          .slice(0, 6)}`,
      );
    default:
      return message;
  }
}

function timeOf({ seconds }: JsonObject, fraction: string): string {
  if (typeof seconds !== 'number') return '';
  const time = new Date(seconds * 1000);
  if (Number.isNaN(time.getTime())) throw new ProtobufError('a time is out of range');
  return `${time.toISOString().slice(0, -5)}${fraction}Z`;
}

function parseRaw(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
  } catch (error) {
    throw new ProtobufError('an embedded object is no JSON', { cause: error });
  }
}

function isZero(value: unknown, type: string): boolean {
  return !type.endsWith('?') && (value === '' || value === false || (value === 0 && type === 'int'));
}

function asBytes(value: Buffer | bigint): Buffer {
  if (typeof value === 'bigint') throw new ProtobufError('a number stands where bytes belong');
  return value;
}

function asNumber(value: Buffer | bigint): bigint {
  if (typeof value !== 'bigint') throw new ProtobufError('bytes stand where a number belongs');
  return value;
}
