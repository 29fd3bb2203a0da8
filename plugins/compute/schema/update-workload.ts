import { labelInputName } from 'longshore/plugins/core';
import {
  isOfKind,
  type KindRef,
  type KubeObject,
  type LongshoreBuilder,
  loadOfKind,
  type MaybePromise,
  type MutationTarget,
  mapMaybe,
  mergePatch,
  origin,
  PreconditionError,
  type RequestContext,
  registerMutation,
  resolveNode,
  subjectOf,
  ValidationError,
  warningCodesOfChange,
  warningsOfChange,
} from 'longshore/sdk';
import { anyWorkloadKinds, type PodObject, podKind, podTemplateInputRef, type WorkloadObject } from '../api.ts';
import type { Json } from '../services/form/draft.ts';
import { kindFieldOfKind } from '../services/form/kinds.ts';
import { obstacleToPodEdit } from '../services/form/obstacle-to-pod-edit.ts';
import type { PlannedForm } from '../services/form/plan-form.ts';
import { planWithPlugins } from '../services/form/plan-with-plugins.ts';
import { formWarnings } from '../services/form/warnings.ts';
import type { WorkloadForm } from '../services/form/write-form.ts';
import { operationsBetween } from '../services/operations/operations-between.ts';
import { requireOperation } from '../services/operations/require-operation.ts';
import { requireQuotaOf } from '../services/quotas/require-quota.ts';
import { isWorkload } from '../services/workload-kinds.ts';
import { formSuccess, withInputPaths } from './form/form-success.ts';
import { kindInputRef } from './form/kind-input.ts';
import { planIfAllowed } from './form/plan-if-allowed.ts';
import { loadWorkload } from './load-workload.ts';
import { patchWorkload } from './patch-workload.ts';

type Changed = WorkloadObject | PodObject;

interface Planned {
  readonly workload: Changed;
  /** Undefined for a kind that no form makes. */
  readonly form:
    | { readonly plan: PlannedForm; readonly planFor: (current: Changed) => MaybePromise<PlannedForm> }
    | undefined;
}

/** Changing a workload by the form: its upgrade (CMP-75), and everything else that the form has. */
export function registerUpdateWorkload(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateWorkload',
    description:
      'Changes what is given of a workload and keeps the rest, also what no form knows: image, resources, environment, probes, volumes, strategy, scheduling, network, labels. What changes the template of its pods is a new version (CMP-75). `null` takes a value away; lists whose entries have names are merged, others are given whole. Name, namespace, cluster and kind stay; pods are counted by `scaleWorkload`. Of a bare pod Kubernetes lets images, an earlier deadline, more tolerations, labels and annotations be changed.',
    allow: { action: 'UPDATE', subject: [...anyWorkloadKinds, podKind as KindRef].map(subjectOf) },
    input: (t) => ({
      id: t.id({ required: true, description: "The workload's id, or that of a bare pod." }),
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
    warn: {
      codes: [...Object.keys(formWarnings), ...warningCodesOfChange(builder)],
      find: (_input, { workload, form }, context) => {
        if (!form || form.plan.issues.length > 0) return [];
        const change = { object: workload as KubeObject, next: form.plan.manifest, isPart: false };
        return mapMaybe(warningsOfChange(change, ['id'], context), (warnings) => [...form.plan.warnings, ...warnings]);
      },
    },
    async run(_input, { workload, form }, ticket, context) {
      if (!form) {
        await requireEdit(workload, context);
        const { kind, metadata } = workload;
        throw new PreconditionError('KIND_NOT_OFFERED', `${kind} '${metadata.name}' is of a kind that no form makes`);
      }
      let { plan } = form;
      const patchOf = async (current: Changed): Promise<object> => {
        await requireEdit(current, context);
        // Where it has changed since, the form is written into what it is now, and judged with that.
        if (current !== workload) plan = await form.planFor(current);
        if (plan.issues.length > 0) throw new ValidationError(plan.issues);
        const profile = context.services.profiles.at({
          cluster: workload[origin].cluster,
          namespace: workload.metadata.namespace,
        });
        const done = isWorkload(current) ? operationsBetween(current, plan.manifest, profile) : [];
        for (const { operation } of done) {
          await requireOperation(operation, current as WorkloadObject, context);
        }
        if (isWorkload(current)) await requireQuotaOf(current, plan.manifest, context);
        return (mergePatch(current, plan.manifest) ?? {}) as object;
      };
      const outcome = await withInputPaths(
        () => plan,
        () => patchWorkload(workload, patchOf, ticket, context),
      );
      const manifest = ticket.isDryRun ? authored(plan.manifest) : undefined;
      const warnings = [...plan.told, ...(outcome.warnings ?? [])];
      return { ...outcome, warnings, value: { object: outcome.value as KubeObject, manifest } };
    },
    replay: (node) => (node ? { object: node as KubeObject, manifest: undefined } : null),
  });
}

async function loadPlanned(id: string, given: WorkloadForm, context: RequestContext): Promise<MutationTarget<Planned>> {
  const target = await loadChanged(id, context);
  const { value: workload } = target;
  const { cluster } = workload[origin];
  const { namespace = '', name } = workload.metadata;
  const field = kindFieldOfKind(workload[origin]);
  if (field === undefined) return { ...target, value: { workload, form: undefined } };
  const profile = context.services.profiles.at({ cluster, namespace });
  const planFor = (current: Changed): MaybePromise<PlannedForm> =>
    planWithPlugins({ field, namespace, name, form: given, profile, existing: current }, cluster, context);
  const plan = await planIfAllowed('UPDATE', target.instance, context, () => planFor(workload));
  return { ...target, value: { workload, form: { plan, planFor } } };
}

/** A workload, or a pod that no workload makes. */
async function loadChanged(id: string, context: RequestContext): Promise<MutationTarget<Changed>> {
  const node = await resolveNode(id, context);
  return isOfKind(node, podKind) ? loadOfKind(id, podKind, context) : loadWorkload(id, context);
}

async function requireEdit(current: Changed, context: RequestContext): Promise<void> {
  if (isWorkload(current)) return requireOperation('EDIT', current, context);
  const obstacle = obstacleToPodEdit(current);
  if (obstacle) throw new PreconditionError(obstacle.reason, obstacle.message);
}

/** What its author says; the rest is the cluster's. */
function authored({ status: _status, metadata, ...manifest }: Json): Json {
  const { name, namespace, labels, annotations } = metadata as Json;
  return { ...manifest, metadata: { name, namespace, labels, annotations } };
}
