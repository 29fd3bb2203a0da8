import { isJsonObject, type JsonObject, setMember } from '../json.ts';
import { jsonKindOf } from '../json-kind.ts';

/** Metadata, or a place that holds it, that is not of the type it must be. The message is for the client. */
export class MetadataTypeError extends Error {
  override readonly name = 'MetadataTypeError';
}

type FieldType = 'string' | 'int64' | 'bool' | 'time' | 'strings' | 'string-map' | 'raw' | StructType;

interface StructType {
  readonly struct: string;
  readonly fields: Readonly<Record<string, FieldType>>;
}

const ownerReference: StructType = {
  struct: 'OwnerReference',
  fields: {
    apiVersion: 'string',
    kind: 'string',
    name: 'string',
    uid: 'string',
    controller: 'bool',
    blockOwnerDeletion: 'bool',
  },
};

const managedFieldsEntry: StructType = {
  struct: 'ManagedFieldsEntry',
  fields: {
    manager: 'string',
    operation: 'string',
    apiVersion: 'string',
    time: 'time',
    fieldsType: 'string',
    fieldsV1: 'raw',
    subresource: 'string',
  },
};

/** `meta/v1 ObjectMeta`. */
const objectMeta: StructType = {
  struct: 'ObjectMeta',
  fields: {
    name: 'string',
    generateName: 'string',
    namespace: 'string',
    selfLink: 'string',
    uid: 'string',
    resourceVersion: 'string',
    generation: 'int64',
    creationTimestamp: 'time',
    deletionTimestamp: 'time',
    deletionGracePeriodSeconds: 'int64',
    labels: 'string-map',
    annotations: 'string-map',
    ownerReferences: ownerReference,
    finalizers: 'strings',
    managedFields: managedFieldsEntry,
  },
};

const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const goTypes: Readonly<Record<string, string>> = {
  string: 'string',
  int64: 'int64',
  bool: 'bool',
  strings: '[]string',
  'string-map': 'map[string]string',
};

/**
 * Metadata as the typed ObjectMeta keeps it: unknown fields, nulls and empty members are gone. The paths of unknown
 * fields are added to `unknown`, below `path`. Throws `MetadataTypeError` in the words of Go's decoder.
 */
export function coerceObjectMeta(value: unknown, path: string, unknown: string[]): JsonObject {
  if (value === null || value === undefined) return {};
  if (!isJsonObject(value)) {
    throw new MetadataTypeError(`json: cannot unmarshal ${jsonKindOf(value)} into Go value of type v1.ObjectMeta`);
  }
  return readStruct(value, objectMeta, '', path, unknown);
}

function readStruct(value: JsonObject, type: StructType, parents: string, path: string, unknown: string[]): JsonObject {
  const made: JsonObject = {};
  for (const [name, member] of Object.entries(value)) {
    const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
    if (field === undefined) {
      unknown.push(`${path}.${name}`);
      continue;
    }
    if (member === null || member === undefined) continue;
    const read = readField(
      member,
      field,
      { struct: type.struct, name: `${parents}${name}` },
      `${path}.${name}`,
      unknown,
    );
    if (!isEmpty(read) || field === 'raw') made[name] = read;
  }
  return made;
}

interface Position {
  readonly struct: string;
  readonly name: string;
}

function readField(member: unknown, type: FieldType, at: Position, path: string, unknown: string[]): unknown {
  switch (type) {
    case 'string':
    case 'bool':
    case 'int64': {
      const wanted = type === 'string' ? 'string' : type === 'bool' ? 'boolean' : 'number';
      if (typeof member !== wanted) throw mismatch(jsonKindOf(member), at, type);
      if (type === 'int64' && !Number.isInteger(member)) throw mismatch(`number ${String(member)}`, at, type);
      return member;
    }
    case 'time':
      if (typeof member !== 'string') throw mismatch(jsonKindOf(member), at, 'string');
      if (member !== '' && (!time.test(member) || Number.isNaN(Date.parse(member)))) {
        throw new MetadataTypeError(
          `parsing time ${JSON.stringify(member)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(member)} as "2006"`,
        );
      }
      return member;
    case 'strings':
      if (!Array.isArray(member)) throw mismatch(jsonKindOf(member), at, type);
      for (const item of member) if (typeof item !== 'string') throw mismatch(jsonKindOf(item), at, 'string');
      return member;
    case 'string-map': {
      if (!isJsonObject(member)) throw mismatch(jsonKindOf(member), at, type);
      const made: JsonObject = {};
      for (const [key, text] of Object.entries(member)) {
        if (text !== null && typeof text !== 'string') throw mismatch(jsonKindOf(text), at, 'string');
        setMember(made, key, text ?? '');
      }
      return made;
    }
    case 'raw':
      return member;
    default:
      return readList(member, type, at, path, unknown);
  }
}

function readList(member: unknown, type: StructType, at: Position, path: string, unknown: string[]): unknown[] {
  const goType = `v1.${type.struct}`;
  if (!Array.isArray(member)) throw mismatch(jsonKindOf(member), at, `[]${goType}`);
  return member.map((item: unknown, index) => {
    if (!isJsonObject(item)) throw mismatch(jsonKindOf(item), at, goType);
    return readStruct(item, type, `${at.name}.`, `${path}[${index}]`, unknown);
  });
}

function mismatch(found: string, at: Position, type: string): MetadataTypeError {
  const goType = goTypes[type] ?? type;
  return new MetadataTypeError(
    `json: cannot unmarshal ${found} into Go struct field ${at.struct}.${at.name} of type ${goType}`,
  );
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) ? Object.keys(value).length === 0 : value === '';
}
