import {
  idOfOperation,
  isOperationRecord,
  type LongshoreBuilder,
  type OperationHandle,
  type RequestContext,
  registerMutation,
} from 'longshore/sdk';
import type { Department, Project, Workspace } from '../../api.ts';
import { instanceOf, recordTargetOf } from '../../services/tenancy/tenants.ts';

/** A mutation that deletes a workspace, project or department once nothing is in it; its identifier must be typed again. */
export function registerTenantDeletion<T extends Workspace | Project | Department>(
  builder: LongshoreBuilder,
  spec: {
    readonly name: string;
    readonly description: string;
    readonly subject: string;
    /** In the middle of a sentence, e.g. `workspace`. */
    readonly what: string;
    readonly find: (id: string, context: RequestContext) => Promise<T>;
    readonly remove: (tenant: T, ticket: OperationHandle, context: RequestContext) => Promise<void>;
  },
): void {
  const { what } = spec;
  registerMutation(builder, {
    name: spec.name,
    description: spec.description,
    allow: { action: 'DELETE', subject: spec.subject },
    mustConfirm: true,
    input: (t) => ({ id: t.id({ required: true, description: `Global id of the ${what}.` }) }),
    load: async ({ id }, context) => {
      const value = await spec.find(String(id), context);
      return { value, instance: instanceOf(value), record: recordTargetOf(value), confirmWith: value.identifier };
    },
    run: async (_input, tenant, ticket, context) => {
      await spec.remove(tenant, ticket, context);
      return { value: { id: tenant.id }, resultId: idOfOperation(ticket) };
    },
    replay: (node) => (isOperationRecord(node) ? { id: node.target.id } : null),
    success: {
      description: `The ${what} is deleted.`,
      fields: (t) => ({ id: t.id({ description: `Global id of the ${what}.`, resolve: ({ value }) => value.id }) }),
    },
  });
}
