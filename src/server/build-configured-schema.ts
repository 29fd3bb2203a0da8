import { createPermissionTable } from '../access/create-permission-table.ts';
import type { Settings } from '../config/settings.ts';
import { type BuiltSchema, buildSchema } from '../graph/schema/build-schema.ts';
import { describeActions } from '../graph/schema/describe-actions.ts';
import { systemClock } from '../kernel/clock.ts';
import { loadPlugins } from '../kernel/load-plugins.ts';
import { planPlugins } from '../kernel/plan-plugins.ts';

/** The schema of the configured plugins, without starting any of them: for `longshore schema` and for the drift check. */
export async function buildConfiguredSchema(settings: Settings): Promise<BuiltSchema> {
  const { loaded, failed } = await loadPlugins({
    plugins: settings.plugins,
    baseFolder: process.cwd(),
    clock: systemClock,
  });
  const plan = planPlugins(loaded, new Map(failed.map(({ plugin, reason }) => [plugin, reason])));
  const manifests = plan.order.map(({ manifest }) => manifest);
  return buildSchema(manifests, describeActions(createPermissionTable(manifests).actions));
}
