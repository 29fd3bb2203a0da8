import { apiVersionOf, mapMaybe, type Profile, type ValidationIssue } from 'longshore/sdk';
import { type PlannedTemplate, type PodTemplateRequest, type WorkloadForms, workloadKinds } from '../../api.ts';
import { valueAt } from '../rules/seen-workload.ts';
import { type Json, listAt } from './draft.ts';
import { formKinds, type KindField, type KindForm, kindFieldOfKind } from './kinds.ts';
import type { PlannedForm } from './plan-form.ts';
import { planWithPlugins } from './plan-with-plugins.ts';
import { type FormRequest, podSelectorOf } from './write-form.ts';

/** The form, for workloads that are made elsewhere: of what it makes they get the pod template and its claims. */
export const workloadForms: WorkloadForms = {
  planTemplate(request, context) {
    const { cluster, namespace } = request;
    const profile = context.services.profiles.at({ cluster, namespace });
    const form = formRequestOf(request, profile);
    return mapMaybe(planWithPlugins(form, cluster, context), (plan) => templateOf(plan, form));
  },
};

function fieldOf({ kind }: PodTemplateRequest): KindField {
  const field = kindFieldOfKind(workloadKinds[kind]);
  if (!field) throw new Error(`compute.workload-forms: no form makes ${kind}`);
  return field;
}

function formRequestOf(request: PodTemplateRequest, profile: Profile): FormRequest {
  const { namespace, name, replicas, template, volumeClaimTemplates, before } = request;
  const field = fieldOf(request);
  const ofKind = {
    ...(before ? {} : { replicas }),
    ...(volumeClaimTemplates ? { volumeClaimTemplates } : {}),
  };
  const kind = Object.keys(ofKind).length === 0 ? undefined : ({ [field]: ofKind } as KindForm);
  return {
    field,
    namespace,
    name,
    form: { kind, template },
    profile,
    existing: before && workloadOf(request, before, field, profile),
  };
}

/** The workload as it would be there if it had been made of the template that is changed. */
function workloadOf(
  { namespace, name, replicas }: PodTemplateRequest,
  { template, volumeClaimTemplates }: Pick<PlannedTemplate, 'template' | 'volumeClaimTemplates'>,
  field: KindField,
  profile: Profile,
): Json {
  const { kind } = formKinds[field];
  const labels = podSelectorOf(kind.kind, name, profile);
  const metadata = (template.metadata ?? {}) as Json;
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { ...template, metadata: { ...metadata, labels: { ...(metadata.labels as Json), ...labels } } },
      ...(volumeClaimTemplates.length > 0 ? { volumeClaimTemplates } : {}),
    },
  };
}

function templateOf({ manifest, issues, warnings, told }: PlannedForm, form: FormRequest): PlannedTemplate {
  const { field, name, profile } = form;
  const { kind } = formKinds[field];
  const template = valueAt(manifest, formKinds[field].template) as Json;
  return {
    template: withoutLabels(template, podSelectorOf(kind.kind, name, profile)),
    volumeClaimTemplates: listAt(manifest.spec, 'volumeClaimTemplates'),
    issues: issues.map((issue) => ({ ...issue, path: pathOf(issue.path, field) })),
    warnings: warnings.map((warning) => ({ ...warning, path: pathOf(warning.path, field) })),
    told,
  };
}

/** What is of its kind alone stands beside the template there. */
const pathOf = (path: ValidationIssue['path'], field: KindField): ValidationIssue['path'] =>
  path[0] === 'kind' && path[1] === field && path.length > 2 ? path.slice(2) : path;

function withoutLabels(template: Json, gone: Readonly<Record<string, string>>): Json {
  const { metadata, ...rest } = template as Json & { readonly metadata?: Json };
  const labels = Object.entries((metadata?.labels ?? {}) as Json).filter(([key]) => !Object.hasOwn(gone, key));
  const { labels: _labels, ...others } = metadata ?? {};
  const kept = { ...others, ...(labels.length > 0 ? { labels: Object.fromEntries(labels) } : {}) };
  return { ...(Object.keys(kept).length > 0 ? { metadata: kept } : {}), ...rest };
}
