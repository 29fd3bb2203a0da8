import { printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createPermissionTable } from '../../src/access/create-permission-table.ts';
import { buildSchema } from '../../src/graph/schema/build-schema.ts';
import { corePlugin } from './plugin.ts';

const permissions = createPermissionTable([corePlugin]);
const actions = Object.fromEntries(permissions.actions.map((action) => [action, `May ${action}.`]));

describe('corePlugin', () => {
  it('builds a schema on its own, with every root field guarded and everything described', () => {
    const { schema, registry } = buildSchema([corePlugin], actions);
    const fields = [...registry.rootFields.keys()].sort();
    expect(fields).toMatchInlineSnapshot(`
      [
        "Mutation.addMembers",
        "Mutation.applyManifest",
        "Mutation.bindNamespaces",
        "Mutation.bindWorkspaceNetwork",
        "Mutation.createDepartment",
        "Mutation.createEventWebhook",
        "Mutation.createNamespace",
        "Mutation.createProject",
        "Mutation.createServiceToken",
        "Mutation.createWorkspace",
        "Mutation.deleteDepartment",
        "Mutation.deleteEventWebhook",
        "Mutation.deleteNamespace",
        "Mutation.deleteObject",
        "Mutation.deleteObjects",
        "Mutation.deleteProject",
        "Mutation.deleteWorkspace",
        "Mutation.disableUser",
        "Mutation.enableUser",
        "Mutation.endSession",
        "Mutation.ignoreOperationStep",
        "Mutation.registerCluster",
        "Mutation.removeMembers",
        "Mutation.replayEventWebhook",
        "Mutation.retryOperationStep",
        "Mutation.revokeServiceToken",
        "Mutation.setNamespaceQuota",
        "Mutation.setProjectQuota",
        "Mutation.startImpersonation",
        "Mutation.unbindNamespaces",
        "Mutation.unregisterCluster",
        "Mutation.updateClusterRegistration",
        "Mutation.updateDepartment",
        "Mutation.updateEventWebhook",
        "Mutation.updateManifest",
        "Mutation.updateProject",
        "Mutation.updateWorkspace",
        "Query.cluster",
        "Query.clusters",
        "Query.confirmation",
        "Query.department",
        "Query.departments",
        "Query.diagnosis",
        "Query.eventWebhooks",
        "Query.kubernetesEventCounts",
        "Query.kubernetesEventHistory",
        "Query.kubernetesEvents",
        "Query.nameCheck",
        "Query.namespace",
        "Query.namespaces",
        "Query.node",
        "Query.nodes",
        "Query.object",
        "Query.objects",
        "Query.operationRecord",
        "Query.operationRecords",
        "Query.plugins",
        "Query.profile",
        "Query.profiles",
        "Query.project",
        "Query.projects",
        "Query.regions",
        "Query.roles",
        "Query.secret",
        "Query.secrets",
        "Query.serviceTokens",
        "Query.sessions",
        "Query.timeline",
        "Query.users",
        "Query.validateManifest",
        "Query.viewer",
        "Query.workspace",
        "Query.workspaces",
        "Subscription.clusterChanges",
        "Subscription.kubernetesEvents",
        "Subscription.namespaceChanges",
        "Subscription.objectChanges",
        "Subscription.operationRecordChanges",
        "Subscription.projectChanges",
        "Subscription.serviceTokenChanges",
        "Subscription.workspaceChanges",
      ]
    `);
    expect(printSchema(schema)).toContain('interface KubernetesObject implements Node');
  });
});
