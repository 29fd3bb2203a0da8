import type { ClusterContext } from '../controllers/cluster-context.ts';
import type { Controller } from '../controllers/controller.ts';
import type { KindClient } from '../controllers/kind-client.ts';
import type { AdmissionWebhook } from '../registry/admission/admission-webhooks.ts';
import type { ClusterObject } from '../store/types.ts';

/**
 * A Kubernetes engine in small: what its manifests install in a real cluster, and controllers that allocate, bind, attach
 * and report as its own do. Clients must not be able to tell it from the real one by what they read and write.
 */
export interface EmbeddedEngine {
  /** Lower-case letters, digits and dashes; what `embedded.engines` names it by. */
  readonly name: string;
  /** CustomResourceDefinitions and what else its manifests bring, such as classes. Definitions are installed first. */
  readonly objects: readonly EngineObject[];
  /** What its admission webhooks default and refuse, beyond what a schema can; also in a cluster without controllers. */
  readonly webhooks?: readonly AdmissionWebhook[];
  /** Called once, when all its kinds are served; not at all in a cluster without controllers. */
  createControllers?(context: EngineContext): readonly Controller[];
}

/** A manifest; `kind` is looked up among everything that the cluster serves. */
export interface EngineObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** What an engine's controllers are built from. */
export interface EngineContext extends ClusterContext {
  /** Reads and writes one kind under a field manager of the engine's. Throws for a kind that is not served. */
  kind<T extends ClusterObject>(group: string, plural: string, fieldManager?: string): KindClient<T>;
  /** Calls back once when the cluster stops, after the engine's controllers have; stopping waits for what it returns. */
  onStop(release: () => Promise<void>): void;
}
