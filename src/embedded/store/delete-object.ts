import { conflict, forbidden } from '../api/status-error.ts';
import type { RegisteredResource } from '../registry/resource-strategy.ts';
import type { WriteContext } from './create-object.ts';
import type { DeletionResult } from './object-registry.ts';
import type { ClusterObject, DeleteOptions } from './types.ts';
import { holdsNamespace } from './update-object.ts';

/**
 * Deletes at once, or marks the object as being deleted while a grace period, a finalizer or (for a namespace) its
 * content holds it. A second deletion may shorten the grace period, never lengthen it. Throws `StatusError` 403 for what
 * must stay, 409 where a precondition does not hold.
 */
export function deleteObject(
  context: WriteContext,
  resource: RegisteredResource,
  current: ClusterObject,
  options: DeleteOptions,
): DeletionResult {
  const { definition } = resource;
  const problem = resource.strategy.problemOfDeletion?.(current);
  if (problem !== undefined) throw forbidden(definition, current.metadata.name, problem);
  checkPreconditions(resource, current, options);
  const { markDeleted } = resource.strategy;
  if (markDeleted !== undefined && current.metadata.deletionTimestamp === undefined) {
    const marked = markDeleted(current, context.environment);
    return { object: options.dryRun === true ? marked : context.storage.put(definition, marked), isGone: false };
  }
  const graceSeconds = graceOf(context, resource, current, options);
  const finalizers = finalizersAfter(current, options.propagationPolicy);
  const isHeld = finalizers.length > 0 || holdsNamespace(current) || graceSeconds > 0;
  if (!isHeld) {
    const last = withGrace(context, current, graceSeconds);
    return { object: options.dryRun === true ? last : context.storage.remove(definition, last), isGone: true };
  }
  const marked = mark(context, current, finalizers, graceSeconds);
  if (marked === current || options.dryRun === true) return { object: marked, isGone: false };
  return { object: context.storage.put(definition, marked), isGone: false };
}

/** An object that was given time, and then none, says so in its last state. */
function withGrace(context: WriteContext, current: ClusterObject, graceSeconds: number): ClusterObject {
  const { metadata } = current;
  const { deletionGracePeriodSeconds: running, deletionTimestamp } = metadata;
  if (deletionTimestamp === undefined || running === undefined || running === graceSeconds) return { ...current };
  const given = { deletionTimestamp: context.environment.now(), deletionGracePeriodSeconds: graceSeconds };
  return { ...current, metadata: { ...metadata, ...given } };
}

function checkPreconditions(resource: RegisteredResource, current: ClusterObject, options: DeleteOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const { metadata } = current;
  // The one refusal that speaks of a kind where others speak of a resource.
  const subject = { ...resource.definition, plural: resource.definition.kind };
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflict(
      subject,
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      subject,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

function graceOf(
  context: WriteContext,
  resource: RegisteredResource,
  current: ClusterObject,
  options: DeleteOptions,
): number {
  const natural = resource.strategy.gracePeriodSeconds?.(current, context.environment) ?? 0;
  if (natural === 0) return 0;
  const wanted = options.gracePeriodSeconds ?? natural;
  // Less than no time is read as the shortest there is.
  const asked = wanted < 0 ? 1 : wanted;
  const running =
    current.metadata.deletionTimestamp === undefined ? undefined : current.metadata.deletionGracePeriodSeconds;
  return running === undefined ? asked : Math.min(asked, running);
}

function finalizersAfter(current: ClusterObject, policy: DeleteOptions['propagationPolicy']): readonly string[] {
  const present = current.metadata.finalizers ?? [];
  if (policy === undefined) return present;
  const rest = present.filter((finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion');
  if (policy === 'Orphan') return [...rest, 'orphan'];
  return policy === 'Foreground' ? [...rest, 'foregroundDeletion'] : rest;
}

function mark(
  context: WriteContext,
  current: ClusterObject,
  finalizers: readonly string[],
  graceSeconds: number,
): ClusterObject {
  const { metadata } = current;
  const isMarked = metadata.deletionTimestamp !== undefined;
  const isSame =
    isMarked &&
    (metadata.deletionGracePeriodSeconds ?? 0) === graceSeconds &&
    finalizers.join() === (metadata.finalizers ?? []).join();
  if (isSame) return current;
  const deletionTimestamp = new Date(Date.parse(context.environment.now()) + graceSeconds * 1000);
  const isNamespace = current.kind === 'Namespace' && current.apiVersion === 'v1';
  return {
    ...current,
    metadata: {
      ...metadata,
      ...(metadata.generation === undefined || isMarked ? {} : { generation: metadata.generation + 1 }),
      deletionTimestamp: deletionTimestamp.toISOString().replace('.000Z', 'Z'),
      // A namespace ends when it is empty, not after a time.
      ...(isNamespace ? {} : { deletionGracePeriodSeconds: graceSeconds }),
      ...(finalizers.length === 0 && metadata.finalizers === undefined ? {} : { finalizers }),
    },
    ...(isNamespace ? { status: { ...(current.status as object | undefined), phase: 'Terminating' } } : {}),
  };
}
