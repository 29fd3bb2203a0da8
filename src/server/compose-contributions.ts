import { createPermissionTable } from '../access/create-permission-table.ts';
import { type BuiltSchema, buildSchema } from '../graph/schema/build-schema.ts';
import { describeActions } from '../graph/schema/describe-actions.ts';
import type { PluginManifest } from '../kernel/manifest.ts';
import { declareProfiles } from '../kernel/profiles/declare-profiles.ts';
import type { ProfileParts } from '../kernel/profiles/merge-profiles.ts';
import { toReconciler } from '../work/job.ts';

export interface Contributions {
  /** How many plugins have contributed. */
  readonly plugins: number;
  readonly built: BuiltSchema;
  readonly profiles: ProfileParts;
}

/** What plugins have declared, put together before anything of them runs. Throws where one declares what cannot be. */
export function composeContributions(manifests: readonly PluginManifest[]): Contributions {
  for (const { jobs = [] } of manifests) jobs.forEach(toReconciler);
  assertDistinct(
    'topic',
    manifests.flatMap(({ topics = [] }) => topics),
  );
  assertDistinct(
    'reconciler',
    manifests.flatMap(({ reconcilers = [] }) => reconcilers),
  );
  assertDistinct(
    'job',
    manifests.flatMap(({ jobs = [] }) => jobs),
  );
  const { actions } = createPermissionTable(manifests);
  const built = buildSchema(manifests, describeActions(actions));
  return { plugins: manifests.length, built, profiles: declareProfiles(manifests) };
}

function assertDistinct(what: string, named: readonly { readonly name: string }[]): void {
  const names = named.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`The ${what} '${twice}' is declared twice`);
}
