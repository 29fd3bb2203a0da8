import { applicationLabel, descriptionAnnotation } from 'longshore/plugins/core';
import { apiVersionOf, type Profile } from 'longshore/sdk';
import type { PodAddressing } from '../../api.ts';
import type { MonitoringSettings } from '../../settings.ts';
import { workloadLabelOf } from '../workload-label.ts';
import { createDraft, type Draft, type FormSheet, type Json } from './draft.ts';
import { formKinds, type KindField, type KindForm } from './kinds.ts';
import { type LabelsForm, writeLabels } from './labels.ts';
import type { Maybe } from './maybe.ts';
import { createPlaces, type Path } from './places.ts';
import { type PodTemplateForm, writePodTemplate } from './pod-template.ts';

/** What the forms for making and changing a workload have in common. */
export interface WorkloadForm extends LabelsForm {
  readonly kind?: Maybe<KindForm>;
  readonly template?: Maybe<PodTemplateForm>;
  readonly description?: Maybe<string>;
  readonly application?: Maybe<string>;
}

export interface FormRequest {
  readonly field: KindField;
  readonly namespace: string;
  readonly name: string;
  readonly form: WorkloadForm;
  readonly profile: Profile;
  /** The workload as it is; undefined where it is made. It is left as it is. */
  readonly existing: object | undefined;
  /** What one that is made begins with: the manifest that it is a copy of. */
  readonly base?: Json;
  /** How chosen addresses are asked for; undefined where no plugin drives the network. */
  readonly addressing?: PodAddressing | undefined;
  /** What collects monitoring data; undefined where none is wanted or set. */
  readonly monitoring?: MonitoringSettings | undefined;
}

export interface WrittenForm {
  readonly manifest: Json;
  readonly sheet: FormSheet;
}

/**
 * The manifest that a form makes, or makes of the one that is there: what the form does not mention stays, also what no
 * form knows. Pure; what is wrong with the form stands in `sheet.issues`.
 */
export function writeForm(request: FormRequest): WrittenForm {
  const { field, namespace, name, form, profile, existing, base } = request;
  const row = formKinds[field];
  const sheet: FormSheet = { profile, isNew: existing === undefined, issues: [], places: createPlaces() };
  const before = existing ?? base;
  const manifest: Json = before
    ? (JSON.parse(JSON.stringify(before)) as Json)
    : { apiVersion: apiVersionOf(row.kind), kind: row.kind.kind, metadata: { name, namespace }, spec: {} };
  if (base) manifest.metadata = { ...(manifest.metadata as Json), name, namespace };
  const top = createDraft(sheet, manifest, [], []);
  sheet.places.add(['kind'], existing ? ['id'] : ['kind']);
  sheet.places.add(['metadata', 'name'], existing ? ['id'] : ['name']);
  const ownLabels = existing ? {} : workloadLabelOf(row.kind.kind, name, profile);
  writeMetadata(top, form, ownLabels);
  top.inside('spec', ['kind', field], (spec) => {
    const kindForm = form.kind?.[field];
    if (kindForm) row.write(top, spec, kindForm as never, name);
    else if (!before) row.write(top, spec, {} as never, name);
    if (!existing && row.hasSelector) spec.set('selector', { matchLabels: selectorOf(ownLabels, name) }, []);
  });
  writeTemplate(top, request, selectorOf(ownLabels, name));
  return { manifest, sheet };
}

function writeMetadata(top: Draft, form: WorkloadForm, ownLabels: Readonly<Record<string, string>>): void {
  writeLabels(top, form);
  top.inside('metadata', [], (metadata) => {
    metadata.inside('labels', [], (labels) => {
      for (const [key, value] of Object.entries(ownLabels)) labels.set(key, value, []);
      labelWithApplication(labels, form.application);
    });
    metadata.inside('annotations', [], (map) => {
      map.set(descriptionAnnotation, form.description === '' ? null : form.description, ['description']);
    });
  });
}

/** What an application's members have in common (CORE-28). */
function labelWithApplication(labels: Draft, application: Maybe<string>): void {
  const key = labels.sheet.profile.get(applicationLabel);
  if (key !== null) labels.set(key, application, ['application']);
}

/** Labels by which a new workload finds its pods. */
export function podSelectorOf(kind: string, name: string, profile: Profile): Readonly<Record<string, string>> {
  return selectorOf(workloadLabelOf(kind, name, profile), name);
}

/** Without a label of the profile's, pods are told by the workload's name. */
function selectorOf(ownLabels: Readonly<Record<string, string>>, name: string): Readonly<Record<string, string>> {
  return Object.keys(ownLabels).length > 0 ? ownLabels : { app: name };
}

function writeTemplate(
  top: Draft,
  { field, form, addressing, monitoring }: FormRequest,
  podLabels: Readonly<Record<string, string>>,
): void {
  const { isNew } = top.sheet;
  const isJob = field === 'job' || field === 'cronJob';
  descend(top, formKinds[field].template, (template) => {
    if (form.template) {
      const engines = { ...(addressing ? { addressing } : {}), ...(monitoring ? { monitoring } : {}) };
      writePodTemplate(template, form.template, engines);
    }
    // What Jobs make must end: a cluster takes nothing else for them, and has no default.
    if (isNew && isJob)
      template.inside('spec', [], (spec) => {
        spec.object.restartPolicy ??= 'Never';
      });
    template.inside('metadata', [], (metadata) => {
      metadata.inside('labels', [], (labels) => {
        if (isNew) for (const [key, value] of Object.entries(podLabels)) labels.set(key, value, []);
        labelWithApplication(labels, form.application);
      });
    });
  });
}

/** The template is one part of the input, however deep it lies in the object. */
function descend(draft: Draft, path: Path, write: (template: Draft) => void): void {
  const { sheet } = draft;
  const inner = path.reduce<Json>((object, step) => {
    object[String(step)] ??= {};
    return object[String(step)] as Json;
  }, draft.object);
  write(createDraft(sheet, inner, path, ['template']));
}
