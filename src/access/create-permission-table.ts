import type { Principal } from '../kernel/principal.ts';
import type { ProfileKey } from '../kernel/profiles/profile-key.ts';
import type { Access } from './access.ts';
import { builtInActions, isActionName } from './actions.ts';
import { checkPermissionRule, checkProfileSwitch, type KnownWords } from './check-permission-rule.ts';
import { createAccess, createSharedAccess, type SharedAccess } from './create-access.ts';
import { conditionOf, fillRule } from './granted-rule.ts';
import { holdingsOf } from './holdings.ts';
import { keepTenants } from './keep-tenants.ts';
import type { PermissionRule } from './permission-rule.ts';
import { createProfileSwitches, type ProfileSwitch } from './profile-switches.ts';
import type { ProfileValues, UnknownProfileAt } from './profile-values.ts';
import { createRoles, type RoleDefinition, type Roles } from './roles.ts';
import { secretSubject } from './secret-subject.ts';
import { createFactsReader, type SubjectDescriptor } from './subject-facts.ts';
import { withhold } from './withheld-access.ts';
import { describeWorkspaceKind, type WorkspaceKind } from './workspace-kinds.ts';

/** The part of a plugin's manifest that this room reads. */
export interface PermissionContribution {
  readonly name: string;
  readonly roles?: readonly RoleDefinition[] | undefined;
  readonly permissions?: readonly PermissionRule[] | undefined;
  readonly profileSwitches?: readonly ProfileSwitch[] | undefined;
  readonly profileKeys?: readonly ProfileKey[] | undefined;
  readonly actions?: readonly string[] | undefined;
  readonly subjects?: readonly SubjectDescriptor[] | undefined;
  readonly workspaceKinds?: readonly WorkspaceKind[] | undefined;
}

/** A role of the settings with what it may do. */
export interface ConfiguredRole extends RoleDefinition {
  readonly rules: readonly Omit<PermissionRule, 'roles'>[];
}

export interface PermissionTableOptions {
  /** `roles` of the settings. */
  readonly roles?: readonly ConfiguredRole[];
  /** Values of profiles, asked each time: they may change. None where absent. */
  readonly profileValues?: ProfileValues;
  /** Where it names a profile that is not there, nobody may change anything; everything is known where absent. */
  readonly unknownProfileAt?: UnknownProfileAt;
}

/** Who says a rule, and the rule. */
export interface SourcedRule {
  /** `longshore`, a plugin's name, or `settings`. */
  readonly source: string;
  readonly rule: PermissionRule;
}

/** Who may do what, for the whole gateway. */
export interface PermissionTable {
  /** All actions, built-in and added; the members of the enum `Action`. */
  readonly actions: readonly string[];
  readonly roles: Roles;
  /** Every rule there is. */
  readonly rules: readonly SourcedRule[];
  /** What profiles can switch off, with the plugin that says so. */
  readonly switches: readonly { readonly source: string; readonly profileSwitch: ProfileSwitch }[];
  /** The rights of a principal; build it once per request. Principals with the same rights share what is compiled. */
  for(principal: Principal): Access;
  /** The table as text, one rule a line, sorted: for administrators, documents and reviews. */
  print(): string;
}

/** Administrators are not listed by any plugin: whatever is added, they may do it. */
const administrators: PermissionRule = { roles: ['ADMIN'], actions: 'ALL', subjects: 'ALL' };

/** Distinct sets of rights that stay compiled; each is a few kilobytes. */
const maxSharedAccesses = 1_000;

/** Throws, naming the plugin, where a rule is not sound (see `checkPermissionRule`) or two plugins claim one name. */
export function createPermissionTable(
  contributions: readonly PermissionContribution[],
  options: PermissionTableOptions = {},
): PermissionTable {
  const actions = collectActions(contributions);
  const descriptors = collectDescriptors(contributions);
  const roles = collectRoles(contributions, options.roles ?? []);
  const profileKeys = new Set(contributions.flatMap(({ profileKeys = [] }) => profileKeys.map(({ name }) => name)));
  const words: KnownWords = { actions, roles, profileKeys };
  const rows: SourcedRule[] = [
    ...contributions.flatMap(({ name, permissions = [] }) =>
      permissions.map((rule) => {
        checkPermissionRule(rule, `Plugin '${name}' has a permission that`, words);
        return { source: name, rule };
      }),
    ),
    ...(options.roles ?? []).flatMap((role, roleIndex) =>
      role.rules.map((given, index) => {
        const rule: PermissionRule = { ...given, roles: [role.name] };
        checkPermissionRule(rule, `roles[${roleIndex}].rules[${index}] ('${role.name}')`, words);
        return { source: 'settings', rule };
      }),
    ),
  ];
  const switches = contributions.flatMap(({ name, profileSwitches = [] }) =>
    profileSwitches.map((profileSwitch) => {
      checkProfileSwitch(profileSwitch, `Plugin '${name}' has a profile switch that`, words);
      return { source: name, profileSwitch };
    }),
  );

  const profileValues = options.profileValues ?? (() => undefined);
  const profileSwitches = createProfileSwitches(
    switches.map(({ profileSwitch }) => profileSwitch),
    profileValues,
  );
  const sourced: readonly SourcedRule[] = [{ source: 'longshore', rule: administrators }, ...rows];
  const factsOf = createFactsReader(descriptors);
  const keeping = new Set(
    [...descriptors.values()].flatMap(({ subject, keepsTenants }) => (keepsTenants ? subject : [])),
  );
  const shared = new Map<string, SharedAccess>();

  function sharedAccessOf(principal: Principal): SharedAccess {
    const holdings = holdingsOf(principal, roles);
    const granted = holdings.map((holding) => ({
      holding,
      rules: sourced.filter(({ rule }) => rule.roles.some((role) => holding.roles.has(role))).map(({ rule }) => rule),
    }));
    const key = rightsKey(
      principal,
      granted.flatMap(({ rules }) => rules),
    );
    const known = shared.get(key);
    if (known) return known;
    const access = createSharedAccess({
      rules: granted.flatMap(({ holding, rules }) =>
        rules
          .flatMap((rule) => fillRule(rule, principal, holding))
          .flatMap((rule) => keepTenants(rule, holding, keeping)),
      ),
      factsOf,
      knowsAction: (action) => actions.has(action),
      switches: profileSwitches,
      profileValues,
      unknownProfileAt: options.unknownProfileAt,
    });
    const oldest = shared.keys().next();
    if (shared.size >= maxSharedAccesses && !oldest.done) shared.delete(oldest.value);
    shared.set(key, access);
    return access;
  }

  return {
    actions: [...actions],
    roles,
    rules: sourced,
    switches,
    for: (principal) => withhold(createAccess(sharedAccessOf(principal), principal)),
    print: () =>
      [printRule('longshore', administrators), ...rows.map((row) => printRule(row.source, row.rule)).sort()].join('\n'),
  };
}

/** Only what the rules look at: two people with the same namespaces are one set of rights unless a rule asks who they are. */
function rightsKey(principal: Principal, granted: readonly PermissionRule[]): string {
  if (principal.roles.includes('ADMIN')) return 'ADMIN';
  const conditions = granted.map(conditionOf);
  const usesOwner = conditions.some(({ own }) => own);
  const usesPeople = conditions.some(({ principalIn }) => principalIn);
  const placesOf = (scopes: Principal['namespaces']) =>
    scopes.map((scope) => JSON.stringify([scope.cluster, scope.namespace])).sort();
  const tenants = (principal.memberships ?? [])
    .map(({ of, as, namespaces = [] }) => JSON.stringify([of, as, placesOf(namespaces)]))
    .sort();
  return JSON.stringify([
    [...principal.roles].sort(),
    placesOf(principal.namespaces),
    tenants,
    usesOwner || usesPeople ? principal.id : null,
    usesPeople ? [...principal.groups].sort() : null,
  ]);
}

function collectRoles(contributions: readonly PermissionContribution[], configured: readonly ConfiguredRole[]): Roles {
  return createRoles([
    ...contributions.flatMap(({ name, roles = [] }) =>
      roles.map((role) => ({ definedBy: name, at: `Plugin '${name}'`, role })),
    ),
    ...configured.map((role, index) => ({ definedBy: 'settings', at: `roles[${index}]`, role })),
  ]);
}

function collectActions(contributions: readonly PermissionContribution[]): ReadonlySet<string> {
  const owners = new Map<string, string>(builtInActions.map((action) => [action, 'longshore']));
  for (const { name, actions } of contributions) {
    for (const action of actions ?? []) {
      const owner = owners.get(action);
      if (owner !== undefined)
        throw new Error(`Plugin '${name}' adds the action '${action}', which '${owner}' already has.`);
      if (action === 'ALL' || !isActionName(action)) {
        throw new Error(
          `Plugin '${name}' adds the action '${action}'; an action is written UPPER_SNAKE and is not ALL.`,
        );
      }
      owners.set(action, name);
    }
  }
  return new Set(owners.keys());
}

function collectDescriptors(contributions: readonly PermissionContribution[]): ReadonlyMap<string, SubjectDescriptor> {
  const descriptors = new Map<string, SubjectDescriptor>([[secretSubject.subject, secretSubject]]);
  for (const { name, subjects = [], workspaceKinds = [] } of contributions) {
    for (const descriptor of [...subjects, ...workspaceKinds.map(describeWorkspaceKind)]) {
      if (descriptors.has(descriptor.subject)) {
        throw new Error(`Plugin '${name}' describes the subject '${descriptor.subject}', which is already described.`);
      }
      descriptors.set(descriptor.subject, descriptor);
    }
  }
  return descriptors;
}

function printRule(plugin: string, rule: PermissionRule): string {
  const list = (values: readonly string[] | 'ALL') => (values === 'ALL' ? 'ALL' : values.join(', '));
  const fields = rule.fields ? ` only ${rule.fields.join(', ')}` : '';
  const where =
    rule.where === undefined
      ? ''
      : ` where ${typeof rule.where === 'string' ? rule.where : JSON.stringify(rule.where)}`;
  return `${plugin}: ${rule.roles.join(', ')} may ${list(rule.actions)} ${list(rule.subjects)}${fields}${where}`;
}
