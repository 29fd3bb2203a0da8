import { type KubeObject, type Origin, origin } from '../../kube/kube-object.ts';
import type { TopicCodec } from './topic-codec.ts';

interface StoredObject {
  readonly origin: Origin;
  readonly object: object;
}

/** Keeps objects of a cluster with where they are from. They come from the cache, so values of Secrets are in none. */
export function kubeObjectCodec<T>(): TopicCodec<KubeObject<T>> {
  return {
    encode: (object) => ({ origin: object[origin], object }) satisfies StoredObject,
    decode(json) {
      const stored = json as StoredObject;
      Object.defineProperty(stored.object, origin, { value: stored.origin, enumerable: false });
      return stored.object as KubeObject<T>;
    },
  };
}
