import { type OverviewOfTenant, tenantOverviewTypeRef } from 'longshore/plugins/compute';
import type { LongshoreBuilder } from 'longshore/sdk';
import { visibleStacks } from './stacks/load-stacks.ts';
import { visibleTemplates } from './templates/load-templates.ts';

/** What of this plugin a workspace or project has, on its first page (CMP-112). */
export function registerTenantCounts(builder: LongshoreBuilder): void {
  builder.objectField(tenantOverviewTypeRef, 'templateCount', (t) =>
    t.int({
      description: 'Orchestration templates in it that you may see.',
      resolve: async ({ tenant }, _args, context) => countIn(tenant, await visibleTemplates(context)),
    }),
  );
  builder.objectField(tenantOverviewTypeRef, 'stackCount', (t) =>
    t.int({
      description: 'Stacks in it that you may see.',
      resolve: async ({ tenant }, _args, context) => countIn(tenant, await visibleStacks(context)),
    }),
  );
}

function countIn(
  { nodeTypeName, uuid }: OverviewOfTenant['tenant'],
  rows: readonly { readonly projectUuid: string; readonly workspaceUuid: string | null }[],
): number {
  const field = nodeTypeName === 'Workspace' ? 'workspaceUuid' : 'projectUuid';
  return rows.filter((row) => row[field] === uuid).length;
}
