import { isEnumType, isObjectType, isUnionType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createPermissionTable } from '../../src/access/create-permission-table.ts';
import { buildSchema } from '../../src/graph/schema/build-schema.ts';
import { computePlugin } from '../compute/plugin.ts';
import { corePlugin } from '../core/plugin.ts';
import { releasePlugin } from './plugin.ts';
import { releaseActions } from './services/orders/decide-action.ts';
import { preflightErrors, preflightWarnings } from './services/preflight/finding.ts';

const plugins = [corePlugin, computePlugin, releasePlugin];
const permissions = createPermissionTable(plugins);
const actions = Object.fromEntries(permissions.actions.map((action) => [action, `May ${action}.`]));
const { schema, registry } = buildSchema(plugins, actions);

const fieldsOf = (name: string): string[] => {
  const type = schema.getType(name);
  return isObjectType(type) ? Object.keys(type.getFields()) : [];
};
const valuesOf = (name: string): string[] => {
  const type = schema.getType(name);
  return isEnumType(type) ? type.getValues().map((value) => value.name) : [];
};

describe('the schema of release', () => {
  it('adds its root fields and no others', () => {
    const own = [...registry.rootFields.values()].filter((field) => field.plugin === 'release');
    expect(own.map((field) => `${field.type}.${field.name}`).sort()).toMatchInlineSnapshot(`
      [
        "Mutation.cancelReleaseOrder",
        "Mutation.confirmReleaseOrder",
        "Mutation.createAppService",
        "Mutation.createOrchestrationTemplate",
        "Mutation.createReleaseOrder",
        "Mutation.deleteAppService",
        "Mutation.deleteOrchestrationTemplate",
        "Mutation.deleteReleaseOrder",
        "Mutation.deleteStack",
        "Mutation.deleteStacks",
        "Mutation.deployTemplate",
        "Mutation.discardAppServiceDraft",
        "Mutation.editAppService",
        "Mutation.retryReleaseOrder",
        "Mutation.rollBackReleaseOrder",
        "Mutation.startReleaseOrder",
        "Mutation.updateAppService",
        "Mutation.updateOrchestrationTemplate",
        "Mutation.updateStack",
        "Query.appService",
        "Query.appServices",
        "Query.orchestrationTemplate",
        "Query.orchestrationTemplates",
        "Query.releaseOrder",
        "Query.releaseOrders",
        "Query.stack",
        "Query.stacks",
        "Subscription.appServiceChanges",
        "Subscription.orchestrationTemplateChanges",
        "Subscription.releaseOrderProgress",
        "Subscription.stackChanges",
      ]
    `);
  });

  it('answers each mutation with its success or one of the errors that all have', () => {
    const mutations = [...registry.rootFields.values()].filter(
      ({ plugin, type }) => plugin === 'release' && type === 'Mutation',
    );
    const errors = ['ValidationError', 'NotFoundError', 'ForbiddenError', 'ConflictError', 'PreconditionError'];
    for (const { name } of mutations) {
      const payload = schema.getType(`${name.charAt(0).toUpperCase()}${name.slice(1)}Payload`);
      const members = isUnionType(payload) ? payload.getTypes().map((type) => type.name) : [];
      expect(members, name).toEqual(expect.arrayContaining(errors));
    }
  });

  it('makes app services, their versions, orders, releases, templates and stacks nodes', () => {
    for (const name of [
      ...['AppService', 'AppServiceVersion', 'ReleaseOrder', 'ServiceRelease'],
      ...['OrchestrationTemplate', 'Stack'],
    ]) {
      const type = schema.getType(name);
      expect(isObjectType(type) && type.getInterfaces().map((face) => face.name), name).toContain('Node');
    }
  });

  it('shows a release as a console needs it: groups to confirm, tasks to ignore, pods to retry (REL-27, REL-28)', () => {
    expect(fieldsOf('ServiceRelease')).toEqual(
      expect.arrayContaining(['groups', 'tasks', 'pods', 'progress', 'rollbackPreview', 'possibleActions']),
    );
    expect(fieldsOf('ReleaseGroup')).toContain('id');
    expect(fieldsOf('ReleaseTask')).toContain('id');
    expect(valuesOf('ReleasePodState').sort()).toEqual(['FAILED', 'NOT_UPDATED', 'UPDATED', 'UPDATING']);
  });

  it('has each state of an order, each action and each finding in its enums (REL-18, REL-22)', () => {
    expect(valuesOf('ReleaseOrderState').sort()).toEqual(
      [
        ...['INITIALIZING', 'INIT_FAILED', 'READY', 'RUNNING', 'PAUSED', 'SUCCEEDED', 'FAILED', 'CANCELLED'],
        ...['ROLLING_BACK', 'ROLLBACK_PENDING_CONFIRM', 'ROLLED_BACK', 'ROLLBACK_FAILED'],
      ].sort(),
    );
    expect(valuesOf('ReleaseAction').sort()).toEqual([...releaseActions].sort());
    expect(valuesOf('PreflightCode').sort()).toEqual(
      [...Object.keys(preflightErrors), ...Object.keys(preflightWarnings)].sort(),
    );
    expect(valuesOf('WarningCode')).toEqual(expect.arrayContaining(Object.keys(preflightWarnings)));
  });

  it('adds nothing to the schema that is its own without it', () => {
    const without = buildSchema([corePlugin, computePlugin], actions).schema;
    for (const name of ['AppService', 'ReleaseOrder', 'Stack', 'ReleaseOrderState']) {
      expect(without.getType(name), name).toBeUndefined();
    }
  });
});
