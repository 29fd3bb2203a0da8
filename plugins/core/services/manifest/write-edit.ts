import { ConflictError, type KubeObject, type MaybePromise } from 'longshore/sdk';

/** Times that an edit is tried: a pod that starts changes several times a second. */
const maxAttempts = 3;

interface EditRequest<R> {
  /** As it was when its author was found to be allowed to edit it. */
  readonly object: KubeObject;
  /** The patch on what is there now. Throws `ConflictError` with both versions where somebody else changed it since it was read. */
  readonly decide: (current: KubeObject) => object;
  /** Throws `ConflictError` where the cluster has another version of it by now. */
  readonly write: (current: KubeObject, patch: object) => Promise<R>;
  readonly readAgain: () => MaybePromise<KubeObject | undefined>;
}

/** Writes an edit on the object as it is, and again where the cluster itself changed it in between: that is no conflict (CORE-29). */
export async function writeEdit<R>({ object, decide, write, readAgain }: EditRequest<R>) {
  let current = object;
  for (let attempt = 1; ; attempt += 1) {
    const patch = decide(current);
    try {
      return { before: current, result: await write(current, patch) };
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      const now = await readAgain();
      const isSame = now?.metadata.uid === object.metadata.uid;
      if (!now || !isSame || now.metadata.resourceVersion === current.metadata.resourceVersion) throw error;
      if (attempt === maxAttempts) {
        decide(now);
        throw error;
      }
      current = now;
    }
  }
}
