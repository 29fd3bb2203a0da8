import type { Principal, Role } from '../kernel/principal.ts';
import type { Access } from './access.ts';
import { builtInActions, isActionName } from './actions.ts';
import { checkPermissionRule } from './check-permission-rule.ts';
import { createAccess, createSharedAccess, type SharedAccess } from './create-access.ts';
import { fillRule } from './granted-rule.ts';
import type { PermissionRule } from './permission-rule.ts';
import { secretSubject } from './secret-subject.ts';
import { createFactsReader, type SubjectDescriptor } from './subject-facts.ts';

/** The part of a plugin's manifest that this room reads. */
export interface PermissionContribution {
  readonly name: string;
  readonly permissions?: readonly PermissionRule[] | undefined;
  readonly actions?: readonly string[] | undefined;
  readonly subjects?: readonly SubjectDescriptor[] | undefined;
}

/** Who may do what, for the whole gateway. */
export interface PermissionTable {
  /** All actions, built-in and added; the members of the enum `Action`. */
  readonly actions: readonly string[];
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
export function createPermissionTable(contributions: readonly PermissionContribution[]): PermissionTable {
  const actions = collectActions(contributions);
  const descriptors = collectDescriptors(contributions);
  const rows = contributions.flatMap(({ name, permissions }) =>
    (permissions ?? []).map((rule) => ({ plugin: name, rule })),
  );
  for (const { plugin, rule } of rows) checkPermissionRule(rule, plugin, actions);

  const rules = [administrators, ...rows.map((row) => row.rule)];
  const factsOf = createFactsReader(descriptors);
  const shared = new Map<string, SharedAccess>();

  function sharedAccessOf(principal: Principal): SharedAccess {
    const granted = rules.filter((rule) => rule.roles.some((role) => principal.roles.includes(role)));
    const key = rightsKey(principal, granted);
    const known = shared.get(key);
    if (known) return known;
    const access = createSharedAccess({
      rules: granted.map((rule) => fillRule(rule, principal)),
      factsOf,
      knowsAction: (action) => actions.has(action),
    });
    const oldest = shared.keys().next();
    if (shared.size >= maxSharedAccesses && !oldest.done) shared.delete(oldest.value);
    shared.set(key, access);
    return access;
  }

  return {
    actions: [...actions],
    for: (principal) => createAccess(sharedAccessOf(principal), principal),
    print: () =>
      [printRule('longshore', administrators), ...rows.map((row) => printRule(row.plugin, row.rule)).sort()].join('\n'),
  };
}

/** Only what the rules look at: two people with the same namespaces are one set of rights unless a rule asks who owns. */
function rightsKey(principal: Principal, granted: readonly PermissionRule[]): string {
  if (principal.roles.includes('ADMIN')) return 'ADMIN';
  const usesOwner = granted.some((rule) => rule.where === 'own' || (typeof rule.where === 'object' && rule.where.own));
  const scopes = principal.namespaces.map((scope) => JSON.stringify([scope.cluster, scope.namespace])).sort();
  const tenants = (principal.memberships ?? [])
    .map((membership) => JSON.stringify([membership.of, membership.as]))
    .sort();
  return JSON.stringify([
    [...principal.roles].sort() satisfies Role[],
    scopes,
    tenants,
    usesOwner ? principal.id : null,
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
  for (const { name, subjects } of contributions) {
    for (const descriptor of subjects ?? []) {
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
