import { asList, asObject, asObjectList, asString, isJsonObject, type JsonObject } from '../../machinery/json.ts';
import { StructuralSchema } from '../../machinery/schema/structural-schema.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { RegisteredResource } from '../resource-strategy.ts';
import { createCustomResourceCodec } from './custom-resource-codec.ts';
import { createCustomResourceStrategy } from './custom-resource-strategy.ts';
import { deprecationWarning } from './deprecation-warning.ts';

/**
 * The resource a CustomResourceDefinition describes, under the names it was granted; undefined while it has none or
 * serves no version. Every version has its own schema, subresources, columns and codec; schemas are read once here.
 */
export function registerCustomResource(
  definition: ClusterObject,
  refusesCreation: () => string | undefined,
): RegisteredResource | undefined {
  const spec = asObject(definition.spec) ?? {};
  const status = asObject(definition.status) ?? {};
  const names = asObject(status.acceptedNames) ?? {};
  const versions = asObjectList(spec.versions);
  const served = versions.filter((version) => version.served === true).map((version) => String(version.name));
  const storage = versions.find((version) => version.storage === true);
  if (storage === undefined || served.length === 0 || (asString(names.plural) ?? '') === '') return undefined;
  const schemas = new Map(
    versions.map((version) => [String(version.name), new StructuralSchema(schemaOf(version))] as const),
  );
  const perVersion = new Map(
    versions.map((version) => {
      const resource = registerVersion(definition, version, { spec, names, schemas, storage });
      return [String(version.name), { ...resource, servedVersions: served, refusesCreation }] as const;
    }),
  );
  const stored = perVersion.get(String(storage.name));
  return stored === undefined ? undefined : { ...stored, perVersion };
}

interface Context {
  readonly spec: JsonObject;
  readonly names: JsonObject;
  readonly schemas: ReadonlyMap<string, StructuralSchema>;
  readonly storage: JsonObject;
}

function registerVersion(
  { metadata }: ClusterObject,
  version: JsonObject,
  { spec, names, schemas, storage }: Context,
): Omit<RegisteredResource, 'servedVersions'> {
  const group = String(spec.group);
  const kind = String(names.kind);
  const name = String(version.name);
  const schema = schemas.get(name) ?? new StructuralSchema({});
  const subresources = asObject(version.subresources) ?? {};
  const hasStatus = isJsonObject(subresources.status);
  const scale = asObject(subresources.scale);
  const warning = deprecationWarning(spec, version);
  return {
    definition: {
      group,
      version: name,
      kind,
      listKind: asString(names.listKind) ?? `${kind}List`,
      plural: String(names.plural),
      singular: asString(names.singular) ?? kind.toLowerCase(),
      shortNames: asList(names.shortNames).map(String),
      categories: asList(names.categories).map(String),
      namespaced: spec.scope === 'Namespaced',
      subresources: [...(hasStatus ? ['status'] : []), ...(scale === undefined ? [] : ['scale'])],
    },
    strategy: createCustomResourceStrategy(version, schema),
    codec: createCustomResourceCodec({
      group,
      kind,
      version: name,
      storageVersion: String(storage.name),
      schemas,
    }),
    schemas: Object.fromEntries([...schemas].map(([each, { json }]) => [each, json])),
    customResource: metadata.name,
    ...(warning === undefined ? {} : { warnings: [warning] }),
  };
}

function schemaOf(version: JsonObject): JsonObject {
  return asObject(asObject(version.schema)?.openAPIV3Schema) ?? {};
}
