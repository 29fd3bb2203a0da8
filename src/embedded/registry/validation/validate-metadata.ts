import { asList, asObject, asObjectList, asString } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { Draft, ResourceStrategy } from '../resource-strategy.ts';
import type { FieldErrors } from './field-errors.ts';
import { problemsOfLabelValue, problemsOfName, problemsOfQualifiedName } from './names.ts';

const maxAnnotationBytes = 256 * 1024;

/** Finalizers without a prefix that Kubernetes itself uses. */
const standardFinalizers = new Set(['orphan', 'foregroundDeletion', 'kubernetes']);

/** The rules every object's metadata follows. The name is already there: generateName has been carried out. */
export function validateMetadata(
  { metadata }: Pick<Draft, 'metadata'>,
  strategy: Pick<ResourceStrategy, 'nameRule' | 'takesPlainFinalizers'>,
  errors: FieldErrors,
): void {
  const name = asString(metadata.name) ?? '';
  if (name === '') errors.required('metadata.name', 'name or generateName is required');
  else {
    for (const words of problemsOfName(name, strategy.nameRule)) errors.invalid('metadata.name', name, words);
  }
  validateLabels(metadata.labels, 'metadata.labels', errors);
  let annotationBytes = 0;
  for (const [key, value] of Object.entries(asObject(metadata.annotations) ?? {})) {
    for (const words of problemsOfQualifiedName(key.toLowerCase())) errors.invalid('metadata.annotations', key, words);
    if (typeof value !== 'string') errors.typeInvalid(`metadata.annotations.${key}`, value, 'must be a string');
    annotationBytes += key.length + String(value).length;
  }
  if (annotationBytes > maxAnnotationBytes) errors.tooLong('metadata.annotations', maxAnnotationBytes);
  validateOwnerReferences(metadata, errors);
  for (const finalizer of asList(metadata.finalizers)) {
    const text = String(finalizer);
    for (const words of problemsOfQualifiedName(text)) errors.invalid('metadata.finalizers', text, words);
    if (strategy.takesPlainFinalizers === true) continue;
    if (!text.includes('/') && !standardFinalizers.has(text) && problemsOfQualifiedName(text).length === 0) {
      errors.invalid(
        'metadata.finalizers',
        text,
        'name is neither a standard finalizer name nor is it fully qualified',
      );
    }
  }
}

/** What no update may do to metadata. */
export function validateMetadataUpdate(draft: Draft, current: ClusterObject, errors: FieldErrors): void {
  if (current.metadata.deletionTimestamp === undefined) return;
  const before = new Set<unknown>(current.metadata.finalizers ?? []);
  const added = asList(draft.metadata.finalizers).filter((finalizer) => !before.has(finalizer));
  if (added.length > 0) {
    const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
    errors.forbidden(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
    );
  }
}

/** The rules of a label map anywhere in an object. */
export function validateLabels(value: unknown, field: string, errors: FieldErrors): void {
  for (const [key, label] of Object.entries(asObject(value) ?? {})) {
    for (const words of problemsOfQualifiedName(key)) errors.invalid(field, key, words);
    if (typeof label !== 'string') errors.typeInvalid(`${field}.${key}`, label, 'must be a string');
    else for (const words of problemsOfLabelValue(label)) errors.invalid(field, label, words);
  }
}

function validateOwnerReferences(metadata: Draft['metadata'], errors: FieldErrors): void {
  let controllers = 0;
  asObjectList(metadata.ownerReferences).forEach((reference, at) => {
    const field = `metadata.ownerReferences[${at}]`;
    for (const key of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (asString(reference[key]) === undefined || reference[key] === '') {
        errors.invalid(
          `${field}.${key}`,
          reference[key] ?? '',
          `${key === 'apiVersion' ? 'version' : key} must not be empty`,
        );
      }
    }
    if (reference.controller === true) controllers += 1;
  });
  if (controllers > 1) {
    errors.invalid(
      'metadata.ownerReferences',
      metadata.ownerReferences,
      'Only one reference can have Controller set to true',
    );
  }
}
