import type { Access } from '../access/access.ts';
import type { OperationRecord } from '../audit/operation-records.ts';
import type { SchemaRegistry } from './schema/schema-registry.ts';

/**
 * Whether these rights allow what an operation does, where it does it: to go on with it is to do it, whether somebody decides
 * on a step of it or a loop takes the next one in their name. What a loop began by itself is for administrators, and what a profile has switched
 * off meanwhile for nobody.
 */
export function mayCarryOn(
  { action, target, tenants: { workspaceId, projectId } }: Pick<OperationRecord, 'action' | 'target' | 'tenants'>,
  access: Access,
  registry: Pick<SchemaRegistry, 'rootFields'>,
): boolean {
  const guard = registry.rootFields.get(`Mutation.${action}`)?.guard;
  if (guard === undefined || 'public' in guard) return access.principal.roles.includes('ADMIN');
  const { cluster, namespace, name } = target;
  const tenants = [
    ...(workspaceId === undefined ? [] : [`workspace/${workspaceId}`]),
    ...(projectId === undefined ? [] : [`project/${projectId}`]),
  ];
  return guard.subjects.some((subject) => access.allowed(guard.action, { subject, cluster, namespace, name, tenants }));
}
