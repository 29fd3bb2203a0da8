import { clusterRegistrarRef, tenancyServiceRef } from 'longshore/plugins/core';
import {
  dryRunTicket,
  encodeGlobalId,
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  named,
  PreconditionError,
  type RequestContext,
  registerEnum,
  registerMutation,
  subjectOf,
  typeRef,
  ValidationError,
} from 'longshore/sdk';
import { clusterCreationStalledMinutes } from '../../profile-keys/clusters.ts';
import { clusterAgreement, clusterStageMinutes } from '../../profile-keys/managed-clusters.ts';
import { mastersOf } from '../../services/managed-clusters/check-cluster-form.ts';
import { clusterChangesRef } from '../../services/managed-clusters/cluster-changes.ts';
import {
  demandOf,
  publicIpCount,
  type QuotaEffect,
  quotaItems,
} from '../../services/managed-clusters/cluster-demand.ts';
import { type ClusterForm, settingFields } from '../../services/managed-clusters/cluster-form.ts';
import { limitsOf } from '../../services/managed-clusters/cluster-limits.ts';
import { type ManagedClusterObject, managedClusterKind } from '../../services/managed-clusters/kinds.ts';
import {
  findClusterWorkspace,
  type NewClusterTarget,
  planCreation,
  quotaEffects,
  requireCreatable,
  requireOffered,
  requireQuota,
} from '../../services/managed-clusters/plan-creation.ts';
import { formInputs, registerClusterInputs } from './cluster-inputs.ts';

export interface BegunChange {
  readonly id: string;
  readonly publicIpCount: number | null;
  readonly quota: readonly QuotaEffect[];
}

const effectRef = typeRef<QuotaEffect>('ClusterQuotaEffect');

/** Making a cluster through Cluster API (CMP-01 to CMP-10). */
export function registerCreateManagedCluster(builder: LongshoreBuilder): void {
  registerClusterInputs(builder);
  registerEffect(builder);
  registerMutation(builder, {
    name: 'createManagedCluster',
    description:
      'Begins to make a cluster through Cluster API in a management cluster. What the form asks for is by the profile: the workspace’s, else the one that is named, else the management cluster’s. All is checked first, in the end by Cluster API itself. It goes on in the stages PREPARE_WORKSPACE, CREATE_NODES and INSTALL_KUBERNETES, then it is registered and served by its name; follow its steps by `operationRecordChanges`, its machines by `ManagedCluster`; a failed step can be retried or ignored (CMP-07, CMP-08). Refused with TOO_MANY_CLUSTERS where the workspace has as many as it may (CMP-09).',
    allow: { action: 'CREATE', subject: subjectOf(managedClusterKind) },
    input: (t) => ({
      cluster: t.string({ required: true, description: 'The management cluster: one that serves Cluster API.' }),
      namespace: t.string({ required: true, description: 'Namespace there, with the ClusterClass.' }),
      clusterClass: t.string({ required: true, description: 'Name of the ClusterClass that it is made by.' }),
      name: t.string({
        required: true,
        description:
          'Its name, under which it is served once it is made: lower-case letters, digits and `-`, up to 50.',
      }),
      description: t.string({ description: 'What it is for, up to 256 characters.' }),
      workspaceId: t.id({ description: 'The workspace that it is of.' }),
      profile: t.string({ description: 'Profile of limits that holds for it, where its workspace carries none.' }),
      ...formInputs(t),
    }),
    validate: ({ description, nodeDns }) => [
      ...((description?.length ?? 0) > 256
        ? [{ path: ['description'], code: 'too_long', message: 'description may have 256 characters' }]
        : []),
      ...((nodeDns?.length ?? 0) > 16
        ? [{ path: ['nodeDns'], code: 'too_big', message: 'nodeDns may have 16 entries' }]
        : []),
    ],
    load: async (input, context) => {
      const value = await targetOf(input as never, context);
      const { cluster, namespace, form, workspace } = value;
      return {
        value,
        instance: { subject: subjectOf(managedClusterKind), cluster: cluster.name, namespace, name: form.name },
        place: { cluster: cluster.name, workspace: workspace?.uuid },
        record: {
          plugin: 'compute',
          type: 'ManagedCluster',
          id: idOf(value),
          cluster: cluster.name,
          namespace,
          kind: managedClusterKind.kind,
          name: form.name,
        },
      };
    },
    warn: {
      codes: ['SERVICE_AGREEMENT'],
      find: (_input, { profile }) =>
        profile.get(clusterAgreement)
          ? [{ code: 'SERVICE_AGREEMENT', message: 'The service agreement must be accepted.', path: [] }]
          : [],
    },
    check: async (_input, target, context) => {
      requireOffered(target);
      return (await planCreation(target, context)).issues;
    },
    run: async (_input, target, ticket, context) => {
      const { cluster, namespace, form, profile, workspace, profileName, description } = target;
      // In the end it is registered: what that forbids is said before machines are made.
      context.service(clusterRegistrarRef).requireSignIn();
      await requireCreatable(target, context);
      const { manifest, issues } = await planCreation(target, context);
      if (!manifest) throw new ValidationError(issues);
      const quota = await quotaEffects(target, demandOf(manifest as never), context);
      // A preview shows the effect; nothing is begun that would be refused.
      requireQuota(quota);
      const dry = await cluster.writer(context.principal).create(dryRunTicket, managedClusterKind, manifest);
      const id = idOf(target);
      await context.service(clusterChangesRef).begin(
        {
          ...{ kind: 'CREATE', cluster: cluster.name, namespace, name: form.name, uid: null },
          workspaceId: workspace?.uuid ?? null,
          plan: {
            stageMinutes: profile.get(clusterStageMinutes),
            stalledMinutes: profile.get(clusterCreationStalledMinutes),
            create: {
              manifest,
              profile: profileName,
              description: description ?? '',
              unitLabel: context.service(tenancyServiceRef).deploymentUnitLabel,
            },
          },
        },
        ticket,
        context.principal,
        { type: 'createManagedCluster', id },
      );
      const value: BegunChange = { id, publicIpCount: publicIpsOf(target), quota };
      return { value, resultId: id, warnings: dry.warnings };
    },
    replay: async (node, context, input) => {
      const target = await targetOf(input as never, context);
      return { ...replayed(node, idOf(target)), publicIpCount: publicIpsOf(target) };
    },
    success: {
      description: 'Making it has begun.',
      fields: (t) => ({
        ...changeFields(t),
        publicIpCount: t.int({
          nullable: true,
          description:
            'Public addresses that it takes: of its masters, its default router and a default load balancer (CMP-06).',
          resolve: ({ value }) => value.publicIpCount,
        }),
      }),
    },
  });
}

const publicIpsOf = ({ form, profile }: NewClusterTarget): number =>
  publicIpCount(mastersOf(form, limitsOf(profile)), form.controlPlane?.hasPublicIp === true);

type SuccessFields = Parameters<
  Parameters<typeof registerMutation<never, unknown, BegunChange>>[1]['success']['fields']
>[0];

export const changeFields = (t: SuccessFields) => ({
  managedClusterId: t.id({ description: 'Global id of the managed cluster.', resolve: ({ value }) => value.id }),
  quota: t.field({
    type: [effectRef],
    description:
      'The effect on the quotas of the management namespace, for each item that is limited (CMP-05); empty in a repeated answer.',
    resolve: ({ value }) => [...value.quota],
  }),
});

export function replayed(node: unknown, id: string): BegunChange {
  const found = isOfKind(node, managedClusterKind) ? (node as ManagedClusterObject) : undefined;
  return { id: found ? idOfObject(found) : id, publicIpCount: null, quota: [] };
}

const idOf = ({ cluster, namespace, form }: { cluster: unknown; namespace: string; form: { name: string } }): string =>
  encodeGlobalId({
    of: 'kubernetes',
    cluster: typeof cluster === 'string' ? cluster : (cluster as { name: string }).name,
    group: managedClusterKind.group,
    kind: managedClusterKind.kind,
    namespace,
    name: form.name,
  });

interface CreateInput extends Omit<ClusterForm, 'settings'>, Readonly<Record<string, unknown>> {
  readonly cluster: string;
  readonly namespace: string;
  readonly clusterClass: string;
  readonly description?: string | null;
  readonly workspaceId?: string | null;
  readonly profile?: string | null;
}

async function targetOf(input: CreateInput, context: RequestContext): Promise<NewClusterTarget> {
  const cluster = context.cluster(input.cluster);
  const { namespace, name } = input;
  // Whoever could make none is told the same whether the workspace is there or not.
  context.access.requireAllowed('READ', {
    subject: subjectOf(managedClusterKind),
    cluster: cluster.name,
    namespace,
    name,
  });
  const workspace = await findClusterWorkspace(input.workspaceId, context);
  const { profiles } = context.services;
  const profileName = workspace?.profile ?? input.profile ?? null;
  const named = profileName === null ? undefined : profiles.get(profileName);
  if (profileName !== null && !named) {
    const known = profiles.all.map((each) => each.name).join(', ');
    if (workspace?.profile)
      throw new PreconditionError(
        'PROFILE_UNKNOWN',
        `The workspace carries the profile '${profileName}', which is not there.`,
      );
    throw new ValidationError([
      { path: ['profile'], code: 'unknown_profile', message: `profile must be one of ${known}` },
    ]);
  }
  const settings = Object.fromEntries(Object.keys(settingFields).map((field) => [field, input[field]]));
  const { kubernetesVersion, podCidr, serviceCidr, controlPlane, nodes, description, clusterClass } = input;
  return {
    ...{ cluster, namespace, workspace, profileName, className: clusterClass },
    form: { name, kubernetesVersion, podCidr, serviceCidr, controlPlane, nodes, settings } as ClusterForm,
    profile: named ?? profiles.at({ cluster: cluster.name }),
    description: description ?? undefined,
  };
}

function registerEffect(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ClusterQuotaItem', 'What machines use of a quota (CMP-05).', {
    MACHINES: `Machines (\`${quotaItems.MACHINES}\` of a ResourceQuota).`,
    CLUSTERS: `Clusters (\`${quotaItems.CLUSTERS}\`).`,
    VCPUS: `Cores (\`${quotaItems.VCPUS}\`).`,
    MEMORY_GIB: `Memory in GiB (\`${quotaItems.MEMORY_GIB}\`).`,
    VOLUMES: `Disks (\`${quotaItems.VOLUMES}\`).`,
    VOLUME_GIB: `GiB of disks (\`${quotaItems.VOLUME_GIB}\`).`,
  });
  builder.objectType(effectRef, {
    description: 'What a change takes of a quota of the management namespace.',
    fields: (t) => ({
      item: t.field({ type: named('ClusterQuotaItem'), description: 'Of what.', resolve: ({ item }) => item as never }),
      used: t.float({ description: 'In use before it.', resolve: ({ used }) => used }),
      requested: t.float({ description: 'What it takes.', resolve: ({ requested }) => requested }),
      limit: t.float({ description: 'The limit.', resolve: ({ limit }) => limit }),
      remaining: t.float({ description: 'What was left before it.', resolve: ({ remaining }) => remaining }),
    }),
  });
}
