import type { JsonObject } from '../machinery/json.ts';
import { schemaNameOf } from './type-names.ts';
import { type FieldInfo, type TypeExpression, type TypeInfo, typeInfo } from './type-table.ts';

/** OpenAPI 2 knows no `oneOf`, and its references point elsewhere. */
export type OpenApiVersion = 2 | 3;

/** The type's description, then those of its fields in the table's order. */
export type Descriptions = Readonly<Record<string, readonly string[]>>;

interface NamedSchema {
  readonly name: string;
  readonly schema: Readonly<Record<OpenApiVersion, JsonObject>>;
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const apiextensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';

/** Types whose JSON is no object with known fields. */
const special: Readonly<Record<string, NamedSchema>> = {
  quantity: {
    name: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
    schema: { 2: { type: 'string' }, 3: { oneOf: [{ type: 'string' }, { type: 'number' }] } },
  },
  'int-or-string': {
    name: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
    schema: {
      2: { type: 'string', format: 'int-or-string' },
      3: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
    },
  },
  time: both(`${meta}.Time`, { type: 'string', format: 'date-time' }),
  'micro-time': both(`${meta}.MicroTime`, { type: 'string', format: 'date-time' }),
  raw: both('io.k8s.apimachinery.pkg.runtime.RawExtension', { type: 'object' }),
  'meta/v1.FieldsV1': both(`${meta}.FieldsV1`, { type: 'object' }),
  'meta/v1.Patch': both(`${meta}.Patch`, { type: 'object' }),
  'meta/v1.Duration': both(`${meta}.Duration`, { type: 'string' }),
  'apiextensions/v1.JSON': both(`${apiextensions}.JSON`, {}),
  'apiextensions/v1.JSONSchemaPropsOrArray': both(`${apiextensions}.JSONSchemaPropsOrArray`, {}),
  'apiextensions/v1.JSONSchemaPropsOrBool': both(`${apiextensions}.JSONSchemaPropsOrBool`, {}),
  'apiextensions/v1.JSONSchemaPropsOrStringArray': both(`${apiextensions}.JSONSchemaPropsOrStringArray`, {}),
  'apiextensions/v1.CustomResourceSubresourceStatus': both(`${apiextensions}.CustomResourceSubresourceStatus`, {
    type: 'object',
  }),
};

const scalars: Readonly<Record<string, JsonObject>> = {
  string: { type: 'string' },
  byte: { type: 'string', format: 'byte' },
  boolean: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  number: { type: 'number' },
  double: { type: 'number', format: 'double' },
  object: { type: 'object' },
  any: {},
};

const metadataUrl = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';
const metadataDescriptions: Readonly<Record<string, string>> = {
  'meta/v1.ObjectMeta': `Standard object's metadata. More info: ${metadataUrl}#metadata`,
  'meta/v1.ListMeta': `Standard list metadata. More info: ${metadataUrl}#types-kinds`,
};

/** The name a type's schema has in the documents. */
export function documentNameOf(typeName: string): string {
  return special[typeName]?.name ?? schemaNameOf(typeName);
}

export function referenceTo(typeName: string, version: OpenApiVersion): JsonObject {
  const folder = version === 2 ? '#/definitions/' : '#/components/schemas/';
  return { $ref: `${folder}${documentNameOf(typeName)}` };
}

/** Types the field leads to, scalars left out. */
export function typeNamesIn(type: TypeExpression): string[] {
  if (type.kind === 'named') return Object.hasOwn(scalars, type.name) ? [] : [type.name];
  return typeNamesIn(type.of);
}

/** The type's schema without its `x-kubernetes-group-version-kind`. A name the table lacks is a mistake and throws. */
export function schemaOfType(name: string, version: OpenApiVersion, descriptions: Descriptions): JsonObject {
  const known = special[name];
  if (known !== undefined) return { ...known.schema[version] };
  const type = typeInfo(name);
  if (type === undefined) throw new Error(`no structure is known for type ${name}`);
  const [own = '', ...ofFields] = descriptions[name] ?? [];
  const fields = [...type.fields.values()];
  const required = fields.filter((field) => field.isRequired).map((field) => field.name);
  return {
    ...describe(own),
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    ...(fields.length === 0
      ? {}
      : {
          properties: Object.fromEntries(
            fields.map((field, at) => [field.name, schemaOfField(field, version, ofFields[at] ?? '', descriptions)]),
          ),
        }),
    ...(type.isAtomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
    ...unionOf(type),
  };
}

function schemaOfField(
  field: FieldInfo,
  version: OpenApiVersion,
  description: string,
  descriptions: Descriptions,
): JsonObject {
  const { type, list, keys, patchStrategies, mergeKey, allowed } = field;
  const isList = type.kind === 'list';
  const isWrapped = version === 3 && type.kind === 'named' && !Object.hasOwn(scalars, type.name);
  return {
    ...describe(description || describeReference(field, descriptions)),
    // OpenAPI 3 keeps what stands beside a reference only where the reference is wrapped.
    ...(isWrapped
      ? { ...defaultOf(field), allOf: [schemaOfExpression(type, version)] }
      : { ...schemaOfExpression(type, version), ...(version === 3 ? defaultOf(field) : {}) }),
    ...(allowed.length === 0 || isList ? {} : { enum: allowed }),
    ...(isList && allowed.length > 0 ? { items: { type: 'string', enum: allowed } } : {}),
    ...(list !== undefined && isList ? { 'x-kubernetes-list-type': list } : {}),
    ...(list === 'atomic' && !isList ? { 'x-kubernetes-map-type': list } : {}),
    ...(keys.length === 0 ? {} : { 'x-kubernetes-list-map-keys': keys }),
    ...(mergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': mergeKey }),
    ...(patchStrategies.length === 0 ? {} : { 'x-kubernetes-patch-strategy': patchStrategies.join(',') }),
  };
}

function schemaOfExpression(type: TypeExpression, version: OpenApiVersion): JsonObject {
  if (type.kind === 'named') return scalars[type.name] ?? referenceTo(type.name, version);
  const inner = schemaOfExpression(type.of, version);
  return type.kind === 'list' ? { type: 'array', items: inner } : { type: 'object', additionalProperties: inner };
}

function defaultOf(field: FieldInfo): JsonObject {
  return field.default === undefined ? {} : { default: field.default };
}

function describe(description: string): JsonObject {
  return description === '' ? {} : { description };
}

/** The library drops the words that stand beside a reference: those of the type it leads to stand in. */
function describeReference({ type }: FieldInfo, descriptions: Descriptions): string {
  const target = type.kind === 'named' ? type.name : '';
  return metadataDescriptions[target] ?? descriptions[target]?.[0] ?? '';
}

function unionOf({ union }: TypeInfo): JsonObject {
  if (union === undefined) return {};
  const named = Object.fromEntries(
    union.fields.map((field) => [field, field.charAt(0).toUpperCase() + field.slice(1)]),
  );
  return {
    'x-kubernetes-unions': [
      {
        ...(union.discriminator === '' ? {} : { discriminator: union.discriminator }),
        'fields-to-discriminateBy': named,
      },
    ],
  };
}

function both(name: string, schema: JsonObject): NamedSchema {
  return { name, schema: { 2: schema, 3: schema } };
}
