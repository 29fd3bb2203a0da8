import { type KubeObject, origin, type RequestContext } from 'longshore/sdk';
import type { ConfigKind } from '../references/config-references.ts';
import { configUsesOf } from '../references/config-users.ts';

/** Names that the warning tells; `usedBy` has all of them. */
const maxNames = 5;

/** Whom a change of values concerns and when they notice (CMP-91), as far as the caller sees them; none where nobody uses it. */
export async function tellUsers(
  object: Pick<KubeObject, 'kind' | 'metadata' | typeof origin>,
  changed: readonly string[],
  context: RequestContext,
): Promise<readonly string[]> {
  const keys = new Set(changed);
  const uses = (await configUsesOf(context.kube(object[origin].cluster), object.kind as ConfigKind, object)).filter(
    ({ reference: { key } }) => key === undefined || keys.has(key),
  );
  const users = [...new Set(uses.map(({ user }) => user))];
  if (users.length === 0) return [];
  const names = users.slice(0, maxNames).map(({ kind, metadata }) => `${kind} '${metadata.name}'`);
  const more = users.length > maxNames ? ` and ${users.length - maxNames} more` : '';
  return [
    `In use by ${names.join(', ')}${more}: mounted files follow within minutes, environment variables and files mounted by subPath only in pods that start anew.`,
  ];
}
