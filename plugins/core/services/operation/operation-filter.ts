import { type OperationFilter, type OperationRecord, parseGlobalId } from 'longshore/sdk';

/** A filter as GraphQL hands it over: null where nothing was asked, global ids where the database has UUIDs. */
export type AskedOperationFilter = {
  readonly [Name in keyof Omit<OperationFilter, 'visible' | 'related'>]?: OperationFilter[Name] | null;
};

/** The filter as the database knows it. An id that names nothing matches nothing. */
export function toOperationFilter(asked: AskedOperationFilter): OperationFilter {
  const given = Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== null && value !== undefined),
  ) as OperationFilter;
  const { ids, workspaceId, projectId } = given;
  return {
    ...given,
    ...(ids && { ids: ids.flatMap((id) => keyOf(id, 'OperationRecord') ?? []) }),
    ...(workspaceId !== undefined && { workspaceId: keyOf(workspaceId, 'Workspace') ?? nobody }),
    ...(projectId !== undefined && { projectId: keyOf(projectId, 'Project') ?? nobody }),
  };
}

/** The same test for one record that the database makes for all. */
export function matchesOperation(filter: OperationFilter): (record: OperationRecord) => boolean {
  const { ids, categories, actions, operators, statuses, from, to, namespaces } = filter;
  const isEqual = (wanted: string | undefined, found: string | undefined) => wanted === undefined || wanted === found;
  return (record) => {
    const { target, tenants, createdAt } = record;
    return (
      (!ids || ids.includes(record.id)) &&
      (!categories || categories.includes(record.category)) &&
      (!actions || actions.includes(record.action)) &&
      (!operators || operators.includes(record.principalId) || operators.includes(record.principalName)) &&
      (!statuses || statuses.includes(record.status)) &&
      (!from || createdAt >= from) &&
      (!to || createdAt < to) &&
      (!namespaces || namespaces.includes(target.namespace ?? '')) &&
      isEqual(filter.cluster, target.cluster) &&
      isEqual(filter.kind, target.kind) &&
      isEqual(filter.name, target.name) &&
      isEqual(filter.targetId, target.id) &&
      isEqual(filter.workspaceId, tenants.workspaceId) &&
      isEqual(filter.projectId, tenants.projectId) &&
      isEqual(filter.batchId, record.batchId) &&
      isEqual(filter.requestId, record.requestId)
    );
  };
}

/** The UUID of nothing. */
const nobody = '00000000-0000-0000-0000-000000000000';

function keyOf(id: string, type: string): string | undefined {
  const parsed = parseGlobalId(id);
  const isOne = parsed?.of === 'row' && parsed.plugin === 'core' && parsed.type === type && uuid.test(parsed.key);
  return isOne ? parsed.key : undefined;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
