import {
  type Cluster,
  encodeGlobalId,
  type KindRef,
  type MutationTarget,
  type RequestContext,
  subjectOf,
} from 'longshore/sdk';

/** What a form makes, before it is there. */
export function newTarget(
  kind: KindRef,
  { cluster, namespace, name }: { readonly cluster: string; readonly namespace?: string; readonly name: string },
  context: RequestContext,
): MutationTarget<Cluster> {
  const place = { cluster, namespace, name };
  return {
    value: context.cluster(cluster),
    instance: { subject: subjectOf(kind), ...place },
    record: { plugin: 'storage', type: kind.kind, id: idOfNew(kind, place), kind: kind.kind, ...place },
  };
}

export function idOfNew(
  { group, kind }: KindRef,
  place: { readonly cluster: string; readonly namespace: string | undefined; readonly name: string },
): string {
  return encodeGlobalId({ of: 'kubernetes', group, kind, ...place });
}
