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
        "Mutation.applyManifest",
        "Mutation.createNamespace",
        "Mutation.deleteNamespace",
        "Mutation.deleteObject",
        "Query.cluster",
        "Query.clusters",
        "Query.kubernetesEvents",
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
        "Query.secret",
        "Query.secrets",
        "Query.viewer",
        "Subscription.clusterChanges",
        "Subscription.kubernetesEvents",
        "Subscription.namespaceChanges",
        "Subscription.objectChanges",
        "Subscription.operationRecordChanges",
      ]
    `);
    expect(printSchema(schema)).toContain('interface KubernetesObject implements Node');
  });
});
