import type { Served } from '../api/served-groups.ts';
import { asObject, isJsonObject, type JsonObject } from '../machinery/json.ts';
import { type OpenApiVersion, referenceTo } from './schema-of-type.ts';

const apiVersionDescription =
  'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources';
const kindDescription =
  'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds';
const metadataUrl = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';

/** `com.example.stable.v1.CronTab`: the group's parts turned round. */
export function customSchemaName({ group, version, kind }: Pick<Served, 'group' | 'version' | 'kind'>): string {
  return [...group.split('.').reverse(), version, kind].join('.');
}

/** The schemas of a custom resource and of its list, by their names in the documents. */
export function customSchemas(served: Served, version: OpenApiVersion): Readonly<Record<string, JsonObject>> {
  const name = customSchemaName(served);
  const kind = (suffix: string): object[] => [
    { group: served.group, kind: `${served.kind}${suffix}`, version: served.version },
  ];
  const folder = version === 2 ? '#/definitions/' : '#/components/schemas/';
  const own = published(served.schema ?? {}, version);
  const described = {
    apiVersion: { description: apiVersionDescription, type: 'string' },
    kind: { description: kindDescription, type: 'string' },
  };
  const listName = `${name}List`;
  return {
    [name]: {
      ...own,
      type: 'object',
      properties: {
        ...asObject(own.properties),
        ...described,
        metadata: metadataReference('ObjectMeta', "Standard object's metadata.", '#metadata', version),
      },
      'x-kubernetes-group-version-kind': kind(''),
    },
    [listName]: {
      description: `${served.kind}List is a list of ${served.kind}`,
      type: 'object',
      required: ['items'],
      properties: {
        ...described,
        items: {
          description: `List of ${served.plural}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
          type: 'array',
          items: { $ref: `${folder}${name}` },
        },
        metadata: metadataReference('ListMeta', 'Standard list metadata.', '#types-kinds', version),
      },
      'x-kubernetes-group-version-kind': kind('List'),
    },
  };
}

function metadataReference(type: string, words: string, anchor: string, version: OpenApiVersion): JsonObject {
  const description = `${words} More info: ${metadataUrl}${anchor}`;
  const reference = referenceTo(`meta/v1.${type}`, version);
  return version === 2 ? { description, ...reference } : { description, allOf: [reference] };
}

/** Keywords that OpenAPI 2 has no place for, as the real server drops them. */
const onlyInVersion3 = ['oneOf', 'anyOf', 'not', 'nullable'];

/**
 * The schema as the documents show it. OpenAPI 2 cannot say all of it: where a place allows more than version 2 can
 * express, it says nothing of the type there.
 */
function published(schema: JsonObject, version: OpenApiVersion): JsonObject {
  const shown: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (version === 2 && onlyInVersion3.includes(key)) continue;
    if (key === 'properties' && isJsonObject(value)) {
      shown[key] = Object.fromEntries(
        Object.entries(value).map(([name, member]) => [name, published(asObject(member) ?? {}, version)]),
      );
    } else if ((key === 'items' || key === 'additionalProperties') && isJsonObject(value)) {
      shown[key] = published(value, version);
    } else shown[key] = value;
  }
  const isLoose =
    schema['x-kubernetes-preserve-unknown-fields'] === true || schema['x-kubernetes-int-or-string'] === true;
  if (version === 2 && (isLoose || schema.nullable === true)) {
    for (const key of ['type', 'properties', 'items', 'additionalProperties', 'required']) delete shown[key];
  }
  return shown;
}
