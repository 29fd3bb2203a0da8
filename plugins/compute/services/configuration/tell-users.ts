import { AnswerError, type KubeObject, origin, type RequestContext } from 'longshore/sdk';
import type { ConfigKind } from '../references/config-references.ts';
import { type ConfigUse, configUsesOf } from '../references/config-users.ts';

/** Names that the warning tells; `usedBy` has all of them. */
const maxNames = 5;
type Changed = Pick<KubeObject, 'kind' | 'metadata' | typeof origin>;

/** Whom a change of values concerns and when they notice (CMP-91), as far as the caller sees them; none where nobody uses it. */
export async function tellUsers(
  object: Changed,
  changed: readonly string[],
  context: RequestContext,
): Promise<readonly string[]> {
  const found = await usesOf(object, context);
  // That it cannot be said whom a change concerns is no reason against the change.
  if (found instanceof AnswerError) return [`What uses it is not known: ${found.message}`];
  const keys = new Set(changed);
  const uses = found.filter(({ reference: { key } }) => key === undefined || keys.has(key));
  const users = [...new Set(uses.map(({ user }) => user))];
  if (users.length === 0) return [];
  const names = users.slice(0, maxNames).map(({ kind, metadata }) => `${kind} '${metadata.name}'`);
  const more = users.length > maxNames ? ` and ${users.length - maxNames} more` : '';
  return [
    `In use by ${names.join(', ')}${more}: mounted files follow within minutes, environment variables and files mounted by subPath only in pods that start anew.`,
  ];
}

async function usesOf(object: Changed, context: RequestContext): Promise<readonly ConfigUse[] | AnswerError> {
  try {
    return await configUsesOf(context.kube(object[origin].cluster), object.kind as ConfigKind, object);
  } catch (error) {
    if (error instanceof AnswerError) return error;
    throw error;
  }
}
