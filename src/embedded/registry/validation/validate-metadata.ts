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
  const prefix = asString(metadata.generateName) ?? '';
  if (prefix !== '') {
    // What is added to the prefix is good, so that a dash at its end is too.
    const problems = problemsOfName(prefix.replace(/-$/, 'a'), strategy.nameRule);
    errors.eachInvalid('metadata.generateName', prefix, problems);
  }
  const name = asString(metadata.name) ?? '';
  if (name === '') errors.required('metadata.name', 'name or generateName is required');
  else {
    for (const words of problemsOfName(name, strategy.nameRule)) errors.invalid('metadata.name', name, words);
  }
  validateLabels(metadata.labels, 'metadata.labels', errors);
  validateAnnotations(metadata.annotations, 'metadata.annotations', errors);
  validateOwnerReferences(metadata, errors);
  asList(metadata.finalizers).forEach((finalizer, at) => {
    const text = String(finalizer);
    errors.eachInvalid('metadata.finalizers', text, problemsOfQualifiedName(text));
    if (strategy.takesPlainFinalizers === true) return;
    errors.eachInvalid(`metadata.finalizers[${at}]`, text, problemsOfPlainFinalizer(text));
  });
}

/** Why a finalizer's name is none, where it belongs neither to Kubernetes nor to a domain. */
export function problemsOfPlainFinalizer(text: string): readonly string[] {
  if (text.includes('/') || standardFinalizers.has(text)) return [];
  return ['name is neither a standard finalizer name nor is it fully qualified'];
}

/** Annotations anywhere: keys like those of labels in any case, and not too much of them. */
export function validateAnnotations(annotations: unknown, field: string, errors: FieldErrors): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(asObject(annotations) ?? {})) {
    errors.eachInvalid(field, key, problemsOfQualifiedName(key.toLowerCase()));
    if (typeof value !== 'string') errors.typeInvalid(`${field}.${key}`, value, 'must be a string');
    bytes += Buffer.byteLength(key) + Buffer.byteLength(String(value));
  }
  if (bytes > maxAnnotationBytes) errors.tooLong(field, maxAnnotationBytes);
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
  const field = 'metadata.ownerReferences';
  let controller: string | undefined;
  for (const reference of asObjectList(metadata.ownerReferences)) {
    const { apiVersion, kind, name, uid } = reference;
    if ((apiVersion ?? '') === '') errors.invalid(`${field}.apiVersion`, '', 'version must not be empty');
    if ((kind ?? '') === '') errors.invalid(`${field}.kind`, '', 'must not be empty');
    if ((name ?? '') === '') errors.invalid(`${field}.name`, '', 'must not be empty');
    if ((uid ?? '') === '') errors.invalid(`${field}.uid`, '', 'must not be empty');
    if (apiVersion === 'v1' && kind === 'Event') {
      errors.invalid(field, reference, '/v1, Kind=Event is disallowed from being an owner');
    }
    if (reference.controller !== true) continue;
    const controllerName = `${String(kind)}/${String(name)}`;
    if (controller === undefined) controller = controllerName;
    else {
      errors.invalid(
        field,
        metadata.ownerReferences,
        `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${controllerName}`,
      );
    }
  }
}
