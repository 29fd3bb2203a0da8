import { ConflictError } from '../../kernel/answer-error.ts';
import type { MaybePromise } from '../../kube/cluster-reader.ts';
import type { WriteResult } from '../../kube/cluster-writer.ts';
import type { KubeObject } from '../../kube/kube-object.ts';

/** Times that a patch is made anew of an object that has changed meanwhile; its status does so all the time. */
const maxAttempts = 5;

/**
 * Writes a patch that is right for one version of an object only, e.g. because it takes away what that version has. Where
 * the object has changed since, the patch is made anew of what it is now. Throws `ConflictError` where it never stands still.
 */
export async function patchAsRead<T extends Pick<KubeObject, 'metadata'>>(options: {
  /** As the caller has read it, maybe some time ago. */
  readonly object: T;
  /** Decides on that version; what it throws ends the write. */
  readonly patchOf: (object: T) => MaybePromise<object>;
  readonly write: (patch: object, resourceVersion: string) => Promise<WriteResult<unknown>>;
  /** The object as the cluster has it at this moment. */
  readonly readLive: () => Promise<T>;
}): Promise<WriteResult<unknown> & { readonly before: T }> {
  let { object } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const patch = await options.patchOf(object);
      return { ...(await options.write(patch, object.metadata.resourceVersion)), before: object };
    } catch (error) {
      const isStale = error instanceof ConflictError && error.managers.length === 0;
      if (!isStale || attempt === maxAttempts) throw error;
      object = await options.readLive();
    }
  }
}
