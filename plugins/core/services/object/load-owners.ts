import {
  AnswerError,
  allMaybe,
  type ClusterReader,
  type KindRef,
  type KubeObject,
  type MaybePromise,
  mapMaybe,
} from 'longshore/sdk';

export interface OwnersRequest {
  readonly object: Pick<KubeObject, 'metadata'>;
  /** Reads as the caller: an owner it may not see is not there. */
  readonly reader: Pick<ClusterReader, 'get'>;
  /** The kind an owner reference means; undefined where the cluster does not serve it. */
  readonly findKind: (apiVersion: string, kind: string) => MaybePromise<KindRef | undefined>;
}

/**
 * The objects that own this one and that the caller may see, the controller first. A reference whose uid is another
 * object's is dead: the name was given again. At once where every owner's kind is in memory.
 */
export function loadOwners(request: OwnersRequest): MaybePromise<readonly KubeObject[]> {
  const { object, reader, findKind } = request;
  const references = [...(object.metadata.ownerReferences ?? [])].sort(
    (a, b) => Number(b.controller ?? false) - Number(a.controller ?? false),
  );
  const loads = references.map((reference): MaybePromise<KubeObject | undefined> => {
    const found = flatMaybe(findKind(reference.apiVersion, reference.kind), (kind) => {
      if (!kind) return undefined;
      return unlessUnserved(() =>
        reader.get(kind, kind.isNamespaced ? object.metadata.namespace : undefined, reference.name),
      );
    });
    return mapMaybe(found, (owner) => (owner?.metadata.uid === reference.uid ? owner : undefined));
  });
  return mapMaybe(allMaybe(loads), (owners) => owners.filter((owner) => owner !== undefined));
}

function flatMaybe<A, B>(value: MaybePromise<A>, next: (value: A) => MaybePromise<B>): MaybePromise<B> {
  return mapMaybe(value, next as (value: A) => B);
}

/** An owner that cannot exist in this cluster is absent; a cluster that does not answer is an error of the field. */
function unlessUnserved<T>(read: () => MaybePromise<T | undefined>): MaybePromise<T | undefined> {
  const absent = (error: unknown): undefined => {
    if (error instanceof AnswerError && (error.code === 'CAPABILITY_MISSING' || error.code === 'FORBIDDEN'))
      return undefined;
    throw error;
  };
  try {
    const value = read();
    return value instanceof Promise ? value.catch(absent) : value;
  } catch (error) {
    return absent(error);
  }
}
