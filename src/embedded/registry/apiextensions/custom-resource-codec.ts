import { StatusError } from '../../api/status-error.ts';
import { cloneJson, type JsonObject } from '../../machinery/json.ts';
import { problemOfConfiguration } from '../../machinery/schema/check-applied.ts';
import { applyDefaults, dropUnwantedNulls } from '../../machinery/schema/default-values.ts';
import { coerceEmbeddedResources } from '../../machinery/schema/embedded-resources.ts';
import { coerceObjectMeta, MetadataTypeError } from '../../machinery/schema/object-meta.ts';
import { pruneUnknown } from '../../machinery/schema/prune-unknown.ts';
import type { StructuralSchema } from '../../machinery/schema/structural-schema.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { Draft, ResourceCodec } from '../resource-strategy.ts';

export interface CodecOptions {
  readonly kind: string;
  readonly group: string;
  /** The version requests speak here. */
  readonly version: string;
  readonly storageVersion: string;
  /** Of every version that is served or stored. */
  readonly schemas: ReadonlyMap<string, StructuralSchema>;
}

/**
 * How custom resources get in and out in one version (apiextensions.k8s.io/v1): what comes in is pruned, loses nulls
 * that are not allowed and gets its defaults; what is stored is converted by its label alone (strategy None) and pruned
 * once more; what is read gets the defaults of the version it was stored in.
 */
export function createCustomResourceCodec(options: CodecOptions): ResourceCodec {
  const { group, kind, version, storageVersion, schemas } = options;
  const apiVersion = `${group}/${version}`;
  const storageApiVersion = `${group}/${storageVersion}`;
  // Stored objects never change, so what they look like in this version is worked out once.
  const shown = new WeakMap<ClusterObject, ClusterObject>();

  return {
    decode(draft) {
      const schema = schemas.get(version);
      const unknown: string[] = [];
      try {
        draft.metadata = coerceObjectMeta(draft.metadata, 'metadata', unknown);
        unknown.push(...coerce(draft, schema));
        const below: string[] = [];
        coerceEmbeddedResources(draft, schema, '', below);
        unknown.push(...below.sort());
      } catch (error) {
        if (!(error instanceof MetadataTypeError)) throw error;
        const message = `${kind} in version "${version}" cannot be handled as a ${kind}: ${error.message}`;
        throw new StatusError(400, 'BadRequest', message);
      }
      applyDefaults(draft, schema);
      return unknown;
    },
    problemOfConfiguration(config) {
      const schema = schemas.get(version);
      return schema === undefined ? undefined : problemOfConfiguration(config, schema);
    },
    toStorage(object) {
      if (version === storageVersion) return object;
      const stored = contentOf(object);
      stored.apiVersion = storageApiVersion;
      coerce(stored, schemas.get(storageVersion));
      return withMetadata(stored, object);
    },
    fromStorage(stored) {
      const known = shown.get(stored);
      if (known !== undefined) return known;
      const content = contentOf(stored);
      const own = schemas.get(stored.apiVersion.slice(group.length + 1));
      coerce(content, own);
      applyDefaults(content, own);
      if (stored.apiVersion !== apiVersion) coerce(content, schemas.get(version));
      const object = withMetadata({ ...content, apiVersion }, stored);
      shown.set(stored, object);
      return object;
    },
  };
}

/** Prunes and drops nulls, in place; answers the paths of unknown fields. */
function coerce(object: Draft, schema: StructuralSchema | undefined): string[] {
  if (schema === undefined) return [];
  const unknown = pruneUnknown(object, schema, true);
  const { metadata } = object;
  dropUnwantedNulls(object, schema);
  // A schema may restrict names in metadata, but metadata is typed already.
  object.metadata = metadata;
  return unknown;
}

/** A private copy of everything but the metadata, which is kept as it is. */
function contentOf(object: ClusterObject): Draft {
  const { metadata: _metadata, ...content } = object;
  return { ...cloneJson(content), metadata: {} };
}

function withMetadata(content: JsonObject, { metadata }: ClusterObject): ClusterObject {
  const { apiVersion, kind, ...rest } = content;
  return { apiVersion, kind, ...rest, metadata } as unknown as ClusterObject;
}
