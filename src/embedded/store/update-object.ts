import { conflict, invalid, modifiedConflict } from '../api/status-error.ts';
import { asList, isEqualJson } from '../machinery/json.ts';

import { admitObject } from '../registry/admission/admit-object.ts';
import type { Draft, RegisteredResource } from '../registry/resource-strategy.ts';
import { FieldErrors } from '../registry/validation/field-errors.ts';
import { validateMetadata, validateMetadataUpdate } from '../registry/validation/validate-metadata.ts';
import { chargeQuotas, orderMetadata, storeObject, type WriteContext } from './create-object.ts';
import type { RegistryWrite } from './object-registry.ts';
import { tidyMetadata } from './tidy-metadata.ts';
import { trackUpdate } from './track-update.ts';
import type { ClusterObject } from './types.ts';

/** Metadata that belongs to the server: whatever an update says, the stored value stays. */
const serverOwned = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'generateName',
  'resourceVersion',
  'managedFields',
] as const;

/**
 * Replaces an object, or only its status. The resourceVersion in the draft is the optimistic lock. A write that changes
 * nothing gives out no resourceVersion; one that takes the last finalizer off a deleted object removes it.
 */
export function updateObject(
  context: WriteContext,
  resource: RegisteredResource,
  current: ClusterObject,
  draft: Draft,
  write: RegistryWrite,
): ClusterObject {
  const { definition, strategy } = resource;
  const { environment, storage, webhooks } = context;
  const { name } = current.metadata;
  // A subresource such as binding or finalize exists to do what a plain update may not.
  const isTrusted =
    write.subresource !== undefined || (write.isInternal === true && strategy.trustsControllers === true);
  // A binding is written past the field managers, as the pod's node belongs to nobody.
  const isBinding = write.subresource === 'binding';
  const errors = new FieldErrors();
  checkLock(resource, current, draft);
  const resetsManagers = isManagersReset(draft);
  const managers = managersOf(draft, current, write);
  const { metadata } = draft;
  const kept = current.metadata as unknown as Draft['metadata'];
  const part = write.subresource === undefined ? undefined : strategy.parts?.[write.subresource];
  const statusPart = write.subresource === 'status' || write.subresource === 'approval' ? write.subresource : undefined;
  if (statusPart !== undefined) draft.metadata = keptByStatus(draft, kept, write);
  else {
    for (const key of serverOwned) {
      if (kept[key] === undefined) delete metadata[key];
      else metadata[key] = kept[key];
    }
    delete metadata.selfLink;
    tidyMetadata(metadata, write.warn);
  }

  if (statusPart !== undefined) {
    keepAllButStatus(draft, current);
    if (write.requester !== undefined) strategy.authorizeWrite?.(draft, current, write.requester, statusPart);
    strategy.prepareForStatus?.(draft, current, statusPart, environment);
    strategy.validateStatus?.(draft, current, errors, statusPart);
  } else {
    strategy.setDefaults?.(draft);
    if (definition.subresources.includes('status') && !isBinding) restore(draft, current, 'status');
    if (part !== undefined) {
      part.prepare(draft, current);
      draft.metadata = { ...kept };
    }
    if (write.requester !== undefined) strategy.authorizeWrite?.(draft, current, write.requester);
    if (write.subresource === undefined) webhooks.mutate(definition, draft, current);
    if (!isTrusted) strategy.prepareForUpdate?.(draft, current, environment);
    if (!isBinding && isNewGeneration(strategy.generation, draft, current)) {
      draft.metadata.generation = (current.metadata.generation ?? 0) + 1;
    }
    validateMetadata(draft, strategy, errors);
    validateMetadataUpdate(draft, current, errors);
    strategy.validate?.(draft, errors, current);
    part?.validate(draft, current, errors);
    if (!isTrusted) strategy.validateUpdate?.(draft, current, errors);
  }
  if (errors.causes.length > 0) throw invalid(definition, name, errors.causes);
  if (write.subresource === undefined) strategy.allocate?.(draft, current, environment, errors);
  if (errors.causes.length > 0) throw invalid(definition, name, errors.causes);

  if (write.subresource === undefined) webhooks.validate(definition, draft, current);
  else if (write.subresource === 'scale') webhooks.scale(definition, draft);
  const charges = admitObject(resource, draft, current, write, environment);
  part?.admit?.(draft, environment);

  const isUnchanged =
    isEqualJson(withoutManagers(draft.metadata), withoutManagers(kept)) && isSameContent(draft, current);
  if (write.managedFields !== undefined) draft.metadata.managedFields = write.managedFields;
  else if (resetsManagers) delete draft.metadata.managedFields;
  else if ((!isUnchanged || !isEqualJson(managers, current.metadata.managedFields ?? [])) && !isBinding) {
    const tracked = { ...current, metadata: { ...current.metadata, managedFields: managers } };
    draft.metadata.managedFields = trackUpdate(tracked, draft, resource, write, environment.now());
    if (asList(draft.metadata.managedFields).length === 0) delete draft.metadata.managedFields;
  }
  if (isUnchanged && isEqualJson(draft.metadata.managedFields, kept.managedFields)) return current;

  const object = orderMetadata(draft);
  for (const sentence of strategy.warningsOf?.(draft, current) ?? []) write.warn?.(sentence);
  if (write.dryRun === true) return object;
  const isReleased =
    current.metadata.deletionTimestamp !== undefined &&
    asList(draft.metadata.finalizers).length === 0 &&
    (current.metadata.deletionGracePeriodSeconds ?? 0) === 0 &&
    !holdsNamespace(draft);
  const written = isReleased
    ? storage.remove(definition, resource.codec?.toStorage(object) ?? object)
    : storeObject(context, resource, object);
  chargeQuotas(context, charges);
  return written;
}

/** A namespace stays until its own finalizers, which live in spec, are gone too. */
export function holdsNamespace(object: Readonly<Record<string, unknown>>): boolean {
  if (object.kind !== 'Namespace' || object.apiVersion !== 'v1') return false;
  const spec = object.spec;
  return typeof spec === 'object' && spec !== null && asList((spec as Draft).finalizers).length > 0;
}

function checkLock(resource: RegisteredResource, current: ClusterObject, draft: Draft): void {
  const { name, resourceVersion, uid } = current.metadata;
  const sentVersion = draft.metadata.resourceVersion;
  const sentUid = draft.metadata.uid;
  if (sentUid !== undefined && sentUid !== '' && sentUid !== uid) {
    throw conflict(
      resource.definition,
      name,
      `StorageError: invalid object, Code: 4, Key: ${resource.definition.plural}/${name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${String(sentUid)}, UID in object meta: ${String(uid)}`,
    );
  }
  if (sentVersion === undefined || sentVersion === '' || sentVersion === '0') {
    if (resource.strategy.needsResourceVersion === true) {
      const { definition } = resource;
      const message = 'Invalid value: 0: must be specified for an update';
      throw invalid({ ...definition, kind: definition.plural }, name, [
        { reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' },
      ]);
    }
    return;
  }
  if (sentVersion !== resourceVersion) throw modifiedConflict(resource.definition, name);
}

/** A controller may annotate what it writes the status of; a Deployment's revision comes that way, as no new generation. */
function keptByStatus(draft: Draft, kept: Draft['metadata'], write: RegistryWrite): Draft['metadata'] {
  const { annotations } = draft.metadata;
  return write.isInternal === true && annotations !== undefined ? { ...kept, annotations } : { ...kept };
}

/** A writer of the whole object may say who manages its fields; anybody else finds what is stored. */
function managersOf(draft: Draft, current: ClusterObject, write: RegistryWrite): readonly unknown[] {
  const stored = current.metadata.managedFields ?? [];
  const sent = draft.metadata.managedFields;
  const isSaid = write.subresource === undefined && Array.isArray(sent) && sent.length > 0;
  return isSaid && !isEqualJson(sent, stored) ? sent : stored;
}

/** `managedFields: []` or `[{}]` is how a client asks to forget all managers. */
function isManagersReset(draft: Draft): boolean {
  const sent = draft.metadata.managedFields;
  return Array.isArray(sent) && (sent.length === 0 || (sent.length === 1 && isEqualJson(sent[0], {})));
}

function keepAllButStatus(draft: Draft, current: ClusterObject): void {
  for (const key of Object.keys(draft))
    if (key !== 'status' && key !== 'metadata' && !(key in current)) delete draft[key];
  for (const [key, value] of Object.entries(current)) if (key !== 'status' && key !== 'metadata') draft[key] = value;
}

function restore(draft: Draft, current: ClusterObject, key: string): void {
  if (current[key] === undefined) delete draft[key];
  else draft[key] = current[key];
}

function isNewGeneration(
  rule: RegisteredResource['strategy']['generation'],
  draft: Draft,
  current: ClusterObject,
): boolean {
  switch (rule) {
    case 'none':
    case 'on-creation':
      return false;
    case 'spec':
      return !isEqualJson(draft.spec, current.spec);
    case 'spec-and-annotations':
      return (
        !isEqualJson(draft.spec, current.spec) ||
        !isEqualJson(draft.metadata.annotations ?? {}, current.metadata.annotations ?? {})
      );
    case 'all-but-metadata':
      return !isSameContent(draft, current);
    case 'all-but-metadata-and-status':
      return !isSameContent({ ...draft, status: undefined } as Draft, { ...current, status: undefined });
  }
}

function isSameContent(draft: Draft, current: ClusterObject): boolean {
  return isEqualJson({ ...draft, metadata: undefined }, { ...current, metadata: undefined });
}

function withoutManagers(metadata: Draft['metadata']): Draft['metadata'] {
  return { ...metadata, managedFields: undefined, resourceVersion: undefined };
}
