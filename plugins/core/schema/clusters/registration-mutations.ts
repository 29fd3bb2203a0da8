import {
  clusterRef,
  type FieldBuilder,
  type InputFieldBuilder,
  idOfOperation,
  isOperationRecord,
  type LongshoreBuilder,
  type MutationSuccess,
  named,
  type RequestContext,
  registerMutation,
  ValidationError,
  type ValidationIssue,
} from 'longshore/sdk';
import { tenancyServiceRef } from '../../api.ts';
import { type ClusterAccessInput, readAccess } from '../../services/clusters/read-access.ts';
import {
  clusterRegistryRef,
  instanceOfRegistration,
  type RegistrationNode,
  recordedRegistration,
  recordTargetOfRegistration,
  registrationSubject,
  toRegistrationNode,
} from '../../services/clusters/registrations.ts';
import { checkProfileName } from '../../services/tenancy/check-tenants.ts';
import { clusterAccessInputRef } from './cluster-access-input.ts';
import { clusterRegistrationRef, findRegistration, isRegistration } from './cluster-registration.ts';

const maxNamespaces = 200;
const maxDescription = 256;

/** Clusters come and go while the gateway runs (CMP-11, CMP-13). */
export function registerRegistrationMutations(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'registerCluster',
    description:
      'Serves one more cluster. It is asked who it is before anything is kept; its credentials are sealed. Addresses inside are refused unless the operator allows them (`egress.allow`).',
    allow: { action: 'CREATE', subject: registrationSubject },
    input: (t) => ({
      name: t.string({
        required: true,
        description:
          'Unique and immutable: lower-case letters, digits, `-` and `.`, up to 63, beginning and ending with a letter or digit.',
      }),
      access: t.field({ type: clusterAccessInputRef, required: true, description: 'How it is reached.' }),
      ...choices(t, { isNew: true }),
    }),
    validate: (input) => [...checkName(input.name), ...checkChoices(input)],
    load: ({ name }) => ({
      value: null,
      instance: instanceOfRegistration({ name }),
      record: recordTargetOfRegistration(name, name),
    }),
    check: ({ profile }, _target, { services }) => checkProfileName(services.profiles, profile),
    run: async (input, _target, ticket, context) => {
      const { name, description, profile, namespaces } = input;
      const registry = context.service(clusterRegistryRef);
      const access = await accessOf(input.access, context);
      const registered = await registry.register(
        {
          name,
          access,
          identity: identityOf(input.identity) ?? 'gateway',
          profile: profile ?? null,
          namespaces: namespaces ?? [],
          description: description ?? '',
        },
        context.principal,
        ticket,
      );
      const value = toRegistrationNode(registered);
      return { value, resultId: value.id, before: undefined, after: recordedRegistration(registered) };
    },
    replay: asRegistration,
    success: { description: 'The cluster is served.', fields: successFields },
  });
  registerMutation(builder, {
    name: 'updateClusterRegistration',
    description: 'Changes how a registered cluster is reached, e.g. by other credentials, and what holds for it.',
    allow: { action: 'UPDATE', subject: registrationSubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the registration.' }),
      version: t.int({
        required: true,
        description: 'The `version` that was read: refused where it has another by now.',
      }),
      access: t.field({ type: clusterAccessInputRef, description: 'Another way to reach it.' }),
      ...choices(t, { isNew: false }),
    }),
    validate: checkChoices,
    load: async ({ id }, context) => {
      const value = await findRegistration(String(id), context);
      return {
        value,
        instance: instanceOfRegistration(value),
        record: recordTargetOfRegistration(value.id, value.name),
      };
    },
    check: ({ profile }, _target, { services }) => checkProfileName(services.profiles, profile),
    run: async (input, { name }, ticket, context) => {
      const { version, profile, namespaces, description } = input;
      const registry = context.service(clusterRegistryRef);
      const access = input.access ? await accessOf(input.access, context) : undefined;
      const identity = identityOf(input.identity);
      const changes = {
        ...(identity ? { identity } : {}),
        ...(profile === undefined ? {} : { profile }),
        ...(namespaces ? { namespaces } : {}),
        ...(typeof description === 'string' ? { description } : {}),
        ...(access ? { access } : {}),
      };
      const { before, after } = await registry.update(name, version, changes, ticket);
      const value = toRegistrationNode(after);
      return {
        value,
        resultId: value.id,
        before: recordedRegistration(before),
        after: recordedRegistration(after),
        warnings: access ? ['Its credentials were replaced.'] : [],
      };
    },
    replay: asRegistration,
    success: { description: 'The registration was changed.', fields: successFields },
  });
  registerMutation(builder, {
    name: 'unregisterCluster',
    description:
      'Serves a registered cluster no more and forgets its credentials. Nothing in the cluster changes. Refused while namespaces of it belong to workspaces.',
    allow: { action: 'DELETE', subject: registrationSubject },
    mustConfirm: true,
    consequence: 'The cluster itself goes on; its credentials are forgotten.',
    input: (t) => ({ id: t.id({ required: true, description: 'Global id of the registration.' }) }),
    load: async ({ id }, context) => {
      const value = await findRegistration(String(id), context);
      return {
        value,
        instance: instanceOfRegistration(value),
        record: recordTargetOfRegistration(value.id, value.name),
      };
    },
    run: async (_input, { id, name }, ticket, context) => {
      await context.service(tenancyServiceRef).requireUnboundCluster(name);
      const removed = await context.service(clusterRegistryRef).remove(name, ticket);
      return {
        value: { id },
        resultId: idOfOperation(ticket),
        before: recordedRegistration(removed),
        after: undefined,
      };
    },
    replay: (node) => (isOperationRecord(node) ? { id: node.target.id } : null),
    success: {
      description: 'The cluster is served no more.',
      fields: (t) => ({
        id: t.id({ description: 'Global id of the registration.', resolve: ({ value }) => value.id }),
      }),
    },
  });
}

function choices(t: InputFieldBuilder, { isNew }: { readonly isNew: boolean }) {
  const kept = isNew ? '' : ' What it is where absent.';
  return {
    identity: t.field({
      type: named('ClusterIdentity'),
      description: `Whom the cluster sees.${kept || ' GATEWAY where absent.'}`,
    }),
    profile: t.string({ description: `Profile of limits, name rules and switches; null for the platform’s.${kept}` }),
    namespaces: t.stringList({
      description: `Namespaces to look at where the credentials end there, up to ${maxNamespaces}; empty: all of them.${kept}`,
    }),
    description: t.string({ description: `What it is for, up to ${maxDescription} characters.${kept}` }),
  };
}

function successFields(t: FieldBuilder<MutationSuccess<RegistrationNode>>) {
  return {
    registration: t.field({
      type: clusterRegistrationRef,
      description: 'What is kept of it; in a dry run as it would be, with an id of no use.',
      resolve: ({ value }) => value,
    }),
    cluster: t.field({
      type: clusterRef,
      nullable: true,
      description: 'The cluster, which connects in the background; null in a dry run of a new one.',
      resolve: ({ value }, _args, context) => context.clusters.get(value.name) ?? null,
    }),
  };
}

/** Nothing is kept that does not answer: a typing error would else show hours later. */
async function accessOf(input: ClusterAccessInput, context: RequestContext) {
  const { access, issues } = await readAccess(input);
  if (!access) throw new ValidationError(issues);
  await context.service(clusterRegistryRef).probe(access, context.signal);
  return access;
}

function checkName(name: string): ValidationIssue[] {
  if (name.length <= 63 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) return [];
  const message =
    'name must be lower-case letters, digits, - and ., up to 63, beginning and ending with a letter or digit';
  return [{ path: ['name'], code: 'invalid_name', message }];
}

function checkChoices({
  namespaces,
  description,
}: {
  readonly namespaces?: readonly string[] | null | undefined;
  readonly description?: string | null | undefined;
}): ValidationIssue[] {
  const bad = namespaces?.findIndex((name) => name.length > 63 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) ?? -1;
  return [
    ...((namespaces?.length ?? 0) > maxNamespaces
      ? [{ path: ['namespaces'], code: 'too_many', message: `namespaces may have ${maxNamespaces} entries` }]
      : []),
    ...(bad < 0 ? [] : [{ path: ['namespaces', bad], code: 'invalid_name', message: 'It is no name of a namespace' }]),
    ...((description?.length ?? 0) > maxDescription
      ? [{ path: ['description'], code: 'too_long', message: `description may have ${maxDescription} characters` }]
      : []),
  ];
}

const identityOf = (identity: unknown): 'gateway' | 'impersonate' | undefined =>
  typeof identity === 'string' ? (identity.toLowerCase() as 'gateway' | 'impersonate') : undefined;

const asRegistration = (node: unknown): RegistrationNode | null => (isRegistration(node) ? node : null);
