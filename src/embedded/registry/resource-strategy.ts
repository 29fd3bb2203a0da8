import type { Requester } from '../access/requester.ts';
import type { JsonObject } from '../machinery/json.ts';
import type { Shape } from '../machinery/shape.ts';
import type { ClusterObject, ResourceDefinition } from '../store/types.ts';
import type { FieldErrors } from './validation/field-errors.ts';

/** An object on its way in: already a private copy, so strategies write into it. */
export type Draft = JsonObject & { metadata: JsonObject };

/** What a strategy may ask of the cluster around it. */
export interface StrategyEnvironment {
  /** The clock's time as Kubernetes prints it: RFC 3339 in whole seconds. */
  now(): string;
  list(group: string, plural: string, namespace?: string): readonly ClusterObject[];
  find(group: string, plural: string, name: string, namespace?: string): ClusterObject | undefined;
  /** Whether kubelets and a garbage collector run; without them a deletion takes effect at once. */
  readonly hasControllers: boolean;
}

/** Subresources that carry the object and change its status. */
export type StatusSubresource = 'status' | 'approval';

/** Which writes count as a new generation of the object. */
export type GenerationRule =
  | 'none'
  /** 1 for ever. */
  | 'on-creation'
  | 'spec'
  | 'spec-and-annotations'
  | 'all-but-metadata'
  | 'all-but-metadata-and-status';

/**
 * How objects get in, are kept and come out again, in one version. Built-in resources need none: they are stored as
 * they come, but for an older version beside the one that is kept.
 */
export interface ResourceCodec {
  /**
   * Brings what was sent into the form of its schema, in place: pruned, without nulls that are not allowed, with its
   * defaults. Answers the paths of fields the schema does not know. Throws `StatusError` 400 for mistyped metadata.
   * Absent where the type table says what is known.
   */
  decode?(draft: Draft): readonly string[];
  /** Why a configuration cannot be applied, in the words of structured merge; undefined when it can. */
  problemOfConfiguration?(config: JsonObject): string | undefined;
  /** The object in the version it is stored in. */
  toStorage(object: ClusterObject): ClusterObject;
  /** A stored object as this version shows it. */
  fromStorage(stored: ClusterObject): ClusterObject;
}

export type NameRule = 'dns-subdomain' | 'dns-label' | 'dns-1035-label' | 'path-segment';

/**
 * How one resource differs from all others. Every member runs at its place in the write path: prepare, defaults,
 * admission (creation only), validation.
 */
export interface ResourceStrategy {
  readonly nameRule: NameRule;
  readonly generation: GenerationRule;
  /** PUT on a missing object creates it. */
  readonly createsOnUpdate?: boolean;
  /** An update without a resourceVersion is refused. */
  readonly needsResourceVersion?: boolean;
  /** Finalizers without a domain are good enough; the writer is warned of them. */
  readonly takesPlainFinalizers?: boolean;
  /** The warning every request for this resource is answered with. */
  readonly deprecation?: string;
  /** Whether a creation keeps the status it was sent with, as Node does. */
  readonly keepsStatusOnCreate?: boolean;
  /** What becomes of dependents when a request does not say; unset is Background. */
  readonly defaultPropagation?: 'Orphan';
  /** A completed deletion answers with the object and not with a Status. */
  readonly returnsDeleted?: boolean;
  /** Controllers inside may change through a plain update what others need a subresource for: binding, finalizing. */
  readonly trustsControllers?: boolean;
  /** Loads what writes of this resource need and a start does not: awaited before each of them. */
  load?(): Promise<void>;
  /** Steers strategic merge patch and apply; unset merges objects and replaces lists. */
  readonly shape?: Shape;
  /** Sets what the server owns at creation: initial status, allocated addresses. */
  prepareForCreate?(draft: Draft, environment: StrategyEnvironment): void;
  /** Carries over what an update may not touch. */
  prepareForUpdate?(draft: Draft, current: ClusterObject, environment: StrategyEnvironment): void;
  setDefaults?(draft: Draft): void;
  /**
   * Refuses what the writer may not put into the object, beyond its right to write it (rights it does not hold itself),
   * and writes down who it is where the object says so.
   * Not asked for writers inside the cluster.
   */
  authorizeWrite?(
    draft: Draft,
    current: ClusterObject | undefined,
    requester: Requester,
    subresource?: StatusSubresource,
  ): void;
  /** What built-in admission adds to or refuses of a new object. */
  admitCreate?(draft: Draft, environment: StrategyEnvironment): void;
  /** `current` is what an update replaces; undefined at creation. */
  validate?(draft: Draft, errors: FieldErrors, current?: ClusterObject): void;
  /** What admission refuses of a new object that is valid in itself. Throws `StatusError`. */
  validateCreated?(draft: Draft): void;
  /** What only a creation may not contain. */
  validateCreate?(draft: Draft, errors: FieldErrors): void;
  validateUpdate?(draft: Draft, current: ClusterObject, errors: FieldErrors): void;
  /** Carries over what a write of the status may not touch. */
  prepareForStatus?(
    draft: Draft,
    current: ClusterObject,
    subresource: StatusSubresource,
    environment: StrategyEnvironment,
  ): void;
  validateStatus?(draft: Draft, current: ClusterObject, errors: FieldErrors, subresource: StatusSubresource): void;
  /** Subresources that carry the object and change one part of it that a plain update may not. */
  readonly parts?: Readonly<Record<string, ObjectPart>>;
  /** Sentences the writer gets as Warning headers with a write that was accepted. */
  warningsOf?(draft: Draft, current: ClusterObject | undefined): readonly string[];
  /** Why an object may never be deleted; undefined when it may. */
  problemOfDeletion?(object: ClusterObject): string | undefined;
  /** What the first deletion makes of an object instead of the usual mark; it then stays until its finalizers are gone. */
  markDeleted?(current: ClusterObject, environment: StrategyEnvironment): ClusterObject;
  /**
   * Gives out what is scarce, addresses and ports, once validation has let the object through; `current` is undefined
   * at creation. What cannot be had is an error like any other.
   */
  allocate?(
    draft: Draft,
    current: ClusterObject | undefined,
    environment: StrategyEnvironment,
    errors: FieldErrors,
  ): void;
  /** Seconds the object stays after a deletion; undefined or 0 removes it at once. */
  gracePeriodSeconds?(object: ClusterObject, environment: StrategyEnvironment): number;
  /** Fields a fieldSelector may name besides metadata.name and metadata.namespace. */
  readonly selectableFields?: Readonly<Record<string, (object: ClusterObject) => string>>;
  readonly table?: TableLayout;
  /** Dotted path of the replica count that the scale subresource moves, and what it reports. */
  readonly scale?: ScalePaths;
}

/** A part of an object that is written through a subresource of its own. */
export interface ObjectPart {
  /** Puts back everything but the part. */
  prepare(draft: Draft, current: ClusterObject): void;
  validate(draft: Draft, current: ClusterObject, errors: FieldErrors): void;
  /** What admission refuses of a change that is valid in itself. Throws `StatusError`. */
  admit?(draft: Draft, environment: StrategyEnvironment): void;
}

export interface ScalePaths {
  readonly specReplicas: readonly string[];
  readonly statusReplicas: readonly string[];
  /** Path to a label selector object or to its string form. */
  readonly selector?: readonly string[];
  /** A scale without a replica count is an error instead of 0, as with custom resources. */
  readonly needsReplicas?: boolean;
}

export interface TableColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: string;
  readonly description: string;
  /** 0 is always shown, above 0 only with `-o wide`. */
  readonly priority?: number;
}

export interface TableLayout {
  readonly columns: readonly TableColumn[];
  /** Cells in the order of the columns; `nowMs` is for ages. */
  cells(object: ClusterObject, nowMs: number): unknown[];
}

/** A served resource with everything the registry knows of it. */
export interface RegisteredResource {
  readonly definition: ResourceDefinition;
  readonly strategy: ResourceStrategy;
  /** All versions this resource is served in, the preferred one first. */
  readonly servedVersions: readonly string[];
  /** The CustomResourceDefinition it comes from; undefined for built-in resources. */
  readonly customResource?: string;
  /** The structural schemas of a custom resource by served version (apiextensions.k8s.io/v1). */
  readonly schemas?: Readonly<Record<string, JsonObject>>;
  /** The resource in each version it is served in, where the versions differ in more than their name. */
  readonly perVersion?: ReadonlyMap<string, RegisteredResource>;
  readonly codec?: ResourceCodec;
  /** Sentences every request for this version is answered with: deprecations. */
  readonly warnings?: readonly string[];
  /** Why nothing can be created any more; undefined while it can. */
  readonly refusesCreation?: () => string | undefined;
}
