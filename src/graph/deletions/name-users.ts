import { allMaybe } from '../../graph/map-maybe.ts';
import { systemPrincipal } from '../../kernel/principal.ts';
import type { ClusterReader, MaybePromise } from '../../kube/cluster-reader.ts';
import { type KubeObject, origin } from '../../kube/kube-object.ts';
import { idOfObject } from '../global-id.ts';
import type { RequestContext } from '../request-context.ts';

/** Names that one message tells; the references have all of them. */
const maxNames = 5;

/**
 * What `find` finds around an object, whoever may see it: what runs must not break because of who deletes. Read as the caller, whose own
 * reader knows what the caller wrote a moment ago, and as the platform; each object once. Rejects as `find` does.
 */
export async function readEveryUser<T extends KubeObject>(
  object: Pick<KubeObject, typeof origin>,
  context: RequestContext,
  find: (reader: ClusterReader) => MaybePromise<readonly T[]>,
): Promise<readonly T[]> {
  const cluster = context.cluster(object[origin].cluster);
  const found = await allMaybe(
    [context.principal, systemPrincipal].map((principal) => find(cluster.reader(principal, context.signal))),
  );
  return [...new Map(found.flat().map((user) => [idOfObject(user), user])).values()];
}

/** What uses a thing, in words for one message and as global ids: what the caller may not see has no name there, and no id. */
export function nameUsers(
  users: readonly KubeObject[],
  { access }: Pick<RequestContext, 'access'>,
  nameOf: (user: KubeObject) => string = ({ kind, metadata }) => `${kind} '${metadata.name}'`,
): { readonly words: string; readonly references: readonly string[] } {
  const visible = users.filter((user) => access.allowed('READ', user));
  return {
    words: listNames(visible.map(nameOf), users.length - visible.length),
    references: visible.map((user) => idOfObject(user)),
  };
}

/** The first names of a list in one sentence, how many more there are, and that there are some which the reader may not see. */
export function listNames(names: readonly string[], hiddenCount = 0): string {
  const told = names.slice(0, maxNames);
  const more = names.length - told.length;
  return [
    ...told,
    ...(more > 0 ? [`${more} more`] : []),
    ...(hiddenCount > 0 ? [told.length > 0 ? 'something that you may not see' : 'what you may not see'] : []),
  ].join(', ');
}
