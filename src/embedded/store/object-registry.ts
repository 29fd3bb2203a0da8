import type { Requester } from '../access/requester.ts';
import type { AdmissionWebhooks } from '../registry/admission/admission-webhooks.ts';
import type { Draft, RegisteredResource, StrategyEnvironment } from '../registry/resource-strategy.ts';
import type { ObjectStorage } from './object-storage.ts';
import type { ResourceCatalog } from './resource-catalog.ts';
import type { ClusterObject, DeleteOptions, WriteOptions } from './types.ts';

/** What a write says of itself besides the object. */
export interface RegistryWrite extends Omit<WriteOptions, 'subresource'> {
  /** `status` and the like; unset for the object itself. */
  readonly subresource?: string;
  /** managedFields already worked out by server-side apply; unset records the write as an update. */
  readonly managedFields?: readonly unknown[];
  /** Who writes from outside; unset for controllers, whose rights nobody checks. */
  readonly requester?: Requester;
  /** A writer inside the cluster; see `trustsControllers` of the strategies. */
  readonly isInternal?: boolean;
  /** Hears what the writer should be warned of. */
  readonly warn?: (sentence: string) => void;
}

export interface DeletionResult {
  readonly object: ClusterObject;
  /** False while finalizers or a grace period keep the object. */
  readonly isGone: boolean;
}

/**
 * The write path behind every door: requests over HTTP and controllers inside go through the same four functions.
 * All throw `StatusError`; a dry run does everything but store.
 */
export interface ObjectRegistry {
  readonly catalog: ResourceCatalog;
  readonly storage: ObjectStorage;
  readonly environment: StrategyEnvironment;
  readonly webhooks: AdmissionWebhooks;
  create(resource: RegisteredResource, draft: Draft, write: RegistryWrite): ClusterObject;
  update(resource: RegisteredResource, current: ClusterObject, draft: Draft, write: RegistryWrite): ClusterObject;
  delete(resource: RegisteredResource, current: ClusterObject, options: DeleteOptions): DeletionResult;
  /** The stored object, or a thrown 404. */
  require(resource: RegisteredResource, namespace: string | undefined, name: string): ClusterObject;
}
