import type { PermissionTable } from '../access/create-permission-table.ts';
import type { Settings } from '../config/settings.ts';
import type { BuiltSchema } from '../graph/schema/build-schema.ts';
import { systemClock } from '../kernel/clock.ts';
import { loadPlugins } from '../kernel/load-plugins.ts';
import { planPlugins } from '../kernel/plan-plugins.ts';
import { composeContributions } from './compose-contributions.ts';
import { composePermissions } from './compose-permissions.ts';

/** The schema of the configured plugins, without starting any of them: for `longshore schema` and for the drift check. */
export async function buildConfiguredSchema(
  settings: Settings,
): Promise<BuiltSchema & { readonly permissions: PermissionTable }> {
  const { loaded, failed } = await loadPlugins({
    plugins: settings.plugins,
    baseFolder: process.cwd(),
    clock: systemClock,
  });
  const plan = planPlugins(loaded, new Map(failed.map(({ plugin, reason }) => [plugin, reason])));
  const manifests = plan.order.map(({ manifest }) => manifest);
  const permissions = composePermissions(manifests, settings, () => {
    throw new Error('nothing-is-in-force-yet');
  });
  return { ...composeContributions(manifests).built, permissions };
}
