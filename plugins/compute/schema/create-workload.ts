import { labelInputName } from 'longshore/plugins/core';
import {
  encodeGlobalId,
  idOfObject,
  type KindRef,
  type KubeObject,
  type LongshoreBuilder,
  type MaybePromise,
  type MutationTarget,
  mapMaybe,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { podTemplateInputRef } from '../api.ts';
import { formKinds, formSubjects, kindFieldOf } from '../services/form/kinds.ts';
import type { PlannedForm } from '../services/form/plan-form.ts';
import { planWithPlugins } from '../services/form/plan-with-plugins.ts';
import { formWarnings } from '../services/form/warnings.ts';
import { requireQuota } from '../services/quotas/require-quota.ts';
import { type FormOutcome, formSuccess, withInputPaths } from './form/form-success.ts';
import { kindInputRef } from './form/kind-input.ts';
import { planIfAllowed } from './form/plan-if-allowed.ts';

interface Planned {
  readonly plan: PlannedForm;
  readonly kind: KindRef;
}

/** Making a workload by the form (CMP-44 to CMP-66). */
export function registerCreateWorkload(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createWorkload',
    description:
      'Makes a Deployment, StatefulSet, DaemonSet, Job, CronJob, bare pod, or where OpenKruise is installed a TApp (Advanced StatefulSet) or CloneSet. ConfigMaps, Secrets, claims and nodes that it names must be there. `dryRun` is the preview, with the `manifest` that the form makes (CMP-44 to CMP-66). `QUOTA_EXCEEDED` where the quotas of the namespace have too little left for its pods, with what is missing (CMP-34).',
    allow: { action: 'CREATE', subject: formSubjects },
    input: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      namespace: t.string({ required: true, description: 'Its namespace.' }),
      name: t.string({
        required: true,
        description: 'Its name, by the rule `workload.name` of the profile; unique among workloads of its kind there.',
      }),
      kind: t.field({ type: kindInputRef, required: true, description: 'Its kind, with what is of that kind alone.' }),
      template: t.field({ type: podTemplateInputRef, required: true, description: 'What its pods are made of.' }),
      description: t.string({ description: 'What it is for, by the rule `description.text` of the profile.' }),
      application: t.string({
        description: 'Application that it becomes part of: the label that the profile names (`label.application`).',
      }),
      labels: t.field({
        type: [labelInputName as never],
        description: "Labels of the workload itself; those of its pods are its template's.",
      }),
      annotations: t.field({ type: [labelInputName as never], description: 'Annotations of the workload itself.' }),
    }),
    success: formSuccess('The workload is made; its pods follow.'),
    load(input, context): MaybePromise<MutationTarget<Planned>> {
      const { cluster, namespace, name } = input;
      const field = kindFieldOf(input.kind);
      const { kind } = formKinds[field];
      const { group } = kind;
      const place = { cluster, namespace };
      const profile = context.services.profiles.at(place);
      const request = { field, namespace, name, form: input as never, profile, existing: undefined };
      const record = {
        plugin: 'compute',
        type: kind.kind,
        id: encodeGlobalId({ of: 'kubernetes', group, kind: kind.kind, name, ...place }),
        kind: kind.kind,
        name,
        ...place,
      };
      const instance = { subject: subjectOf(kind), name, ...place };
      const plan = planIfAllowed('CREATE', instance, context, () => planWithPlugins(request, cluster, context));
      return mapMaybe(plan, (planned) => ({ value: { plan: planned, kind }, instance, record }));
    },
    check: (_input, { plan }) => plan.issues,
    warn: { codes: Object.keys(formWarnings), find: (_input, { plan }) => plan.warnings },
    async run({ cluster, namespace }, { plan, kind }, ticket, context) {
      await requireQuota({ cluster, namespace, kind, before: undefined, after: plan.manifest }, context);
      const writer = context.cluster(cluster).writer(context.principal);
      const { object, warnings } = await withInputPaths(
        () => plan,
        () => writer.create(ticket, kind, plan.manifest),
      );
      const value: FormOutcome = {
        object: object as KubeObject,
        manifest: ticket.isDryRun ? plan.manifest : undefined,
      };
      return {
        value,
        resultId: idOfObject(object),
        before: undefined,
        after: object,
        warnings: [...plan.told, ...warnings],
      };
    },
    replay: (node) => (node ? { object: node as KubeObject, manifest: undefined } : null),
  });
}
