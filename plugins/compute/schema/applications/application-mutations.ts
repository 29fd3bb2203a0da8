import { namespaceKind, type Workspace } from 'longshore/plugins/core';
import {
  type InputFieldBuilder,
  type LongshoreBuilder,
  NotFoundError,
  type Profile,
  type RequestContext,
  registerMutation,
  resolveNode,
  type ValidationIssue,
} from 'longshore/sdk';
import { type Application, applicationSubject, applicationTypeRef } from '../../api.ts';
import { applicationFields } from '../../profile-keys/applications.ts';
import {
  type ApplicationPlace,
  factsOfPlace,
  instanceOfApplication,
  isApplication,
  recordedFields,
  recordTargetOf,
} from '../../services/applications/applications.ts';
import { applicationsServiceRef } from '../../services/applications/applications-service.ts';
import {
  checkApplication,
  checkApplicationByProfile,
  checkApplicationScope,
} from '../../services/applications/check-application.ts';
import { findApplication } from './load-applications.ts';
import { profileOfApplication, profileOfWorkspace } from './profile-of-application.ts';

/** Making and changing applications (CMP-37, CMP-38). */
export function registerApplicationMutations(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createApplication',
    description:
      'Makes an application: of one namespace (`cluster` and `namespace`), or in the catalogue of a workspace (`workspaceId`), as its profile has it (`application.scopes`). What carries its name as label belongs to it from the start.',
    allow: { action: 'CREATE', subject: applicationSubject },
    input: (t) => ({
      name: t.string({
        required: true,
        description: 'Unique in its workspace or namespace (`application.name` of the profile). It never changes.',
      }),
      cluster: t.string({ description: "Name of the namespace's cluster." }),
      namespace: t.string({ description: 'The namespace whose objects it groups.' }),
      workspaceId: t.id({ description: 'Global id of the workspace whose catalogue it shall be in.' }),
      ...saidInputs(t),
      techStack: t.string({ description: 'What it is built with, e.g. `Spring Boot`. It never changes.' }),
      techStackVersion: t.string({
        description: 'The version of that (`application.techStackVersion` of the profile). It never changes.',
      }),
    }),
    validate: (input) => [...checkPlaceOf(input), ...checkApplication(input)],
    load: async ({ name, cluster, namespace, workspaceId }, context) => {
      const place = await findPlace({ cluster, namespace, workspaceId }, context);
      return {
        value: place,
        instance: { subject: applicationSubject, ...factsOfPlace(name, place) },
        record: {
          plugin: 'compute',
          type: 'Application',
          id: name,
          kind: 'Application',
          name,
          ...(place.cluster === null || place.namespace === null
            ? {}
            : { cluster: place.cluster, namespace: place.namespace }),
        },
      };
    },
    check: (input, { profile, cluster }) => [
      ...checkApplicationScope(profile, cluster === null ? 'WORKSPACE' : 'NAMESPACE'),
      ...checkApplicationByProfile(profile, input, { isNew: true }),
    ],
    run: async (input, { profile, ...place }, ticket, context) => {
      if (place.cluster !== null && place.namespace !== null)
        await needNamespace(place.cluster, place.namespace, context);
      const words: readonly string[] = profile.get(applicationFields);
      const fields = {
        alias: (input.alias ?? '').trim(),
        description: (input.description ?? '').trim(),
        owner: input.owner?.trim() || null,
        techStack: input.techStack?.trim() || null,
        techStackVersion: input.techStackVersion?.trim() || null,
        hasCodeRepository: input.hasCodeRepository ?? words.includes('CODE_REPOSITORY'),
        hasOtherInformation: input.hasOtherInformation ?? words.includes('OTHER_INFORMATION'),
      };
      const value = await context.service(applicationsServiceRef).create(input.name, place, fields, ticket);
      return { value, resultId: value.id, before: undefined, after: recordedFields(value) };
    },
    replay: asApplication,
    success: {
      description: 'The application was made.',
      fields: (t) => ({
        application: t.field({
          type: applicationTypeRef,
          description: 'The application; in a dry run as it would be, with an id of no use.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
  registerMutation(builder, {
    name: 'updateApplication',
    description:
      'Changes what is said of an application. Name, place and tech stack never change; a tech stack that was never set can be set once.',
    allow: { action: 'UPDATE', subject: applicationSubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Its global id.' }),
      version: t.int({ required: true, description: 'The version that you saw: a CONFLICT where it is an older one.' }),
      ...saidInputs(t),
      techStack: t.string({ description: 'What it is built with, where that was never said. It never changes.' }),
      techStackVersion: t.string({ description: 'The version of that. It never changes.' }),
    }),
    validate: checkApplication,
    load: async ({ id }, context) => {
      const application = await findApplication(String(id), context);
      const profile = await profileOfApplication(application, context);
      return {
        value: { application, profile },
        instance: instanceOfApplication(application),
        record: recordTargetOf(application),
      };
    },
    check: (input, { application, profile }) => [
      ...checkImmutable(application, input),
      ...checkApplicationByProfile(
        profile,
        input.techStack === undefined ? { ...input, techStackVersion: undefined } : input,
        { isNew: false },
      ),
    ],
    run: async (input, { application }, ticket, context) => {
      const { before, after } = await context.service(applicationsServiceRef).update(
        application.uuid,
        input.version,
        {
          alias: input.alias === undefined ? undefined : (input.alias ?? '').trim(),
          description: input.description === undefined ? undefined : (input.description ?? '').trim(),
          owner: input.owner === undefined ? undefined : input.owner?.trim() || null,
          techStack: input.techStack?.trim() || undefined,
          techStackVersion: input.techStackVersion?.trim() || undefined,
          hasCodeRepository: input.hasCodeRepository ?? undefined,
          hasOtherInformation: input.hasOtherInformation ?? undefined,
        },
        ticket,
      );
      return { value: after, resultId: after.id, before: recordedFields(before), after: recordedFields(after) };
    },
    replay: asApplication,
    success: {
      description: 'The application was changed.',
      fields: (t) => ({
        application: t.field({
          type: applicationTypeRef,
          description: 'The application; in a dry run as it would be.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
}

function saidInputs(t: InputFieldBuilder) {
  return {
    alias: t.string({ description: 'What people call it, of any script, up to 128 characters.' }),
    description: t.string({ description: 'What it is for (`description.text` of the profile).' }),
    owner: t.string({ description: 'Who answers for it, up to 253 characters.' }),
    hasCodeRepository: t.boolean({
      description: 'Whether a repository of code is set up for it; where nobody says, as the profile offers it.',
    }),
    hasOtherInformation: t.boolean({
      description: 'Whether further information is kept for it; where nobody says, as the profile offers it.',
    }),
  };
}

interface PlaceInput {
  readonly cluster?: string | null | undefined;
  readonly namespace?: string | null | undefined;
  readonly workspaceId?: string | null | undefined;
}

/** It is in one place: a namespace or a workspace. */
function checkPlaceOf({ cluster, namespace, workspaceId }: PlaceInput): readonly ValidationIssue[] {
  const isOfNamespace = Boolean(cluster || namespace);
  if (isOfNamespace && workspaceId) {
    return [
      {
        path: ['workspaceId'],
        code: 'two_places',
        message: 'An application is of a namespace or of a workspace, not both',
      },
    ];
  }
  if (!isOfNamespace && !workspaceId) {
    return [{ path: [], code: 'no_place', message: 'Say cluster and namespace, or workspaceId' }];
  }
  if (!isOfNamespace) return [];
  return (['cluster', 'namespace'] as const)
    .filter((name) => !{ cluster, namespace }[name])
    .map((name) => ({
      path: [name],
      code: 'required',
      message: `${name} is required for an application of a namespace`,
    }));
}

async function findPlace(
  { cluster, namespace, workspaceId }: PlaceInput,
  context: RequestContext,
): Promise<ApplicationPlace & { readonly profile: Profile }> {
  if (workspaceId) {
    const node = (await resolveNode(workspaceId, context)) as Workspace | null;
    if (node?.nodeTypeName !== 'Workspace') throw new NotFoundError('There is no workspace with this id');
    const place = { cluster: null, namespace: null, workspaceUuid: node.uuid };
    return { ...place, profile: profileOfWorkspace(node, context) };
  }
  const place = { cluster: context.cluster(cluster ?? '').name, namespace: namespace ?? '', workspaceUuid: null };
  return { ...place, profile: context.services.profiles.at(place) };
}

async function needNamespace(cluster: string, namespace: string, context: RequestContext): Promise<void> {
  if (await context.kube(cluster).get(namespaceKind, undefined, namespace)) return;
  throw new NotFoundError(`There is no namespace '${namespace}' in cluster '${cluster}'`);
}

/** CMP-37: a tech stack that is set never changes. */
function checkImmutable(
  application: Application,
  input: { readonly techStack?: string | null | undefined; readonly techStackVersion?: string | null | undefined },
): readonly ValidationIssue[] {
  return (['techStack', 'techStackVersion'] as const).flatMap((name) => {
    const [now, wanted] = [application[name], input[name]];
    if (wanted === undefined || wanted === now || (application.techStack === null && now === null)) return [];
    return [{ path: [name], code: 'immutable', message: `${name} of '${application.name}' was set and never changes` }];
  });
}

const asApplication = (node: unknown): Application | null => (isApplication(node) ? node : null);
