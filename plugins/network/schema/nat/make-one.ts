import {
  encodeGlobalId,
  type KindRef,
  type KubeObject,
  type MutationOutcome,
  origin,
  type RequestContext,
  subjectOf,
} from 'longshore/sdk';
import { ownerOf, placeOfOwner } from '../../services/ownership/owner.ts';

/** Throws `ForbiddenError` for who may not make such a thing beside one that is there: in its cluster, of its workspace. */
export function requireMaking(
  kind: Pick<KindRef, 'group' | 'kind'>,
  name: string,
  beside: KubeObject<unknown>,
  { access }: RequestContext,
): void {
  const place = placeOfOwner(ownerOf(beside.metadata));
  access.requireAllowed('CREATE', { subject: subjectOf(kind), cluster: beside[origin].cluster, name, ...place });
}

/** The outcome of having made one object. */
export function madeOutcome<T>(object: KubeObject<T>, warnings: readonly string[]): MutationOutcome<KubeObject<T>> {
  const { cluster, group, kind } = object[origin];
  const resultId = idOfKind(cluster, { group, kind }, object.metadata.name);
  return { value: object, resultId, before: undefined, after: object, warnings };
}

/** The global id of an object in no namespace. */
export function idOfKind(cluster: string, { group, kind }: Pick<KindRef, 'group' | 'kind'>, name: string): string {
  return encodeGlobalId({ of: 'kubernetes', cluster, group, kind, namespace: undefined, name });
}
