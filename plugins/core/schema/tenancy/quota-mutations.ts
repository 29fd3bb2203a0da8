import {
  inputRef,
  type LongshoreBuilder,
  NotFoundError,
  type Profiles,
  type RequestContext,
  registerMutation,
  type ValidationIssue,
} from 'longshore/sdk';
import {
  type NamespaceObject,
  type NamespaceQuota,
  namespaceKind,
  namespaceTypeRef,
  type Project,
  projectSubject,
  projectTypeRef,
  resourceQuotaKind,
  tenancyServiceRef,
} from '../../api.ts';
import { quotaRequired } from '../../profile-keys/tenancy.ts';
import { idOfNamespace, namespaceTarget } from '../../services/namespace/namespace-target.ts';
import { checkQuota, type QuotaInput, toKeptQuota } from '../../services/tenancy/quota/check-quota.ts';
import { sayOverQuota } from '../../services/tenancy/quota/over-quota.ts';
import { instanceOf, isProject, recordTargetOf } from '../../services/tenancy/tenants.ts';
import { findProject } from './find-tenant.ts';
import { quotaInputRef } from './quota-input.ts';
import { recordedFields } from './tenant-inputs.ts';

interface Share {
  readonly cluster: string;
  readonly namespace: string;
  readonly quota?: QuotaInput | null | undefined;
}

const shareInput = inputRef<Share>('NamespaceQuotaInput');
const maxShares = 100;

/** Limits on what projects and namespaces use are the platform's to set (CORE-05, CORE-17, CMP-33). */
export function registerQuotaMutations(builder: LongshoreBuilder): void {
  builder.inputType('NamespaceQuotaInput', {
    description: "One namespace's share of its project's quota.",
    fields: (t) => ({
      cluster: t.string({ required: true, description: 'Name of the cluster.' }),
      namespace: t.string({ required: true, description: 'Name of the namespace.' }),
      quota: t.field({ type: quotaInputRef, description: 'What it may use; null for no limit.' }),
    }),
  });
  registerMutation(builder, {
    name: 'setProjectQuota',
    description:
      'Sets what the namespaces of a project may use together, and in the same step what single ones of them may. Each namespace needs a share of whatever the project limits, and together they may not have more: QUOTA_EXCEEDED. Each share is written to its cluster soon after; one below what is used already is taken, with a warning.',
    allow: { action: 'SET_QUOTA', subject: projectSubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the project.' }),
      version: t.int({ required: true, description: 'The version that you saw: a CONFLICT where it is an older one.' }),
      quota: t.field({ type: quotaInputRef, description: 'What they may use together; null for no limit.' }),
      shares: t.field({
        type: [shareInput],
        description: 'Shares to set, up to 100; namespaces that are not named keep theirs.',
      }),
    }),
    validate: ({ quota, shares }) => [
      ...checkQuota(quota, ['quota']),
      ...((shares?.length ?? 0) > maxShares
        ? [{ path: ['shares'], code: 'too_big', message: `shares must have up to ${maxShares} entries` }]
        : (shares ?? []).flatMap((share, index) => checkQuota(share.quota, ['shares', index, 'quota']))),
    ],
    load: async ({ id }, context) => {
      const value = await findProject(String(id), context);
      return { value, instance: instanceOf(value), record: recordTargetOf(value) };
    },
    check: ({ shares }, _project: Project, { services: { profiles } }) =>
      (shares ?? []).flatMap((share, index) => checkRequiredQuota(profiles, share, ['shares', index, 'quota'])),
    run: async ({ version, quota, shares }, { uuid }, ticket, context) => {
      const given = (shares ?? []).map((share) => ({ ...share, quota: toKeptQuota(share.quota) }));
      const { before, after } = await context
        .service(tenancyServiceRef)
        .setProjectQuota(uuid, version, toKeptQuota(quota), given, ticket);
      const warnings = (await Promise.all(given.map((share) => overQuota(share, context)))).flat();
      return {
        value: after,
        resultId: after.id,
        before: recordedFields(before),
        after: recordedFields(after),
        warnings,
      };
    },
    replay: (node) => (isProject(node as never) ? (node as Project) : null),
    success: {
      description: 'The project has the quota.',
      fields: (t) => ({
        project: t.field({
          type: projectTypeRef,
          description: 'The project; in a dry run as it would be.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
  registerMutation(builder, {
    name: 'setNamespaceQuota',
    description:
      'Sets what a namespace may use, within the quota of its project where it has one: QUOTA_EXCEEDED. It is written to the cluster soon after; one below what is used already is taken, with a warning: what is there stays, and nothing more is let in.',
    allow: { action: 'SET_QUOTA', subject: 'core/Namespace' },
    input: (t) => ({
      cluster: t.string({ required: true, description: 'Name of the cluster.' }),
      name: t.string({ required: true, description: 'Name of the namespace.' }),
      quota: t.field({ type: quotaInputRef, description: 'What it may use; null for no limit.' }),
    }),
    validate: ({ quota }) => checkQuota(quota, ['quota']),
    load: async ({ cluster, name }, context) => {
      const namespace = await context.kube(cluster).get(namespaceKind, undefined, name);
      if (!namespace) throw new NotFoundError(`There is no Namespace '${name}' in cluster '${cluster}'.`);
      return { value: namespace, instance: namespace, record: namespaceTarget(cluster, name) };
    },
    check: ({ cluster, name, quota }, _namespace, { services: { profiles } }) =>
      checkRequiredQuota(profiles, { cluster, namespace: name, quota }, ['quota']),
    run: async ({ cluster, name, quota }, namespace, ticket, context) => {
      const tenancy = context.service(tenancyServiceRef);
      const place = { cluster, namespace: name };
      const [before] = await tenancy.namespaceQuotas([place]);
      const after = toKeptQuota(quota);
      await tenancy.setNamespaceQuotas([{ ...place, quota: after }], ticket);
      return {
        value: namespace,
        resultId: idOfNamespace(cluster, name),
        before: { quota: before?.quota ?? null },
        after: { quota: after },
        warnings: await overQuota({ ...place, quota: after }, context),
      };
    },
    replay: (node) => node as NamespaceObject | null,
    success: {
      description: 'The namespace has the quota.',
      fields: (t) => ({
        namespace: t.field({
          type: namespaceTypeRef,
          description: 'The namespace.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
}

/** Of a cluster that does not answer nothing is known. */
async function overQuota(
  { cluster, namespace, quota }: NamespaceQuota,
  context: RequestContext,
): Promise<readonly string[]> {
  if (!quota || !context.clusters.get(cluster)) return [];
  try {
    const { items } = await context.kube(cluster).list(resourceQuotaKind, { namespaces: [namespace] });
    return sayOverQuota({ namespace }, quota, items);
  } catch {
    return [];
  }
}

/** Where the profile of a namespace asks for a quota, it is changed and never lifted (CON-35). */
function checkRequiredQuota(
  profiles: Profiles,
  { cluster, namespace, quota }: Share,
  path: readonly (string | number)[],
): readonly ValidationIssue[] {
  const profile = profiles.at({ cluster, namespace });
  if (!profile.get(quotaRequired) || toKeptQuota(quota) !== null) return [];
  return [{ path, code: 'required', message: `quota must be given by the profile '${profile.name}'` }];
}
