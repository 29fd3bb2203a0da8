import {
  encodeGlobalId,
  idOfObject,
  type KindRef,
  type KubeObject,
  type LongshoreBuilder,
  labelsOfGuards,
  type MutationTarget,
  NotFoundError,
  origin,
  type RequestContext,
  registerMutation,
  resolveNode,
  subjectOf,
} from 'longshore/sdk';
import { podTemplateInputRef } from '../api.ts';
import { addressingOf } from '../services/form/addressing-of.ts';
import { copyManifest } from '../services/form/copy-manifest.ts';
import { formKinds, formSubjects, kindFieldOfKind } from '../services/form/kinds.ts';
import type { Path } from '../services/form/places.ts';
import type { PlannedForm } from '../services/form/plan-form.ts';
import { planWithPlugins } from '../services/form/plan-with-plugins.ts';
import { formWarnings } from '../services/form/warnings.ts';
import { requireQuota } from '../services/quotas/require-quota.ts';
import { formSuccess, withInputPaths } from './form/form-success.ts';
import { planIfAllowed } from './form/plan-if-allowed.ts';

interface CopyInput {
  readonly id: string;
  readonly cluster?: string | null | undefined;
  readonly namespace?: string | null | undefined;
  readonly name: string;
}

interface Planned {
  readonly plan: PlannedForm;
  readonly kind: KindRef;
  readonly cluster: string;
  readonly namespace: string;
}

/** A workload made like another one (CMP-73). */
export function registerCopyWorkload(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'copyWorkload',
    description:
      'Makes a workload like one that you may read, beside it or in another namespace or cluster, held to the rules of that place: what it names must be there too. The original stays as it is (CMP-73).',
    allow: { action: 'CREATE', subject: formSubjects },
    input: (t) => ({
      id: t.id({ required: true, description: 'Id of the workload or bare pod to copy.' }),
      cluster: t.string({ description: "Cluster of the copy; the original's where not given." }),
      namespace: t.string({ description: "Namespace of the copy; the original's where not given." }),
      name: t.string({
        required: true,
        description: 'Name of the copy, by the rule `workload.name` of the profile.',
      }),
      template: t.field({ type: podTemplateInputRef, description: 'What is different in its pods.' }),
    }),
    success: formSuccess('The copy is made; its pods follow.'),
    load: (input, context) => loadPlanned({ ...input, id: String(input.id) }, input.template, context),
    check: (_input, { plan }) => plan.issues,
    warn: { codes: Object.keys(formWarnings), find: (_input, { plan }) => plan.warnings },
    async run(_input, { plan, kind, cluster, namespace }, ticket, context) {
      await requireQuota({ cluster, namespace, kind, before: undefined, after: plan.manifest }, context);
      const writer = context.cluster(cluster).writer(context.principal);
      const { object, warnings } = await withInputPaths(
        () => plan,
        () => writer.create(ticket, kind, plan.manifest),
      );
      const manifest = ticket.isDryRun ? plan.manifest : undefined;
      const value = { object: object as KubeObject, manifest };
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

async function loadPlanned(
  input: CopyInput,
  template: object | null | undefined,
  context: RequestContext,
): Promise<MutationTarget<Planned>> {
  const source = await resolveNode(input.id, context);
  const field = source && origin in source ? kindFieldOfKind(source[origin]) : undefined;
  if (!source || !(origin in source) || !field) throw new NotFoundError('There is no workload with this id');
  const { kind } = formKinds[field];
  const { name } = input;
  const cluster = input.cluster ?? source[origin].cluster;
  const namespace = input.namespace ?? source.metadata.namespace ?? '';
  const isBeside = cluster === source[origin].cluster && namespace === source.metadata.namespace;
  const profile = context.services.profiles.at({ cluster, namespace });
  const base = copyManifest(source as KubeObject, field, isBeside, addressingOf(context), labelsOfGuards(context));
  const request = { field, namespace, name, form: { template }, profile, existing: undefined, base };
  const place = { cluster, namespace, name };
  const instance = { subject: subjectOf(kind), ...place };
  const plan = await planIfAllowed('CREATE', instance, context, () =>
    planWithPlugins(request as never, cluster, context),
  );
  return {
    value: { plan: toldOfCopy(plan), kind, cluster, namespace },
    instance,
    record: {
      plugin: 'compute',
      type: kind.kind,
      id: encodeGlobalId({ of: 'kubernetes', group: kind.group, kind: kind.kind, ...place }),
      kind: kind.kind,
      ...place,
    },
  };
}

/** What is of the kind alone is the original's: the input of a copy has no place for it. */
function toldOfCopy(plan: PlannedForm): PlannedForm {
  const moved = (path: Path): Path => (path[0] === 'kind' ? ['id'] : path);
  return {
    ...plan,
    issues: plan.issues.map((issue) => ({ ...issue, path: moved(issue.path) })),
    warnings: plan.warnings.map((warning) => ({ ...warning, path: moved(warning.path) })),
    inputPathOf: (path) => moved(plan.inputPathOf(path)),
  };
}
