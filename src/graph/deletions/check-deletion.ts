import { workspaceOf } from '../../access/workspace-kinds.ts';
import { InUseError, type RaisedWarning } from '../../kernel/answer-error.ts';
import { subjectOf } from '../../kube/kind-ref.ts';
import { type KubeObject, origin } from '../../kube/kube-object.ts';
import type { RequestContext } from '../request-context.ts';

/**
 * Asks all plugins about an object that shall go away (CMP-92, CMP-99), or of which only `left` shall be left. Throws `InUseError` where
 * one refuses; what the caller has to acknowledge comes back as warnings of code `IN_USE`. `takesParts` says that the caller takes along what
 * was made together with the object; `goesAlong` has the global ids of what is deleted with it, whose use of it stands against nothing.
 */
export async function checkDeletion(
  object: KubeObject,
  left: object | undefined,
  context: RequestContext,
  {
    takesParts = false,
    goesAlong = new Set(),
  }: { readonly takesParts?: boolean; readonly goesAlong?: ReadonlySet<string> } = {},
): Promise<readonly RaisedWarning[]> {
  const { registry, profiles } = context.services;
  const subject = subjectOf(object[origin]);
  const checks = registry.deletionChecks.filter(({ subjects }) => subjects.includes(subject));
  if (checks.length === 0) return [];
  const { namespace } = object.metadata;
  const profile = profiles.at({ cluster: object[origin].cluster, namespace, workspace: workspaceOf(object) });
  const answers = await Promise.all(
    checks.map(({ check }) => check({ object, left, takesParts, goesAlong, profile }, context)),
  );
  const objections = answers
    .flatMap((objection) => objection ?? [])
    .filter(({ references }) => references.length === 0 || !references.every((id) => goesAlong.has(id)));
  const refused = objections.filter(({ isRefused }) => isRefused);
  if (refused.length > 0) {
    const references = new Set(refused.flatMap((objection) => objection.references));
    throw new InUseError(refused.map(({ message }) => message).join(' '), [...references]);
  }
  return objections.map(({ message }) => ({ code: 'IN_USE', message, path: ['id'] }));
}
