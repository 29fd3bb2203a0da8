import {
  type ClusterReader,
  type KubeObject,
  type MaybePromise,
  mapMaybe,
  type RaisedWarning,
  type ValidationIssue,
} from 'longshore/sdk';
import { seenAs, workloadManifestCheck } from '../workload-manifests.ts';
import { checkForm } from './check-form.ts';
import { checkInPlaceOnly } from './check-in-place.ts';
import { checkPodChange } from './check-pod-change.ts';
import { checkSharedDisks } from './check-shared-disks.ts';
import type { Json } from './draft.ts';
import { formKinds } from './kinds.ts';
import type { Path } from './places.ts';
import { type FoundReferences, findReferences } from './references.ts';
import { findWarnings } from './warnings.ts';
import { type FormRequest, type WrittenForm, writeForm } from './write-form.ts';

/** A form with all that must be known of it before its manifest is sent. */
export interface PlannedForm {
  readonly manifest: Json;
  /** Everything that is wrong; paths point into the input. */
  readonly issues: readonly ValidationIssue[];
  readonly warnings: readonly RaisedWarning[];
  /** What its author should know, in words: by the rules of other plugins. */
  readonly told: readonly string[];
  /** Where the input has what stands at a place of the manifest. */
  readonly inputPathOf: (manifest: Path) => Path;
}

/** Of a form that the caller may not submit: nothing is asked of the cluster for it, and nothing told. */
export const unplannedForm: PlannedForm = {
  manifest: {},
  issues: [],
  warnings: [],
  told: [],
  inputPathOf: (path) => path,
};

/** Makes the manifest of a form, and finds what stands against it: in the form, by the rules of workloads, and in the namespace. */
export function planForm(request: FormRequest, reader: ClusterReader): MaybePromise<PlannedForm> {
  const { field, namespace, existing } = request;
  const written = writeForm(request);
  const podSpec = [...formKinds[field].template, 'spec'];
  return mapMaybe(findReferences(reader, namespace, written.manifest, podSpec, existing), (found) =>
    judge(request, written, found),
  );
}

function judge(
  request: FormRequest,
  { manifest, sheet }: WrittenForm,
  { missing, claims }: FoundReferences,
): PlannedForm {
  const { field, namespace, name, profile, existing } = request;
  const { kind } = formKinds[field];
  const seen = seenAs(kind, manifest, profile);
  const misfits = [
    ...workloadManifestCheck.check({
      kind,
      namespace,
      name,
      object: manifest,
      existing: existing as KubeObject | undefined,
      road: 'EDIT',
      profile,
    }),
    ...missing,
    ...checkSharedDisks(seen, existing, claims),
    ...checkInPlaceOnly(seen, existing),
    ...(field === 'pod' && existing ? checkPodChange(existing, manifest) : []),
  ];
  const toInput = (path: Path): Path => sheet.places.inputOf(path);
  return {
    manifest,
    issues: [...checkForm(request, sheet), ...misfits.map((misfit) => ({ ...misfit, path: toInput(misfit.path) }))],
    warnings: findWarnings(seen, request, sheet),
    told: [],
    inputPathOf: toInput,
  };
}
