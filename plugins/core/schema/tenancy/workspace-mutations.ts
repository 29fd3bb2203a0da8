import {
  CapabilityMissingError,
  InUseError,
  type LongshoreBuilder,
  type RequestContext,
  registerMutation,
} from 'longshore/sdk';
import {
  type Region,
  tenancyServiceRef,
  type Workspace,
  workspaceNetworksServiceRef,
  workspaceSubject,
  workspaceTypeRef,
} from '../../api.ts';
import {
  checkPlace,
  checkProfileName,
  checkTenant,
  checkTenantByProfile,
  checkWorkspaceByProfile,
} from '../../services/tenancy/check-tenants.ts';
import { requireProfileOfWorkspace } from '../../services/tenancy/profile-of-workspace.ts';
import { instanceOf, isWorkspace, recordTargetOf } from '../../services/tenancy/tenants.ts';
import { findWorkspace } from './find-tenant.ts';
import { registerTenantDeletion } from './register-tenant-deletion.ts';
import { creationInputs, recordedFields, updateInputs } from './tenant-inputs.ts';
import { networkTypeRef } from './workspace.ts';

const anyRegion: readonly Region[] = [];
const ownFields = { networkType: 'networkType', zones: 'zones' } as const;

/** Making, changing and deleting workspaces (CORE-02). */
export function registerWorkspaceMutations(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createWorkspace',
    description: 'Makes a workspace. Its identifier is unique over the whole platform.',
    allow: { action: 'CREATE', subject: workspaceSubject },
    input: (t) => ({
      ...creationInputs(t),
      region: t.string({ required: true, description: 'Name of its region: one of `regions` where there are any.' }),
      networkType: t.field({ type: networkTypeRef, required: true, description: 'How it is connected.' }),
      zones: t.stringList({
        required: true,
        description:
          'Availability zones of the region, as many as the profile allows; two survive the loss of a data centre.',
      }),
      profile: t.string({
        description:
          'Name of the profile that it and its namespaces are held to; absent, the platform’s and the clusters’ are.',
      }),
    }),
    validate: (input) => [...checkTenant(input), ...checkPlace(anyRegion, input)],
    load: ({ identifier }) => ({
      value: undefined,
      instance: { subject: workspaceSubject, name: identifier },
      record: { plugin: 'core', type: 'Workspace', id: identifier, kind: 'Workspace', name: identifier },
    }),
    check: (input, _none, { services: { profiles } }) => {
      const unknown = checkProfileName(profiles, input.profile);
      if (unknown.length > 0) return unknown;
      const profile = requireProfileOfWorkspace(profiles, { ...input, profile: input.profile ?? null });
      return [...checkTenantByProfile(profile, input), ...checkWorkspaceByProfile(profile, input, ownFields)];
    },
    run: async (
      { identifier, displayName, description, region, networkType, zones, profile },
      _none,
      ticket,
      context,
    ) => {
      const fields = { identifier, displayName: displayName.trim(), description: (description ?? '').trim() };
      const value = await context
        .service(tenancyServiceRef)
        .createWorkspace({ ...fields, region, networkType, zones, profile: profile ?? null }, ticket);
      return { value, resultId: value.id, before: undefined, after: recordedFields(value) };
    },
    replay: asWorkspace,
    success: {
      description: 'The workspace was made.',
      fields: (t) => ({
        workspace: t.field({
          type: workspaceTypeRef,
          description: 'The workspace; in a dry run as it would be, with an id of no use.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
  registerMutation(builder, {
    name: 'updateWorkspace',
    description: 'Changes a workspace. Identifier, region and network type never change.',
    allow: { action: 'UPDATE', subject: workspaceSubject },
    input: (t) => ({
      ...updateInputs(t),
      zones: t.stringList({ description: 'Availability zones of its region, as many as the profile allows.' }),
      profile: t.string({
        description:
          'Name of the profile that it and its namespaces are held to, at once; null for the platform’s and the clusters’. It must allow the workspace as it is.',
      }),
    }),
    validate: checkTenant,
    load: async ({ id }, context) => {
      const value = await findWorkspace(String(id), context);
      return { value, instance: instanceOf(value), record: recordTargetOf(value) };
    },
    check: (input, workspace, { services: { profiles } }) => {
      const unknown = checkProfileName(profiles, input.profile);
      if (unknown.length > 0) return unknown;
      const carried = input.profile === undefined ? workspace.profile : input.profile;
      const profile = requireProfileOfWorkspace(profiles, { ...workspace, profile: carried });
      const after = { networkType: workspace.networkType, zones: input.zones ?? workspace.zones };
      // What the input leaves alone can only be wrong by another profile.
      const isAsked = input.zones !== undefined || input.profile !== undefined;
      return [
        ...checkTenantByProfile(profile, input),
        ...(isAsked
          ? checkWorkspaceByProfile(profile, after, {
              networkType: 'profile',
              zones: input.zones ? 'zones' : 'profile',
            })
          : []),
      ];
    },
    run: async ({ version, displayName, description, zones, profile }, { uuid }, ticket, context) => {
      const fields = {
        displayName: displayName?.trim() ?? undefined,
        description: description?.trim() ?? undefined,
        zones: zones ?? undefined,
        profile,
      };
      const { before, after } = await context.service(tenancyServiceRef).updateWorkspace(uuid, version, fields, ticket);
      return { value: after, resultId: after.id, before: recordedFields(before), after: recordedFields(after) };
    },
    replay: asWorkspace,
    success: {
      description: 'The workspace was changed.',
      fields: (t) => ({
        workspace: t.field({
          type: workspaceTypeRef,
          description: 'The workspace; in a dry run as it would be.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
  registerTenantDeletion<Workspace>(builder, {
    name: 'deleteWorkspace',
    description:
      'Deletes a workspace with its memberships. Refused while projects or namespaces are in it, and while networks are of it.',
    subject: workspaceSubject,
    what: 'workspace',
    find: findWorkspace,
    remove: async (workspace, ticket, context) => {
      await requireUnusedNetwork(workspace, context);
      await context.service(tenancyServiceRef).deleteWorkspace(workspace.uuid, ticket);
    },
  });
}

/** Only who offers networks can tell whether one is in use: where nobody does, that is CAPABILITY_MISSING. */
async function requireUnusedNetwork(workspace: Workspace, context: RequestContext): Promise<void> {
  const { networkId, identifier } = workspace;
  const own = await ownNetworks(workspace, context);
  const bound =
    networkId === null ? [] : await context.service(workspaceNetworksServiceRef).usesOf(workspace, networkId, context);
  const uses = [...new Set([...bound, ...own])];
  if (uses.length === 0) return;
  const message =
    bound.length > 0
      ? `The network of workspace '${identifier}' is still in use; delete what uses it first`
      : `Workspace '${identifier}' has networks, which would be nobody's: delete them first`;
  throw new InUseError(message, uses);
}

/** Networks of the workspace, bound to it or not; none where nobody offers any. */
async function ownNetworks(workspace: Workspace, context: RequestContext): Promise<readonly string[]> {
  try {
    return await context.service(workspaceNetworksServiceRef).ownedBy(workspace, context);
  } catch (error) {
    if (error instanceof CapabilityMissingError) return [];
    throw error;
  }
}

const asWorkspace = (node: unknown): Workspace | null => (isWorkspace(node as never) ? (node as Workspace) : null);
