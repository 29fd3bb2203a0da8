import { type DeletionObjection, InUseError, idOfObject, type RequestContext } from 'longshore/sdk';
import type { NatObjection } from './nat-view.ts';

/** Most names that one message tells; the references have all of them. */
const mostNames = 10;

/** Users in words and as ids: what the caller may not see has no name there, and no id. */
export function tellUsers(
  users: NatObjection['users'],
  { access }: RequestContext,
): { readonly words: string; readonly references: readonly string[] } {
  const visible = users.filter((user) => access.allowed('READ', user));
  const names = visible.slice(0, mostNames).map(({ kind, metadata }) => `${kind} '${metadata.name}'`);
  const more = users.length - names.length;
  const rest = more === 0 ? [] : [`${more} more${names.length === 0 ? ' that you may not see' : ''}`];
  return { words: [...names, ...rest].join(', '), references: visible.map((user) => idOfObject(user)) };
}

/** An objection as deletions tell it. */
export function tellObjection({ what, users }: NatObjection, context: RequestContext): DeletionObjection {
  const { words, references } = tellUsers(users, context);
  return { isRefused: true, message: `${what}: ${words}.`, references };
}

/** Throws `InUseError` where something stands against it (Appendix A). */
export function refuseObjection(objection: NatObjection | undefined, context: RequestContext): void {
  if (!objection) return;
  const { message, references } = tellObjection(objection, context);
  throw new InUseError(message, references);
}
