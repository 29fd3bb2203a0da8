import type { EngineObject } from './engine.ts';

/** A schema of apiextensions.k8s.io/v1, as plain JSON. */
export type Schema = Readonly<Record<string, unknown>>;

export interface CrdColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly jsonPath: string;
  readonly description?: string;
  readonly priority?: number;
}

export interface CrdVersion {
  readonly name: string;
  /** Of `spec`, and of further fields beside it where `fields` is set. */
  readonly spec?: Schema;
  /** Fields at the top of the object, besides apiVersion, kind, metadata, spec and status. */
  readonly fields?: Readonly<Record<string, Schema>>;
  readonly status?: Schema;
  /** Names of top-level fields that must be there. */
  readonly required?: readonly string[];
  readonly columns?: readonly CrdColumn[];
  /** CEL rules of the whole object: where `status` has a say in what `spec` may become. */
  readonly rules?: readonly { readonly rule: string; readonly message: string }[];
  readonly scale?: {
    readonly specReplicasPath: string;
    readonly statusReplicasPath: string;
    readonly labelSelectorPath?: string;
  };
  /** Served unless false; the first version of the list is the one stored. */
  readonly isServed?: boolean;
}

export interface CrdNames {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** Namespaced unless said otherwise. */
  readonly isClusterScoped?: boolean;
  readonly description: string;
  /** Groups under k8s.io and kubernetes.io need `api-approved.kubernetes.io`: where the API was approved. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Writes a CustomResourceDefinition from what differs between them; a version with `status` has the subresource. */
export function defineCrd(names: CrdNames, versions: readonly CrdVersion[]): EngineObject {
  const { group, kind, plural, shortNames, categories } = names;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      ...(names.annotations === undefined ? {} : { annotations: names.annotations }),
    },
    spec: {
      group,
      names: {
        kind,
        plural,
        singular: kind.toLowerCase(),
        listKind: `${kind}List`,
        ...(shortNames === undefined ? {} : { shortNames }),
        ...(categories === undefined ? {} : { categories }),
      },
      scope: names.isClusterScoped === true ? 'Cluster' : 'Namespaced',
      versions: versions.map((version, at) => versionOf(version, names.description, at === 0)),
    },
  };
}

function versionOf(version: CrdVersion, description: string, isStored: boolean): object {
  const { spec, status, fields, scale } = version;
  const subresources = {
    ...(status === undefined ? {} : { status: {} }),
    ...(scale === undefined ? {} : { scale }),
  };
  return {
    name: version.name,
    served: version.isServed !== false,
    storage: isStored,
    ...(Object.keys(subresources).length === 0 ? {} : { subresources }),
    ...(version.columns === undefined ? {} : { additionalPrinterColumns: version.columns }),
    schema: {
      openAPIV3Schema: {
        type: 'object',
        description,
        ...(version.required === undefined ? {} : { required: version.required }),
        properties: {
          apiVersion: { type: 'string' },
          kind: { type: 'string' },
          metadata: { type: 'object' },
          ...(spec === undefined ? {} : { spec }),
          ...fields,
          ...(status === undefined ? {} : { status }),
        },
        ...(version.rules === undefined ? {} : { 'x-kubernetes-validations': version.rules }),
      },
    },
  };
}
