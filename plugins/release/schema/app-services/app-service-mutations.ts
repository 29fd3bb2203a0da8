import { randomUUID } from 'node:crypto';
import { type Application, formWarningCodes } from 'longshore/plugins/compute';
import { descriptionText, namespaceKind, tenancyServiceRef } from 'longshore/plugins/core';
import {
  checkText,
  type FieldBuilder,
  type InputFieldBuilder,
  type LongshoreBuilder,
  type MutationSuccess,
  NotFoundError,
  named,
  type Profile,
  type RequestContext,
  registerMutation,
  resolveNode,
  type ValidationIssue,
} from 'longshore/sdk';
import {
  type AppService,
  type AppServiceVersion,
  appServiceSubject,
  appServiceTypeRef,
  appServiceVersionTypeRef,
} from '../../api.ts';
import { appServiceName } from '../../profile-keys/app-services.ts';
import {
  instanceOfAppService,
  instanceOfNew,
  isAppService,
  isVersion,
  recordedService,
  recordTargetOf,
} from '../../services/app-services/app-services.ts';
import {
  appServicesServiceRef,
  draftExists,
  requireIdle,
  type SeenDraft,
  type WithVersion,
} from '../../services/app-services/app-services-service.ts';
import { withoutSnapshots } from '../../services/app-services/configuration.ts';
import { type PlannedVersion, planVersion, type ServiceFacts } from '../../services/app-services/plan-version.ts';
import { baseOf } from '../../services/app-services/quick-version.ts';
import { prepareVersion, writeVersion } from '../../services/app-services/submit-version.ts';
import type { VersionInput } from '../../services/app-services/version-input.ts';
import { findAppService, findVersion, loadServiceOf } from './load-app-services.ts';
import { versionFields } from './version-inputs.ts';

/** What a mutation that writes a version answers. */
type Written = WithVersion;

const versionSuccess = (description: string) => ({
  description,
  fields: (t: FieldBuilder<MutationSuccess<Written>>) => ({
    appService: t.field({
      type: appServiceTypeRef,
      description: 'The app service; in a dry run as it would be, one that is yet to be made with an id of no use.',
      resolve: ({ value }) => value.service,
    }),
    version: t.field({
      type: appServiceVersionTypeRef,
      description: 'The draft or version; in a dry run as it would be.',
      resolve: ({ value }) => value.version,
    }),
  }),
});

/** The version again, with its service; a draft that was submitted meanwhile is the same row. */
async function replayVersion(node: unknown, context: RequestContext): Promise<Written | null> {
  if (!isVersion(node)) return null;
  const service = await loadServiceOf(node, context);
  return service && { service, version: node };
}

const submitInput = (t: InputFieldBuilder) => ({
  submit: t.boolean({
    description:
      'Whether the draft becomes a version at once: it never changes again, and its ConfigMaps and Secrets are copied under names that never change. Off where not given.',
  }),
});

const peopleInputs = (t: InputFieldBuilder) => ({
  owner: t.string({
    description: 'Who answers for it and may confirm its releases: id of a principal, up to 253 characters.',
  }),
  operators: t.stringList({ description: 'Who operates it and may confirm its releases, up to 50 ids of principals.' }),
  description: t.string({ description: 'What it is for (`description.text` of the profile).' }),
});

/** Making and changing app services and their drafts (REL-01 to REL-11). */
export function registerAppServiceMutations(builder: LongshoreBuilder): void {
  registerCreate(builder);
  registerUpdate(builder);
  registerEdit(builder);
  registerDiscard(builder);
}

interface NewService {
  readonly facts: ServiceFacts;
  readonly profile: Profile;
  readonly plan: PlannedVersion | undefined;
  readonly issues: readonly ValidationIssue[];
}

function registerCreate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createAppService',
    description:
      'Makes an app service with its first draft, or with `submit` with its first version. `dryRun` checks all of it, in the cluster too. Nothing runs before a release (REL-01).',
    allow: { action: 'CREATE', subject: appServiceSubject },
    input: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      namespace: t.string({ description: 'Its namespace; `default` where not given.' }),
      name: t.string({
        required: true,
        description:
          "Unique in its namespace, by `release.serviceName` of the profile and without '--'. It never changes.",
      }),
      applicationId: t.id({
        required: true,
        description: 'Global id of its application: of the same namespace, or of the workspace of the namespace.',
      }),
      isStateful: t.boolean({
        description: 'Whether its pods have names and volumes of their own; off where not given. It never changes.',
      }),
      ...peopleInputs(t),
      ...versionFields(t, builder),
      ...submitInput(t),
    }),
    validate: checkPeople,
    load: async (input, context) => {
      const cluster = context.cluster(input.cluster).name;
      const namespace = input.namespace || 'default';
      const workspaceUuid = context.service(tenancyServiceRef).bindingOf(cluster, namespace)?.workspaceUuid ?? null;
      const place = { cluster, namespace, workspaceUuid };
      const instance = instanceOfNew(input.name, place);
      const profile = context.services.profiles.at({ cluster, namespace });
      const { application, issues } = await findApplication(String(input.applicationId), place, context);
      const facts: ServiceFacts = {
        ...place,
        name: input.name,
        isStateful: input.isStateful ?? false,
        applicationUuid: application?.uuid ?? '',
        applicationName: application?.name ?? '',
      };
      // The cluster is not asked about places that are not the caller's.
      const mayPlan = context.access.allowed('CREATE', instance) && application !== undefined;
      const plan = mayPlan ? await planVersion(facts, input as VersionInput, undefined, context) : undefined;
      return {
        value: { facts, profile, plan, issues },
        instance,
        record: recordTargetOf({ id: input.name, name: input.name, cluster, namespace }),
      };
    },
    check: (input, { profile, plan, issues }: NewService) => [
      ...checkName(input.name, profile),
      ...checkDescription(input.description, profile),
      ...issues,
      ...(plan?.issues ?? []),
    ],
    warn: { codes: [...formWarningCodes], find: (_input, { plan }) => plan?.warnings ?? [] },
    run: async (input, { facts, plan }, ticket, context) => {
      if (!plan) throw new NotFoundError('There is no application with this id');
      const services = context.service(appServicesServiceRef);
      const { cluster, namespace, name } = facts;
      if (!(await context.kube(cluster).get(namespaceKind, undefined, namespace))) {
        throw new NotFoundError(`There is no namespace '${namespace}' in cluster '${cluster}'`);
      }
      await services.requireFree(facts);
      const isSubmitted = input.submit === true;
      const version = { uuid: randomUUID(), spec: plan.spec, basedOn: undefined, isSubmitted };
      const written = await prepareVersion({ cluster, namespace, name }, version, ticket, context);
      const fields = {
        ...facts,
        owner: input.owner?.trim() || null,
        operators: peopleOf(input.operators),
        description: (input.description ?? '').trim(),
      };
      const value = await services.create(fields, written, ticket);
      const after = { ...recordedService(value.service), version: recordedVersion(value.version) };
      return { value, resultId: value.version.id, before: undefined, after, warnings: plan.told };
    },
    replay: replayVersion,
    success: versionSuccess('The app service was made.'),
  });
}

function registerUpdate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateAppService',
    description:
      'Changes what is said of an app service beside its versions; not while it is being released (REL-17). Name, place, application and being stateful never change.',
    allow: { action: 'UPDATE', subject: appServiceSubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Its global id.' }),
      version: t.int({ required: true, description: 'The version that you saw: a CONFLICT where it is an older one.' }),
      ...peopleInputs(t),
    }),
    validate: checkPeople,
    load: async ({ id }, context) => {
      const service = await findAppService(String(id), context);
      return { value: service, instance: instanceOfAppService(service), record: recordTargetOf(service) };
    },
    check: ({ description }, { cluster, namespace }, context) =>
      checkDescription(description, context.services.profiles.at({ cluster, namespace })),
    run: async (input, service, ticket, context) => {
      const edits = {
        owner: input.owner === undefined ? undefined : input.owner?.trim() || null,
        operators: input.operators === undefined ? undefined : peopleOf(input.operators),
        description: input.description === undefined ? undefined : (input.description ?? '').trim(),
      };
      const { before, after } = await context
        .service(appServicesServiceRef)
        .update(service.uuid, input.version, edits, ticket);
      return { value: after, resultId: after.id, before: recordedService(before), after: recordedService(after) };
    },
    replay: (node): AppService | null => (isAppService(node) ? node : null),
    success: serviceSuccess('The app service was changed.'),
  });
}

const serviceSuccess = (description: string) => ({
  description,
  fields: (t: FieldBuilder<MutationSuccess<AppService>>) => ({
    appService: t.field({
      type: appServiceTypeRef,
      description: 'The app service; in a dry run as it would be.',
      resolve: ({ value }) => value,
    }),
  }),
});

interface Edit {
  readonly service: AppService;
  readonly seen: SeenDraft | undefined;
  readonly base: AppServiceVersion | undefined;
  readonly plan: PlannedVersion | undefined;
  readonly current: AppServiceVersion | undefined;
  readonly hasForeignDraft: boolean;
  readonly hasVersions: boolean;
}

function registerEdit(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'editAppService',
    description:
      'Opens a draft of an app service or goes on with it, and with `submit` makes a version of it. A new draft begins with the version of `from`, or else with the one that runs. What is not given stays; names of containers never change (REL-10, REL-11).',
    allow: { action: 'UPDATE', subject: appServiceSubject },
    input: (t) => ({
      id: t.id({ required: true, description: "The app service's global id." }),
      draft: t.field({
        type: named('DraftChoice'),
        description: 'What becomes of a draft that was not submitted; without it there must be none (DRAFT_EXISTS).',
      }),
      draftVersion: t.int({
        description:
          'The version of the draft that you saw; required with `draft`. A CONFLICT where it is an older one.',
      }),
      from: t.id({ description: 'Global id of a version of it that the new draft is a copy of. Not with RESTORE.' }),
      ...versionFields(t, builder),
      ...submitInput(t),
    }),
    validate: ({ draft, draftVersion, from }) => [
      ...(draft && (draftVersion === undefined || draftVersion === null)
        ? [{ path: ['draftVersion'], code: 'required', message: 'draftVersion must be given with draft' }]
        : []),
      ...((draft as unknown) === 'RESTORE' && from
        ? [{ path: ['from'], code: 'not_with_restore', message: 'A draft that is gone on with is a copy of nothing' }]
        : []),
    ],
    load: async (input, context) => {
      const service = await findAppService(String(input.id), context);
      const instance = instanceOfAppService(service);
      const record = recordTargetOf(service);
      const edit = await loadEdit(service, input as never, context);
      const mayPlan =
        context.access.allowed('UPDATE', instance) && !edit.hasForeignDraft && service.releaseUuid === null;
      const base = edit.base && { spec: edit.base.spec, hasVersions: edit.hasVersions };
      const plan = mayPlan ? await planVersion(service, input as VersionInput, base, context) : undefined;
      return { value: { ...edit, plan }, instance, record };
    },
    check: (_input, { plan }) => plan?.issues ?? [],
    warn: {
      codes: [...formWarningCodes, 'UPGRADE_MODE_CHANGED'],
      find: ({ submit }, { plan, current }) => [
        ...(plan?.warnings ?? []),
        ...(submit === true &&
        plan &&
        current &&
        plan.spec.deployment.upgradeMode !== current.spec.deployment.upgradeMode
          ? [
              {
                code: 'UPGRADE_MODE_CHANGED',
                message: `What runs was released with ${current.spec.deployment.upgradeMode}: the next release interrupts the service shortly.`,
                path: ['deployment', 'upgradeMode'],
              },
            ]
          : []),
      ],
    },
    run: async (input, { service, seen, base, plan, hasForeignDraft }, ticket, context) => {
      requireIdle(service);
      if (hasForeignDraft) throw draftExists(service.name);
      if (!plan) throw new NotFoundError('It is not there any more.');
      const isSubmitted = input.submit === true;
      const uuid = seen && !seen.isDiscarded ? seen.uuid : randomUUID();
      const basedOn = base?.editState === 'DRAFT' ? await basisOf(base, service, context) : base;
      const version = { uuid, spec: plan.spec, basedOn, isSubmitted };
      const services = context.service(appServicesServiceRef);
      const value = await writeVersion(services, service, seen, version, ticket, context);
      return {
        value,
        resultId: value.version.id,
        before: base && recordedVersion(base),
        after: recordedVersion(value.version),
        warnings: plan.told,
      };
    },
    replay: replayVersion,
    success: versionSuccess('The draft was changed, or made a version.'),
  });
}

interface EditInput {
  readonly draft?: 'RESTORE' | 'DISCARD' | null | undefined;
  readonly draftVersion?: number | null | undefined;
  readonly from?: string | null | undefined;
}

/** What an edit begins with, and the draft that its caller has seen (REL-11). */
async function loadEdit(service: AppService, input: EditInput, context: RequestContext): Promise<Edit> {
  const versions = await versionsOf(service, context);
  const draft = versions.find(({ editState }) => editState === 'DRAFT');
  const current = versions.find(({ isCurrent }) => isCurrent);
  const isDiscarded = input.draft === 'DISCARD';
  const seen = draft && input.draft ? { uuid: draft.uuid, version: input.draftVersion ?? 0, isDiscarded } : undefined;
  const edit = {
    ...{ service, seen, plan: undefined, current },
    hasForeignDraft: draft !== undefined && !input.draft,
    hasVersions: versions.some(({ editState }) => editState !== 'DRAFT'),
  };
  if (draft && input.draft === 'RESTORE') return { ...edit, base: draft };
  const from = input.from ? await findVersion(String(input.from), service, context) : undefined;
  return { ...edit, base: from ?? baseOf(service, versions) };
}

/** The version that a draft was copied from: its copies of the configuration may still do. */
async function basisOf(
  draft: AppServiceVersion,
  service: AppService,
  context: RequestContext,
): Promise<AppServiceVersion | undefined> {
  return (await versionsOf(service, context)).find(({ uuid }) => uuid === draft.basedOnUuid);
}

function registerDiscard(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'discardAppServiceDraft',
    description: 'Throws the draft of an app service away; its versions stay (REL-11).',
    allow: { action: 'UPDATE', subject: appServiceSubject },
    input: (t) => ({
      id: t.id({ required: true, description: "The app service's global id." }),
      draftVersion: t.int({
        required: true,
        description: 'The version of the draft that you saw: a CONFLICT where it is an older one.',
      }),
    }),
    load: async ({ id }, context) => {
      const service = await findAppService(String(id), context);
      return { value: service, instance: instanceOfAppService(service), record: recordTargetOf(service) };
    },
    run: async ({ draftVersion }, service, ticket, context) => {
      const draft = (await versionsOf(service, context)).find(({ editState }) => editState === 'DRAFT');
      const value = await context.service(appServicesServiceRef).discardDraft(service.uuid, draftVersion, ticket);
      return { value, resultId: value.id, before: draft && recordedVersion(draft), after: undefined };
    },
    replay: (node): AppService | null => (isAppService(node) ? node : null),
    success: serviceSuccess('The draft is gone.'),
  });
}

/** As they are now, remembered by nobody: what the answer tells comes behind the write. */
const versionsOf = ({ uuid }: AppService, context: RequestContext): Promise<readonly AppServiceVersion[]> =>
  context.service(appServicesServiceRef).versionsOf([uuid]);

/** A version as records keep it. */
function recordedVersion({ number, editState, spec }: AppServiceVersion): object {
  const { podTemplate, configuration, ...rest } = spec;
  return { number, editState, template: withoutSnapshots(podTemplate, configuration), ...rest };
}

async function findApplication(
  id: string,
  { cluster, namespace, workspaceUuid }: Pick<ServiceFacts, 'cluster' | 'namespace' | 'workspaceUuid'>,
  context: RequestContext,
): Promise<{ readonly application: Application | undefined; readonly issues: readonly ValidationIssue[] }> {
  const node = (await resolveNode(id, context)) as Application | null;
  const issue = (code: string, message: string) => ({
    application: undefined,
    issues: [{ path: ['applicationId'], code, message }],
  });
  if (node?.nodeTypeName !== 'Application') return issue('not_found', 'There is no application with this id');
  const isHere =
    node.workspaceUuid === null
      ? node.cluster === cluster && node.namespace === namespace
      : node.workspaceUuid === workspaceUuid;
  if (isHere) return { application: node, issues: [] };
  return issue(
    'other_place',
    `The application '${node.name}' has no part in the namespace '${namespace}' of '${cluster}'`,
  );
}

function checkName(name: string, profile: Profile): readonly ValidationIssue[] {
  const issues = checkText(profile.get(appServiceName), 'name', name);
  if (issues.length > 0 || !name.includes('--')) return issues;
  const message = "name must not have '--' in it: that parts it from a deployment unit";
  return [{ path: ['name'], code: 'bad_name', message }];
}

const checkDescription = (text: string | null | undefined, profile: Profile): readonly ValidationIssue[] =>
  text?.trim() ? checkText(profile.get(descriptionText), 'description', text.trim()) : [];

const peopleOf = (names: readonly string[] | null | undefined): readonly string[] => [
  ...new Set((names ?? []).map((name) => name.trim()).filter((name) => name !== '')),
];

const mostOperators = 50;
const longestName = 253;

function checkPeople({
  owner,
  operators,
}: {
  readonly owner?: string | null | undefined;
  readonly operators?: readonly string[] | null | undefined;
}): readonly ValidationIssue[] {
  const tooLong = (path: readonly (string | number)[]): ValidationIssue => ({
    path,
    code: 'too_long',
    message: `${path[0]} has up to ${longestName} characters`,
  });
  return [
    ...((owner?.length ?? 0) > longestName ? [tooLong(['owner'])] : []),
    ...((operators?.length ?? 0) > mostOperators
      ? [{ path: ['operators'], code: 'too_many', message: `operators has ${mostOperators} names at the most` }]
      : []),
    ...(operators ?? [])
      .slice(0, mostOperators)
      .flatMap((name, index) => (name.length > longestName ? [tooLong(['operators', index])] : [])),
  ];
}
