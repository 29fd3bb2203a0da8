import {
  AnswerError,
  checkText,
  dryRunTicket,
  type LongshoreBuilder,
  registerMutation,
  UpstreamError,
  ValidationError,
} from 'longshore/sdk';
import {
  descriptionAnnotation,
  type Label,
  labelInputName,
  type NamespaceObject,
  namespaceKind,
  namespaceTypeRef,
  tenancyServiceRef,
} from '../api.ts';
import { descriptionText } from '../profile-keys/answers.ts';
import { quotaRequired } from '../profile-keys/tenancy.ts';
import { namespaceName } from '../services/name-checks.ts';
import { idOfNamespace, namespaceTarget } from '../services/namespace/namespace-target.ts';
import { checkLabels } from '../services/object/check-label.ts';
import { defaultNamespaceName } from '../services/tenancy/default-namespace-name.ts';
import { checkQuota, toKeptQuota } from '../services/tenancy/quota/check-quota.ts';
import { instanceOf } from '../services/tenancy/tenants.ts';
import { type NamespacePlacement, placeNamespace, requirePlacement } from './tenancy/place-namespace.ts';
import { quotaInputRef } from './tenancy/quota-input.ts';

const subject = 'core/Namespace';

/** Making a namespace, for a workspace or project or for nobody (CMP-32, CORE-05, CORE-06, CORE-08). */
export function registerCreateNamespace(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createNamespace',
    description:
      'Makes a namespace, in a workspace or project where one is named, with a quota where one is given. Where the profile says so, it belongs to your own project and department.',
    allow: { action: 'CREATE', subject },
    input: (t) => ({
      cluster: t.string({ required: true, description: 'Name of the cluster.' }),
      name: t.string({
        description:
          'Up to 63 lower-case letters, digits and dashes; begins and ends with a letter or digit (RFC 1123). May be left out in a project of a workspace: then it is made of both their identifiers.',
      }),
      labels: t.field({ type: [labelInputName as never], description: 'Labels to give it.' }),
      description: t.string({ description: 'What it is for, as the profile allows descriptions.' }),
      workspaceId: t.id({
        description: 'Global id of the workspace that it shall belong to; that of the project where one is given.',
      }),
      projectId: t.id({ description: 'Global id of the project that it shall belong to.' }),
      departmentId: t.id({ description: 'Global id of the department: may only be that of the project.' }),
      quota: t.field({
        type: quotaInputRef,
        description: 'What it may use: its share where the project has a quota. Some profiles ask for one.',
      }),
    }),
    success: {
      description: 'The namespace was made.',
      fields: (t) => ({
        namespace: t.field({
          type: namespaceTypeRef,
          description: 'The namespace; in a dry run as it would be.',
          resolve: ({ value }) => value,
        }),
      }),
    },
    validate: ({ name, labels, quota }) => [
      ...(name === null || name === undefined ? [] : checkText(namespaceName, 'name', name)),
      ...checkLabels((labels ?? []) as readonly Label[], ['labels']),
      ...checkQuota(quota, ['quota']),
    ],
    load: async (input, context) => {
      const cluster = context.cluster(input.cluster);
      const placement = await placeNamespace(input, context);
      const name = input.name ?? defaultName(placement);
      return {
        value: { cluster, placement, name },
        instance: { subject, cluster: input.cluster, namespace: name, name },
        record: namespaceTarget(input.cluster, name),
      };
    },
    check: ({ quota, description }, { placement: { profile } }) => [
      ...(description ? checkText(profile.get(descriptionText), 'description', description) : []),
      ...(profile.get(quotaRequired) && toKeptQuota(quota) === null
        ? [{ path: ['quota'], code: 'required', message: `quota must be given by the profile '${profile.name}'` }]
        : []),
    ],
    run: async (input, { cluster, placement, name }, ticket, context) => {
      await requirePlacement(placement, input, context);
      const tenancy = context.service(tenancyServiceRef);
      const { workspace, project } = placement;
      const owner = project ?? workspace ?? null;
      // Whoever may make namespaces does not thereby hand them to any tenant that is merely visible.
      if (owner) context.access.requireAllowed('BIND_NAMESPACES', instanceOf(owner));
      if (workspace) await tenancy.requireInZones(workspace, input.cluster);
      const writer = cluster.writer(context.principal);
      const manifest = manifestOf(name, input.labels as readonly Label[] | null | undefined, input.description);
      // Of the cluster and the database neither waits for the other: the one that can refuse for more reasons is asked first,
      // in a dry run, and what is written down before the namespace is there is taken back where it was not made after all.
      const tried = ticket.isDryRun ? undefined : await writer.create(dryRunTicket, namespaceKind, manifest);
      const place = { cluster: input.cluster, namespace: name };
      const claim = await tenancy.claimNamespace(owner, { ...place, quota: toKeptQuota(input.quota) }, ticket);
      const { object, warnings } = await writer
        .create(ticket, namespaceKind, manifest)
        .catch(async (error: unknown) => {
          if (!ticket.isDryRun && isRefusal(error)) await claim.undo(ticket);
          throw error;
        });
      return {
        value: object,
        resultId: idOfNamespace(cluster.name, name),
        before: undefined,
        after: object,
        warnings: tried ? [...new Set([...tried.warnings, ...warnings])] : warnings,
      };
    },
    replay: asNamespace,
  });
}

const asNamespace = (node: unknown): NamespaceObject | null => node as NamespaceObject | null;

function defaultName({ workspace, project }: NamespacePlacement): string {
  if (workspace && project) return defaultNamespaceName(project.identifier, workspace.identifier);
  throw new ValidationError([
    { path: ['name'], code: 'required', message: 'name may only be left out in a project of a workspace' },
  ]);
}

function manifestOf(name: string, labels: readonly Label[] | null | undefined, description: string | null | undefined) {
  const entries = (labels ?? []).map(({ key, value }) => [key, value]);
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      ...(entries.length > 0 ? { labels: Object.fromEntries(entries) } : {}),
      ...(description ? { annotations: { [descriptionAnnotation]: description } } : {}),
    },
  };
}

/** Where nobody can tell whether it was made, what it was claimed for stays: the caller tries again. */
const isRefusal = (error: unknown): boolean => error instanceof AnswerError && !(error instanceof UpstreamError);
