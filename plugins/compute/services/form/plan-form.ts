import {
  type ClusterReader,
  type KubeObject,
  type MaybePromise,
  mapMaybe,
  type RaisedWarning,
  type ValidationIssue,
} from 'longshore/sdk';
import { checkReadWriteOnce } from '../read-write-once.ts';
import { itemsAt, type SeenWorkload, valueAt } from '../rules/seen-workload.ts';
import { seenAs, workloadManifestCheck } from '../workload-manifests.ts';
import { checkForm } from './check-form.ts';
import { inputPathOf, type Json, type Path } from './draft.ts';
import { formKinds } from './kinds.ts';
import { type FoundReferences, findReferences } from './references.ts';
import { findWarnings } from './warnings.ts';
import { type FormRequest, writeForm } from './write-form.ts';

/** A form with all that must be known of it before its manifest is sent. */
export interface PlannedForm {
  readonly manifest: Json;
  /** Everything that is wrong; paths point into the input. */
  readonly issues: readonly ValidationIssue[];
  readonly warnings: readonly RaisedWarning[];
  /** Where the input has what stands at a place of the manifest. */
  readonly inputPathOf: (manifest: Path) => Path;
}

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
  { manifest, sheet }: ReturnType<typeof writeForm>,
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
    ...shareOfDisk(seen, existing).flatMap(({ pods, path }) => checkReadWriteOnce({ pods, claims, profile, path })),
  ];
  const toInput = (path: Path): Path => inputPathOf(sheet, path);
  return {
    manifest,
    issues: [...checkForm(request, sheet), ...misfits.map((misfit) => ({ ...misfit, path: toInput(misfit.path) }))],
    warnings: findWarnings(seen, existing, sheet),
    inputPathOf: toInput,
  };
}

/** CMP-54: how many pods share the claims that they mount, where the number or the claims are new. */
function shareOfDisk({ object, podSpec, word }: SeenWorkload, existing: unknown) {
  const inSpec = podSpec.slice(0, -2);
  const field = word === 'JOB' || word === 'CRON_JOB' ? 'parallelism' : 'replicas';
  const path = [...inSpec, field];
  if (word === 'DAEMON_SET' || word === 'POD') return [];
  const pods = valueAt(object, path) ?? 1;
  const claims = (from: unknown) =>
    itemsAt(from, [...podSpec, 'volumes']).flatMap(
      (volume) => valueAt(volume, ['persistentVolumeClaim', 'claimName']) ?? [],
    );
  const isAsBefore =
    existing !== undefined &&
    pods === (valueAt(existing, path) ?? 1) &&
    claims(object).every((claim) => claims(existing).includes(claim));
  return typeof pods === 'number' && !isAsBefore ? [{ pods, path }] : [];
}
