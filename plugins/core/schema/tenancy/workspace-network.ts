import { type LongshoreBuilder, PreconditionError, registerMutation, typeRef, ValidationError } from 'longshore/sdk';
import {
  tenancyServiceRef,
  type Workspace,
  type WorkspaceNetwork,
  workspaceNetworksServiceRef,
  workspaceSubject,
  workspaceTypeRef,
} from '../../api.ts';
import { instanceOf, isWorkspace, recordTargetOf } from '../../services/tenancy/tenants.ts';
import { findWorkspace } from './find-tenant.ts';
import { recordedFields } from './tenant-inputs.ts';

const longestId = 1_024;

/** The network that a workspace is bound to, as a plugin offers networks (CORE-02). */
export function registerWorkspaceNetwork(builder: LongshoreBuilder): void {
  const network = typeRef<WorkspaceNetwork>('WorkspaceNetwork');
  builder.objectType(network, {
    description: 'A network that a workspace can be bound to, such as a virtual private cloud.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Its id, as the plugin that offers it knows it.' }),
      name: t.exposeString('name', { description: 'Its name for people.' }),
    }),
  });
  builder.objectField(workspaceTypeRef, 'networkId', (t) =>
    t.id({
      nullable: true,
      description: 'The network that it is bound to; null where it is bound to none.',
      resolve: ({ networkId }) => networkId,
    }),
  );
  builder.objectField(workspaceTypeRef, 'networkChoices', (t) =>
    t.field({
      type: [network],
      nullable: true,
      description:
        'Networks that it can be bound to; empty for one that is CLASSIC. CAPABILITY_MISSING where no plugin offers any.',
      resolve: async (workspace, _args, context) => {
        if (workspace.networkType !== 'VPC') return [];
        return [...(await context.service(workspaceNetworksServiceRef).list(workspace, context))];
      },
    }),
  );
  registerMutation(builder, {
    name: 'bindWorkspaceNetwork',
    description:
      'Binds a workspace to its network, once and for all; only one of type VPC has one. CAPABILITY_MISSING where no plugin offers networks.',
    allow: { action: 'UPDATE', subject: workspaceSubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the workspace.' }),
      version: t.int({ required: true, description: 'The version that you saw: a CONFLICT where it is an older one.' }),
      networkId: t.id({ required: true, description: 'Id of the network: one of `networkChoices`.' }),
    }),
    validate: ({ networkId }) =>
      String(networkId).length <= longestId
        ? []
        : [{ path: ['networkId'], code: 'too_long', message: `networkId must be up to ${longestId} characters` }],
    load: async ({ id }, context) => {
      const value = await findWorkspace(String(id), context);
      return { value, instance: instanceOf(value), record: recordTargetOf(value) };
    },
    run: async ({ version, networkId }, workspace, ticket, context) => {
      if (workspace.networkType !== 'VPC') {
        throw new PreconditionError(
          'NETWORK_TYPE_MISMATCH',
          `Workspace '${workspace.identifier}' is ${workspace.networkType}: only one of type VPC is bound to a network`,
        );
      }
      const networks = context.service(workspaceNetworksServiceRef);
      const issues = await networks.check(workspace, String(networkId), context);
      if (issues.length > 0) throw new ValidationError(issues);
      const { before, after } = await context
        .service(tenancyServiceRef)
        .bindNetwork(workspace.uuid, version, String(networkId), ticket);
      // Ours is the word: what follows at the network is done again by whoever finds it missing.
      if (!ticket.isDryRun) await networks.bind(after, String(networkId), ticket);
      return { value: after, resultId: after.id, before: recordedFields(before), after: recordedFields(after) };
    },
    replay: (node) => (isWorkspace(node as never) ? (node as Workspace) : null),
    success: {
      description: 'The workspace is bound.',
      fields: (t) => ({
        workspace: t.field({
          type: workspaceTypeRef,
          description: 'The workspace; in a dry run as it would be.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
}
