import { labelInputName } from 'longshore/plugins/core';
import {
  type KubeObject,
  type LongshoreBuilder,
  type MutationTarget,
  origin,
  PreconditionError,
  type RequestContext,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import type { Json } from '../services/form/draft.ts';
import { kindFieldOfKind } from '../services/form/kinds.ts';
import { type PlannedForm, planForm } from '../services/form/plan-form.ts';
import { formWarnings } from '../services/form/warnings.ts';
import { type FormRequest, type WorkloadForm, writeForm } from '../services/form/write-form.ts';
import { requireOperation } from '../services/operations/require-operation.ts';
import { mergePatch } from '../services/revisions/merge-patch.ts';
import { anyWorkloadKinds } from '../services/workload-kinds.ts';
import { formSuccess, withInputPaths } from './form/form-success.ts';
import { kindInputRef } from './form/kind-input.ts';
import { podTemplateInputRef } from './form/pod-template-input.ts';
import { loadWorkload } from './load-workload.ts';
import { patchWorkload } from './patch-workload.ts';

interface Planned {
  readonly workload: WorkloadObject;
  /** Undefined for a kind that no form makes. */
  readonly form: { readonly request: FormRequest; readonly plan: PlannedForm } | undefined;
}

/** Changing a workload by the form: its upgrade (CMP-75), and everything else that the form has. */
export function registerUpdateWorkload(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateWorkload',
    description:
      'Changes what is given of a workload and keeps the rest, also what no form knows: image, resources, environment, probes, volumes, strategy, scheduling, network, labels. What changes the template of its pods is a new version (CMP-75). `null` takes a value away; lists whose entries have names are merged, others are given whole. Name, namespace, cluster and kind stay; pods are counted by `scaleWorkload`.',
    allow: { action: 'UPDATE', subject: anyWorkloadKinds.map(subjectOf) },
    input: (t) => ({
      id: t.id({ required: true, description: "The workload's id." }),
      kind: t.field({ type: kindInputRef, description: 'What is of its kind alone; another kind is refused.' }),
      template: t.field({ type: podTemplateInputRef, description: 'What its pods are made of.' }),
      description: t.string({ description: 'What it is for, by the rule `description.text` of the profile.' }),
      application: t.string({
        description: 'Application that it becomes part of; null takes it out. By the label `label.application`.',
      }),
      labels: t.field({ type: [labelInputName as never], description: 'Labels of the workload itself to set.' }),
      removeLabels: t.stringList({ description: 'Keys of its labels to take away.' }),
      annotations: t.field({ type: [labelInputName as never], description: 'Annotations of it to set.' }),
      removeAnnotations: t.stringList({ description: 'Keys of its annotations to take away.' }),
    }),
    success: formSuccess('The workload is changed; its pods follow.'),
    load: (input, context) => loadPlanned(String(input.id), input as never, context),
    check: (_input, { form }) => form?.plan.issues ?? [],
    warn: { codes: Object.keys(formWarnings), find: (_input, { form }) => form?.plan.warnings ?? [] },
    async run(_input, { workload, form }, ticket, context) {
      await requireOperation('EDIT', workload, context);
      if (!form) {
        const { kind, metadata } = workload;
        throw new PreconditionError('KIND_NOT_OFFERED', `${kind} '${metadata.name}' is of a kind that no form makes`);
      }
      const { request, plan } = form;
      // Where it has changed since, the form is written into what it is now.
      const patchOf = (current: WorkloadObject): object =>
        (mergePatch(current, writeForm({ ...request, existing: current }).manifest) ?? {}) as object;
      const outcome = await withInputPaths(plan, () => patchWorkload(workload, patchOf, ticket, context));
      const manifest = ticket.isDryRun ? withoutState(plan.manifest) : undefined;
      return { ...outcome, value: { object: outcome.value as KubeObject, manifest } };
    },
    replay: (node) => (node ? { object: node as KubeObject, manifest: undefined } : null),
  });
}

async function loadPlanned(id: string, form: WorkloadForm, context: RequestContext): Promise<MutationTarget<Planned>> {
  const target = await loadWorkload(id, context);
  const { value: workload } = target;
  const { cluster } = workload[origin];
  const { namespace = '', name } = workload.metadata;
  const field = kindFieldOfKind(workload[origin]);
  if (field === undefined) return { ...target, value: { workload, form: undefined } };
  const profile = context.services.profiles.at({ cluster, namespace });
  const request: FormRequest = { field, namespace, name, form, profile, existing: workload };
  const plan = await planForm(request, context.kube(cluster));
  return { ...target, value: { workload, form: { request, plan } } };
}

/** What is written; its state is the cluster's. */
function withoutState({ status: _status, metadata, ...manifest }: Json): Json {
  const { managedFields: _fields, ...rest } = metadata as Json;
  return { ...manifest, metadata: rest };
}
