import { labelInputName } from 'longshore/plugins/core';
import {
  AnswerError,
  answerOf,
  type ChangedThing,
  ConflictError,
  dryRunTicket,
  errorRef,
  type FieldBuilder,
  type InputTypeRef,
  idOfObject,
  inputRef,
  type KubeObject,
  type LongshoreBuilder,
  type MutationSuccess,
  named,
  type OperationHandle,
  type RequestContext,
  registerMutation,
  subjectOf,
  type TypeRef,
  typeRef,
  ValidationError,
  type ValidationIssue,
} from 'longshore/sdk';
import {
  type Application,
  applicationSubject,
  applicationTypeRef,
  podTemplateInputRef,
  type WorkloadObject,
  workloadTypeRef,
} from '../../api.ts';
import { applicationWorkloadsAtOnce } from '../../profile-keys/applications.ts';
import { instanceOfApplication, isApplication, recordTargetOf } from '../../services/applications/applications.ts';
import {
  type Addition,
  type AdditionForm,
  additionPath,
  alreadyThere,
  checkAdditions,
  placeOfAddition,
  planAddition,
} from '../../services/applications/plan-additions.ts';
import { formKinds, kindFieldOf } from '../../services/form/kinds.ts';
import { planWithPlugins } from '../../services/form/plan-with-plugins.ts';
import { formWarnings } from '../../services/form/warnings.ts';
import { requireQuota } from '../../services/quotas/require-quota.ts';
import { withInputPaths } from '../form/form-success.ts';
import { kindInputRef } from '../form/kind-input.ts';
import { findApplication, membershipRules } from './load-applications.ts';
import { profileOfApplication } from './profile-of-application.ts';

/** Most workloads of one call, whatever a profile says. */
const mostAtOnce = 100;

const additionInputRef: InputTypeRef<AdditionForm> = inputRef<AdditionForm>('ApplicationWorkloadInput');
const addedRef: TypeRef<AddedWorkload> = typeRef<AddedWorkload>('AddedWorkload');

/** What became of one of several workloads that were to be made. */
interface AddedWorkload {
  readonly addition: Addition;
  readonly outcome: 'DONE' | 'SKIPPED' | 'FAILED';
  readonly object?: KubeObject;
  /** In a dry run. */
  readonly manifest?: object;
  readonly error?: AnswerError;
}

interface AddedWorkloads {
  readonly application: Application;
  readonly results: readonly AddedWorkload[];
}

interface Planned {
  readonly application: Application;
  readonly additions: readonly Addition[];
  /** Most of one call by the application's profile. */
  readonly most: number;
  readonly issues: readonly ValidationIssue[];
}

/** Making several workloads of an application that were collected by the form (CMP-40). */
export function registerAddWorkloads(builder: LongshoreBuilder): void {
  registerTypes(builder);
  registerMutation(builder, {
    name: 'addApplicationWorkloads',
    description:
      'Makes several workloads in an application at once, each by the form of `createWorkload` and with the label of the application. All are checked first, by the form, by the profile and by the cluster: nothing is made where one of them is wrong. Then they are made one after the other; what is there already under its kind and name is left as it is (SKIPPED), and what fails leaves the others as they are. How many one call may have, the profile says (`application.workloadsAtOnce`). `dryRun` is the preview (CMP-40).',
    allow: { action: 'UPDATE', subject: applicationSubject },
    input: (t) => ({
      id: t.id({ required: true, description: "The application's global id." }),
      workloads: t.field({
        type: [additionInputRef],
        required: true,
        description: `The workloads, 1 to ${mostAtOnce} and by the profile fewer; none of them twice.`,
      }),
    }),
    validate: ({ workloads }) => checkCount(workloads.length, mostAtOnce),
    load: async ({ id, workloads }, context) => {
      const application = await findApplication(String(id), context);
      const forms = workloads as unknown as readonly AdditionForm[];
      const profile = await profileOfApplication(application, context);
      const most = profile.get(applicationWorkloadsAtOnce);
      const issues = checkAdditions(application, forms);
      const isHopeless = issues.length > 0 || forms.length > most;
      const additions = isHopeless ? [] : await planAll(application, forms, context);
      return {
        value: { application, additions, issues, most } satisfies Planned,
        instance: instanceOfApplication(application),
        record: recordTargetOf(application),
      };
    },
    check: ({ workloads }, { most, issues, additions }) => [
      ...checkCount(workloads.length, most),
      ...issues,
      ...additions.flatMap((addition) => addition.issues),
    ],
    warn: {
      codes: Object.keys(formWarnings),
      find: (_input, { additions }) => additions.flatMap(({ warnings }) => warnings),
    },
    run: async (_input, { application, additions }, ticket, context) => {
      for (const { kind, cluster, namespace, name } of additions) {
        context.access.requireAllowed('CREATE', { subject: subjectOf(kind), cluster, namespace, name });
      }
      const results = await makeAll(additions, ticket, context);
      const recorded = results.flatMap(({ outcome, object }): ChangedThing[] =>
        outcome === 'DONE' && object ? [{ before: undefined, after: object, object: idOfObject(object) }] : [],
      );
      return { value: { application, results }, resultId: application.id, recorded };
    },
    replay: (node): AddedWorkloads | null => (isApplication(node) ? { application: node, results: [] } : null),
    success: {
      description: 'What could be made is made; the pods follow.',
      fields: (t: FieldBuilder<MutationSuccess<AddedWorkloads>>) => ({
        application: t.field({
          type: applicationTypeRef,
          description: 'The application.',
          resolve: ({ value }) => value.application,
        }),
        results: t.field({
          type: [addedRef],
          description:
            'What became of each workload, in the order of the input; empty where the answer is given again by its idempotency key.',
          resolve: ({ value }) => [...value.results],
        }),
      }),
    },
  });
}

function checkCount(count: number, most: number): readonly ValidationIssue[] {
  if (count >= 1 && count <= most) return [];
  const message = `workloads must have 1 to ${most} entries, got ${count}`;
  return [{ path: ['workloads'], code: count === 0 ? 'too_small' : 'too_big', message }];
}

function planAll(
  application: Application,
  forms: readonly AdditionForm[],
  context: RequestContext,
): Promise<readonly Addition[]> {
  const { profiles } = context.services;
  const rules = membershipRules(context);
  return Promise.all(
    forms.map((form, index) => {
      const { kind } = formKinds[kindFieldOf(form.kind)];
      const { name } = form;
      const place = placeOfAddition(application, form);
      // Nothing is looked up for who may not make it: that it is refused is told, and recorded, by the work itself.
      if (!context.access.allowed('CREATE', { subject: subjectOf(kind), name, ...place })) {
        return { kind, name, ...place, plan: undefined, issues: [], warnings: [], isThere: false };
      }
      return planAddition(application, form, index, {
        profiles,
        rules,
        reader: context.kube(place.cluster),
        plan: (request) => planWithPlugins(request, place.cluster, context),
      });
    }),
  );
}

/** Throws where the cluster has something against one of them, or where none can be made. */
async function makeAll(
  additions: readonly Addition[],
  ticket: OperationHandle,
  context: RequestContext,
): Promise<readonly AddedWorkload[]> {
  const tried: AddedWorkload[] = [];
  for (const [index, addition] of additions.entries()) {
    tried.push(await makeOne(addition, index, ticket.isDryRun ? ticket : dryRunTicket, context));
  }
  const failed = tried.flatMap(({ outcome, error }) => (outcome === 'FAILED' && error ? [error] : []));
  const issues = failed.flatMap((error) => (error instanceof ValidationError ? error.issues : []));
  if (issues.length > 0) throw new ValidationError(issues, { cause: failed[0] });
  if (failed[0]) throw failed[0];
  if (ticket.isDryRun) {
    return tried.map((each) => ({ ...each, ...(each.addition.plan ? { manifest: each.addition.plan.manifest } : {}) }));
  }
  const made: AddedWorkload[] = [];
  for (const [index, each] of tried.entries()) {
    made.push(each.outcome === 'SKIPPED' ? each : await makeOne(each.addition, index, ticket, context));
  }
  const first = made.find(({ outcome }) => outcome === 'FAILED');
  if (first?.error && made.every(({ outcome }) => outcome !== 'DONE')) throw first.error;
  return made;
}

async function makeOne(
  addition: Addition,
  index: number,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<AddedWorkload> {
  const { plan, kind, cluster } = addition;
  if (!plan) return { addition, outcome: 'SKIPPED', error: alreadyThere(addition) };
  const inputPathOf: typeof plan.inputPathOf = (path) => [...additionPath(index), ...plan.inputPathOf(path)];
  try {
    const { namespace = '' } =
      (plan.manifest as { readonly metadata?: { readonly namespace?: string } }).metadata ?? {};
    await requireQuota({ cluster, namespace, kind, before: undefined, after: plan.manifest }, context);
    const writer = context.cluster(cluster).writer(context.principal);
    const { object } = await withInputPaths(
      () => ({ inputPathOf, issues: [] }),
      () => writer.create(ticket, kind, plan.manifest),
    );
    return { addition, outcome: 'DONE', object: object as KubeObject };
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    return { addition, outcome: error instanceof ConflictError ? 'SKIPPED' : 'FAILED', error };
  }
}

function registerTypes(builder: LongshoreBuilder): void {
  builder.inputType('ApplicationWorkloadInput', {
    description: 'A workload that is to be made in an application, by the form of `createWorkload`.',
    fields: (t) => ({
      cluster: t.string({ description: "The cluster's name; that of the application where it has one." }),
      namespace: t.string({ description: 'Its namespace; that of the application where it has one.' }),
      name: t.string({
        required: true,
        description: 'Its name, by the rule `workload.name` of the profile; unique among workloads of its kind there.',
      }),
      kind: t.field({
        type: kindInputRef,
        required: true,
        description: 'Its kind, with what is of that kind alone; no bare pod.',
      }),
      template: t.field({ type: podTemplateInputRef, required: true, description: 'What its pods are made of.' }),
      description: t.string({ description: 'What it is for, by the rule `description.text` of the profile.' }),
      labels: t.field({
        type: [labelInputName as never],
        description: "Labels of the workload itself; those of its pods are its template's.",
      }),
      annotations: t.field({ type: [labelInputName as never], description: 'Annotations of the workload itself.' }),
    }),
  });
  builder.objectType(addedRef, {
    description: 'What became of one of several workloads that were to be made in an application.',
    fields: (t) => ({
      cluster: t.string({ description: 'Its cluster.', resolve: ({ addition }) => addition.cluster }),
      namespace: t.string({ description: 'Its namespace.', resolve: ({ addition }) => addition.namespace }),
      kind: t.string({ description: 'Its kind, e.g. `Deployment`.', resolve: ({ addition }) => addition.kind.kind }),
      name: t.string({ description: 'Its name.', resolve: ({ addition }) => addition.name }),
      outcome: t.field({
        type: named('ApplicationWorkloadOutcome'),
        description: 'DONE where it was made, or in a dry run would be; SKIPPED where one is there already.',
        resolve: ({ outcome }) => outcome as never,
      }),
      workload: t.field({
        type: workloadTypeRef,
        nullable: true,
        description: 'The workload as the cluster has it, or in a dry run would have it; null where it was not made.',
        resolve: ({ object }) => (object ?? null) as WorkloadObject | null,
      }),
      manifest: t.field({
        type: 'JSON',
        nullable: true,
        description: 'In a dry run what the form makes, without what the cluster fills in. Null otherwise.',
        resolve: ({ manifest }) => manifest ?? null,
      }),
      error: t.field({
        type: errorRef,
        nullable: true,
        description: 'Why it was not made; null where it was.',
        resolve: ({ error }) => (error ? answerOf(error) : null),
      }),
    }),
  });
}
