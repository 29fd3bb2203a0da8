import type { Served, ServedVersion } from '../api/served-groups.ts';
import { type JsonObject, sortedEntries } from '../machinery/json.ts';
import { customSchemaName, customSchemas } from './custom-schemas.ts';
import { queryParameters } from './query-parameters.ts';
import {
  type Descriptions,
  documentNameOf,
  type OpenApiVersion,
  referenceTo,
  schemaOfType,
  typeNamesIn,
} from './schema-of-type.ts';
import { idPrefix, pathsOfResource, type ServedOperation, type ServedPath, tagOf } from './served-operations.ts';
import { localNameOf, packageOf, typeNameOfKind } from './type-names.ts';
import { typeInfo } from './type-table.ts';

/** The version of the API that the documents name. */
const apiVersion = '1.36';

const patchTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];
const customPatchTypes = patchTypes.filter((type) => !type.includes('strategic'));
const answerTypes = ['application/json', 'application/yaml'];
const watchTypes = [...answerTypes, 'application/json;stream=watch'];

export interface DocumentGroup {
  readonly group: string;
  readonly versions: readonly ServedVersion[];
}

/** What both documents are made of. */
export interface DocumentParts {
  readonly paths: Readonly<Record<string, JsonObject>>;
  readonly schemas: Readonly<Record<string, JsonObject>>;
}

/** Paths and schemas of one group version (OpenAPI 3) or of all of them (OpenAPI 2). */
export function buildDocumentParts(
  groups: readonly DocumentGroup[],
  version: OpenApiVersion,
  descriptions: Descriptions,
): DocumentParts {
  const paths: Record<string, JsonObject> = {};
  const roots = new Set<string>(['meta/v1.APIResourceList']);
  const schemas: Record<string, JsonObject> = {};
  const groupVersions: { group: string; version: string }[] = [];
  for (const { group, versions } of groups) {
    for (const each of versions) {
      groupVersions.push({ group, version: each.version });
      paths[groupPath(group, each.version)] = resourcesPath(group, each.version, version);
      for (const served of each.resources) {
        const schemaOf = schemaFinder(served, version, roots);
        if (served.schema !== undefined) Object.assign(schemas, customSchemas(served, version));
        for (const path of pathsOfResource(served)) {
          paths[path.path] = printPath(path, served, version, schemaOf);
          for (const operation of path.operations) for (const name of metaTypesOf(operation)) roots.add(name);
        }
      }
    }
  }
  for (const name of closureOf(roots)) {
    schemas[documentNameOf(name)] = {
      ...schemaOfType(name, version, descriptions),
      ...kindsOf(name, groupVersions),
    };
  }
  return { paths: Object.fromEntries(sortedEntries(paths)), schemas: Object.fromEntries(sortedEntries(schemas)) };
}

/** A whole document of OpenAPI 3, for one group version. */
export function documentV3(group: DocumentGroup, descriptions: Descriptions): JsonObject {
  const { paths, schemas } = buildDocumentParts([group], 3, descriptions);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: apiVersion },
    paths,
    components: { schemas, securitySchemes: { BearerToken: bearerToken } },
  };
}

/** The one document of OpenAPI 2. */
export function documentV2(groups: readonly DocumentGroup[], descriptions: Descriptions): JsonObject {
  const { paths, schemas } = buildDocumentParts(groups, 2, descriptions);
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: apiVersion },
    paths,
    definitions: schemas,
    securityDefinitions: { BearerToken: bearerToken },
    security: [{ BearerToken: [] }],
  };
}

const bearerToken = {
  description: 'Bearer Token authentication',
  type: 'apiKey',
  name: 'authorization',
  in: 'header',
};

type SchemaFinder = (kind: ServedOperation['kind'], suffix?: string) => JsonObject;

/** Finds the schema of a kind, noting built-in types so that they join the document. */
function schemaFinder(served: Served, version: OpenApiVersion, roots: Set<string>): SchemaFinder {
  return ({ group, version: apiVersionOfKind, kind }, suffix = '') => {
    if (served.schema !== undefined && kind === served.kind) {
      const folder = version === 2 ? '#/definitions/' : '#/components/schemas/';
      return { $ref: `${folder}${customSchemaName(served)}${suffix}` };
    }
    const name = typeNameOfKind(group, apiVersionOfKind, `${kind}${suffix}`);
    if (name === undefined || typeInfo(name) === undefined) return { type: 'object' };
    roots.add(name);
    return referenceTo(name, version);
  };
}

function printPath(path: ServedPath, served: Served, version: OpenApiVersion, schemaOf: SchemaFinder): JsonObject {
  const operations = path.operations.map((operation) => {
    const printed =
      version === 2
        ? operationV2(operation, served, schemaOf)
        : operationV3(operation, served, schemaOf, operation.answer === 'list' ? watchTypes : answerTypes);
    return [operation.method, printed] as const;
  });
  const parameters = [
    ...path.parameters.map((name) => ({
      description:
        name === 'name' ? `name of the ${served.kind}` : 'object name and auth scope, such as for teams and projects',
      in: 'path',
      name,
      required: true,
      ...typed('string', version),
    })),
    queryParameter('pretty', version),
  ];
  return { ...Object.fromEntries(operations), parameters };
}

function operationV3(
  operation: ServedOperation,
  served: Served,
  schemaOf: SchemaFinder,
  mediaTypes: readonly string[],
): JsonObject {
  const types = operation.answer === 'text' ? ['text/plain'] : mediaTypes;
  const schema = answerSchema(operation, 3, schemaOf);
  const answer = { content: Object.fromEntries(types.map((type) => [type, { schema }])) };
  const bodyTypes = operation.body === 'patch' ? patchTypesOf(served) : ['*/*'];
  const body = bodySchema(operation, 3, schemaOf);
  return {
    ...headOf(operation, served),
    ...(operation.query.length === 0 ? {} : { parameters: operation.query.map((name) => queryParameter(name, 3)) }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            content: Object.fromEntries(bodyTypes.map((type) => [type, { schema: body }])),
            ...(operation.body === 'options' ? {} : { required: true }),
          },
        }),
    responses: responsesOf(operation, () => answer),
    ...kindOf(operation),
  };
}

function operationV2(operation: ServedOperation, served: Served, schemaOf: SchemaFinder): JsonObject {
  const schema = answerSchema(operation, 2, schemaOf);
  const body = bodySchema(operation, 2, schemaOf);
  const parameters = [
    ...(body === undefined
      ? []
      : [{ name: 'body', in: 'body', schema: body, ...(operation.body === 'options' ? {} : { required: true }) }]),
    ...operation.query.map((name) => queryParameter(name, 2)),
  ];
  return {
    ...headOf(operation, served),
    consumes: operation.body === 'patch' ? patchTypesOf(served) : ['*/*'],
    produces: operation.answer === 'text' ? ['text/plain'] : operation.answer === 'list' ? watchTypes : answerTypes,
    schemes: ['https'],
    ...(parameters.length === 0 ? {} : { parameters }),
    responses: responsesOf(operation, () => ({ schema })),
    ...kindOf(operation),
  };
}

function headOf(operation: ServedOperation, served: Served): JsonObject {
  return {
    description: operation.description,
    operationId: operation.id,
    tags: [tagOf(served.group, served.version)],
  };
}

function kindOf({ action, kind }: ServedOperation): JsonObject {
  return { 'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': kind };
}

function responsesOf(operation: ServedOperation, answer: () => JsonObject): JsonObject {
  const words: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };
  return {
    ...Object.fromEntries(
      operation.codes.map((code) => [String(code), { description: words[code] ?? 'OK', ...answer() }]),
    ),
    '401': { description: 'Unauthorized' },
  };
}

function answerSchema(operation: ServedOperation, version: OpenApiVersion, schemaOf: SchemaFinder): JsonObject {
  switch (operation.answer) {
    case 'object':
      return schemaOf(operation.kind);
    case 'list':
      return schemaOf(operation.kind, 'List');
    case 'status':
      return referenceTo('meta/v1.Status', version);
    case 'text':
      return { type: 'string' };
  }
}

function bodySchema(
  operation: ServedOperation,
  version: OpenApiVersion,
  schemaOf: SchemaFinder,
): JsonObject | undefined {
  switch (operation.body) {
    case 'object':
      return schemaOf(operation.kind);
    case 'options':
      return referenceTo('meta/v1.DeleteOptions', version);
    case 'patch':
      return referenceTo('meta/v1.Patch', version);
    case undefined:
      return undefined;
  }
}

/** Types of no kind's own that the operation's body or answer takes. */
function metaTypesOf({ body, answer }: ServedOperation): string[] {
  return [
    ...(body === 'options' ? ['meta/v1.DeleteOptions'] : []),
    ...(body === 'patch' ? ['meta/v1.Patch'] : []),
    ...(answer === 'status' ? ['meta/v1.Status'] : []),
    ...(answer === 'list' ? ['meta/v1.WatchEvent'] : []),
  ];
}

function patchTypesOf(served: Served): readonly string[] {
  return served.schema === undefined ? patchTypes : customPatchTypes;
}

function queryParameter(name: string, version: OpenApiVersion): JsonObject {
  const { type = 'string', description = '' } = queryParameters[name] ?? {};
  return { description, in: 'query', name, ...typed(type, version) };
}

function typed(type: string, version: OpenApiVersion): JsonObject {
  return version === 2 ? { type, uniqueItems: true } : { schema: { type, uniqueItems: true } };
}

function groupPath(group: string, version: string): string {
  return group === '' ? `/api/${version}/` : `/apis/${group}/${version}/`;
}

function resourcesPath(group: string, version: string, openApi: OpenApiVersion): JsonObject {
  const schema = referenceTo('meta/v1.APIResourceList', openApi);
  const answer =
    openApi === 2 ? { schema } : { content: Object.fromEntries(answerTypes.map((type) => [type, { schema }])) };
  return {
    get: {
      description: 'get available resources',
      operationId: `get${idPrefix(group, version)}APIResources`,
      tags: [tagOf(group, version)],
      ...(openApi === 2 ? { consumes: answerTypes, produces: answerTypes, schemes: ['https'] } : {}),
      responses: { '200': { description: 'OK', ...answer }, '401': { description: 'Unauthorized' } },
    },
  };
}

/** The types and all that their fields lead to. */
function closureOf(roots: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  const pending = [...roots];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    for (const field of typeInfo(name)?.fields.values() ?? []) pending.push(...typeNamesIn(field.type));
  }
  return found;
}

/** Kinds carry their own name; options and events are told apart by the group that they are used in. */
function kindsOf(name: string, groupVersions: readonly { group: string; version: string }[]): JsonObject {
  const fields = typeInfo(name)?.fields;
  const kind = localNameOf(name);
  const { alias, group, version } = packageOf(name.includes('/') ? name : 'meta/v1.');
  const core = { group: '', kind, version: 'v1' };
  if (name === 'meta/v1.DeleteOptions' || name === 'meta/v1.WatchEvent') {
    const others = groupVersions.filter((each) => each.group !== '' || each.version !== 'v1');
    const kinds = [core, ...others.map((each) => ({ group: each.group, kind, version: each.version }))];
    return { 'x-kubernetes-group-version-kind': kinds };
  }
  if (fields === undefined || !fields.has('apiVersion') || !fields.has('kind')) return {};
  if (alias === 'meta/v1') {
    return ['Status', 'APIResourceList', 'APIGroup', 'APIGroupList', 'APIVersions'].includes(kind)
      ? { 'x-kubernetes-group-version-kind': [core] }
      : {};
  }
  return fields.has('metadata') ? { 'x-kubernetes-group-version-kind': [{ group, kind, version }] } : {};
}
