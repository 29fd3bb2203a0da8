import { createPermissionTable, type PermissionTable } from '../access/create-permission-table.ts';
import { createProfileValues } from '../access/profile-values.ts';
import { ConfigError } from '../config/config-error.ts';
import { didYouMean } from '../config/nearest-word.ts';
import type { Settings } from '../config/settings.ts';
import type { PluginManifest } from '../kernel/manifest.ts';
import type { Profiles } from '../kernel/profiles/profiles.ts';

type RoleSettings = Pick<Settings, 'roles' | 'tokens' | 'oidc' | 'serviceAccounts' | 'sources'>;

/**
 * The rules of all plugins and the roles of the settings, as one table. Throws `ConfigError`, which names the setting,
 * for a role that is not sound and for the name of a role that nobody defines.
 */
export function composePermissions(
  manifests: readonly PluginManifest[],
  settings: RoleSettings,
  profiles: () => Profiles,
): PermissionTable {
  const permissions = createTable(manifests, settings, profiles);
  const names = permissions.roles.all.map(({ name }) => name);
  const problems = namedRoles(settings)
    .filter(({ role }) => !permissions.roles.has(role))
    .map(({ at, role }) => `${at} is '${role}', which is no role${didYouMean(role, names)}${fromOf(settings, at)}`);
  if (problems.length > 0) throw new ConfigError(problems);
  return permissions;
}

function createTable(manifests: readonly PluginManifest[], settings: RoleSettings, profiles: () => Profiles) {
  try {
    return createPermissionTable(manifests, {
      roles: settings.roles,
      profileValues: createProfileValues(profiles),
      unknownProfileAt: (place) => profiles().unknownAt(place),
    });
  } catch (error) {
    // What plugins say was sound before: the fault lies in the settings, and its sentence begins with where.
    if (!(error instanceof Error) || !error.message.startsWith('roles[')) throw error;
    throw new ConfigError([`${error.message}${fromOf(settings, 'roles')}`]);
  }
}

/** ` (file /etc/longshore.yaml)` */
function fromOf({ sources }: Pick<Settings, 'sources'>, at: string): string {
  const source = sources[/^\w+/.exec(at)?.[0] ?? ''];
  return source === undefined || source === 'default' ? '' : ` (${source})`;
}

function namedRoles({ tokens, oidc, serviceAccounts }: RoleSettings) {
  const ofGroups = (list: 'oidc' | 'serviceAccounts', maps: readonly { readonly rolesFromGroups: object }[]) =>
    maps.flatMap(({ rolesFromGroups }, index) =>
      Object.entries(rolesFromGroups as Record<string, string | string[]>).flatMap(([group, roles]) =>
        [roles].flat().map((role) => ({ at: `${list}[${index}].rolesFromGroups.${group}`, role })),
      ),
    );
  return [
    ...tokens.flatMap(({ roles }, index) =>
      roles.map((role, place) => ({ at: `tokens[${index}].roles[${place}]`, role: String(role) })),
    ),
    ...ofGroups('oidc', oidc),
    ...ofGroups('serviceAccounts', serviceAccounts),
  ];
}
