/** Any Kubernetes object as JSON. Frozen by convention: whoever wants to change one makes a new one. */
export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [key: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly unknown[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** One served resource: what discovery says of it and how the registry treats its objects. */
export interface ResourceDefinition {
  /** API group; the core group is the empty string. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The kind of a list of these; the kind with `List` behind it unless said otherwise. */
  readonly listKind?: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly subresources: readonly string[];
  /** The resource whose objects these are by another name, with one history; its own unless said. */
  readonly storedAs?: ResourceDefinition;
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface StoreEvent {
  readonly type: WatchEventType;
  readonly object: ClusterObject;
  /** What stood there before; undefined for ADDED. */
  readonly previous: ClusterObject | undefined;
}

export interface WriteOptions {
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
  /** `binding` gives a pod its node: no new generation, and the status goes with it. */
  readonly subresource?: 'binding';
}

export interface DeleteOptions extends WriteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/**
 * What controllers see of the cluster: the registry's own rules (defaults, validation, generation, optimistic
 * locking, finalizers) apply exactly as they do to a request over HTTP, only the wire is missing.
 * Every method is synchronous: the store is memory. Refusals are thrown as `StatusError`.
 */
export interface ClusterStore {
  /** The newest resourceVersion given out, as decimal digits. */
  readonly resourceVersion: string;
  resource(group: string, plural: string): ResourceDefinition;
  /** The resource of a kind that is served; undefined for others. */
  resourceOfKind(group: string, kind: string): ResourceDefinition | undefined;
  /** The scale subresource of an object; undefined when its kind has none. Throws `StatusError` 404 without the object. */
  getScale(resource: ResourceDefinition, namespace: string | undefined, name: string): ScaleView | undefined;
  /** Sets the replica count through the scale subresource. */
  setScale(
    resource: ResourceDefinition,
    namespace: string | undefined,
    name: string,
    replicas: number,
    options?: WriteOptions,
  ): void;
  get(resource: ResourceDefinition, namespace: string | undefined, name: string): ClusterObject | undefined;
  /** All objects, or those of one namespace. The array is new, the objects are the stored ones. */
  list(resource: ResourceDefinition, namespace?: string): ClusterObject[];
  /** Objects of any kind whose ownerReferences name this uid. */
  listOwned(uid: string): ClusterObject[];
  create(resource: ResourceDefinition, object: unknown, options?: WriteOptions): ClusterObject;
  /** Replaces spec and metadata. A resourceVersion in the object is the optimistic lock. */
  update(resource: ResourceDefinition, object: unknown, options?: WriteOptions): ClusterObject;
  /** Replaces only `status`; an equal status writes nothing and gives out no resourceVersion. */
  updateStatus(resource: ResourceDefinition, object: unknown, options?: WriteOptions): ClusterObject;
  /** Marks for deletion while finalizers or a grace period hold it, else removes it. Returns the last state. */
  delete(
    resource: ResourceDefinition,
    namespace: string | undefined,
    name: string,
    options?: DeleteOptions,
  ): ClusterObject;
  /** Calls the listener for every later change, in order, after the write has been stored. */
  onChange(listener: (event: StoreEvent, resource: ResourceDefinition) => void): () => void;
}

/** What the scale subresource says of an object. */
export interface ScaleView {
  readonly namespace: string | undefined;
  readonly name: string;
  readonly replicas: number;
  /** A label selector's string form; empty when the object has none. */
  readonly selector: string;
}

/** The time source, so that tests move it: the same shape as Longshore's own clock. */
export interface ClusterClock {
  now(): number;
  /** Calls back once after `delayMs`; the returned function cancels. */
  schedule(delayMs: number, callback: () => void): () => void;
}

/** What the kubelet of the simulated nodes offers to the API server's `log` subresource. */
export interface LogSource {
  /**
   * Lines of one container, oldest first, each with its time in nanosecond RFC 3339.
   * `follow` delivers later lines and ends when the container does; the returned function stops it. With the time of
   * the last line that was read (`''` for none), it goes on exactly behind it.
   */
  read(namespace: string, pod: string, container: string, previous: boolean): readonly LogLine[] | undefined;
  follow(
    namespace: string,
    pod: string,
    container: string,
    listener: (line: LogLine) => void,
    ended: () => void,
    behindTime?: string,
  ): () => void;
}

export interface LogLine {
  readonly time: string;
  readonly text: string;
}
