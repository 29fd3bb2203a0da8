import { type DeletionObjection, InUseError, nameUsers, type RequestContext } from 'longshore/sdk';
import type { NatObjection } from './nat-view.ts';

/** An objection as deletions tell it. */
export function tellObjection({ what, users }: NatObjection, context: RequestContext): DeletionObjection {
  const { words, references } = nameUsers(users, context);
  return { isRefused: true, message: `${what}: ${words}.`, references };
}

/** Throws `InUseError` where something stands against it (Appendix A). */
export function refuseObjection(objection: NatObjection | undefined, context: RequestContext): void {
  if (!objection) return;
  const { message, references } = tellObjection(objection, context);
  throw new InUseError(message, references);
}
