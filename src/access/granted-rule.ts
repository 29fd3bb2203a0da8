import { membershipRanks, type NamespaceScope, type Principal, type Role } from '../kernel/principal.ts';
import type { Holding } from './holdings.ts';
import type { PermissionCondition, PermissionRule } from './permission-rule.ts';
import type { ProfileValues } from './profile-values.ts';
import type { Fact, SubjectFacts } from './subject-facts.ts';

/** A rule's condition with the principal's values filled in; all of it must hold. Data, so that it can become SQL. */
export interface GrantedCondition {
  /** It lies in one of these; sorted, without duplicates. */
  readonly namespaces?: readonly NamespaceScope[];
  /** It is none of these; see `keepTenants`. */
  readonly exceptSubjects?: readonly string[];
  /** It belongs to this principal. */
  readonly owner?: string;
  /** It lies in one of these tenants; sorted, without duplicates. An empty list holds for nothing. */
  readonly tenants?: readonly string[];
  /** One of these names is on one of these lists of people of the instance. */
  readonly people?: { readonly lists: readonly string[]; readonly names: readonly string[] };
  /** Each of these facts has one of its values. */
  readonly facts?: Readonly<Record<string, readonly Fact[]>>;
  /** Each of these keys has one of its values in the profile in force where the instance lies. */
  readonly profile?: Readonly<Record<string, readonly Fact[]>>;
}

/** A rule as one principal has it. */
export interface GrantedRule {
  readonly actions: readonly string[] | 'ALL';
  readonly subjects: readonly string[] | 'ALL';
  readonly fields: readonly string[] | undefined;
  readonly condition: GrantedCondition | undefined;
}

/**
 * Fills into a rule what a principal holds, in one spelling per meaning: lists sorted, duplicates gone. A role that comes
 * with a membership holds inside its tenant alone: a rule that names no place is bound to the tenant and its namespaces.
 * Rules for GUEST are of what all members share, and hold as they are written.
 */
export function fillRule(
  rule: PermissionRule,
  principal: Pick<Principal, 'id' | 'groups'>,
  holding: Holding,
): readonly GrantedRule[] {
  const { namespaces, own, member, tenantKind, principalIn, facts, profile } = conditionOf(rule);
  const filled: GrantedCondition = {
    ...(namespaces && { namespaces: sortedScopes(holding.namespaces) }),
    ...(own && { owner: principal.id }),
    ...(member && { tenants: tenantsOf(holding, member, tenantKind) }),
    ...(principalIn && { people: { lists: sorted(principalIn), names: namesOf(principal) } }),
    ...(facts && { facts: sortedFacts(facts) }),
    ...(profile && { profile: sortedFacts(profile) }),
  };
  const isBound = holding.isOfMemberships && !namespaces && !member && !rule.roles.includes('GUEST' satisfies Role);
  const conditions = isBound
    ? [
        { ...filled, namespaces: sortedScopes(holding.namespaces) },
        { ...filled, tenants: tenantsOf(holding, 'GUEST', undefined) },
      ]
    : [Object.keys(filled).length === 0 ? undefined : filled];
  return conditions.map((condition) => ({
    actions: rule.actions === 'ALL' ? 'ALL' : sorted(rule.actions),
    subjects: rule.subjects === 'ALL' ? 'ALL' : sorted(rule.subjects),
    fields: rule.fields && sorted(rule.fields),
    condition,
  }));
}

/** A rule's condition with its short forms written out. */
export function conditionOf({ where }: Pick<PermissionRule, 'where'>): Exclude<PermissionCondition, string> {
  if (where === undefined) return {};
  return where === 'namespaces' ? { namespaces: true } : where === 'own' ? { own: true } : where;
}

/** Whether a condition with its values filled in holds for these facts. */
export function holdsFor(condition: GrantedCondition, profileValues: ProfileValues): (facts: SubjectFacts) => boolean {
  const clusters = condition.namespaces && byCluster(condition.namespaces);
  const tenants = condition.tenants && new Set(condition.tenants);
  const people = condition.people && { ...condition.people, names: new Set(condition.people.names) };
  const wanted = Object.entries(condition.facts ?? {});
  const limits = Object.entries(condition.profile ?? {});
  return (facts) => {
    if (condition.exceptSubjects?.includes(facts.subject)) return false;
    if (clusters && !liesIn(clusters, facts.cluster, facts.namespace)) return false;
    if (condition.owner !== undefined && facts.owner !== condition.owner) return false;
    if (tenants && !facts.tenants?.some((tenant) => tenants.has(tenant))) return false;
    if (people && !people.lists.some((list) => ownOf(facts.people, list)?.some((name) => people.names.has(name)))) {
      return false;
    }
    const hasFacts = wanted.every(([name, values]) => {
      const value = ownOf(facts.facts, name);
      return value !== undefined && values.includes(value);
    });
    if (!hasFacts) return false;
    return limits.every(([key, values]) => {
      const value = profileValues(facts, key);
      return value !== undefined && values.includes(value);
    });
  };
}

/** Namespaces by cluster; `*` stands for every cluster. */
export type NamespacesByCluster = ReadonlyMap<string, ReadonlySet<string>>;

export function byCluster(scopes: readonly NamespaceScope[]): NamespacesByCluster {
  const clusters = new Map<string, Set<string>>();
  for (const { cluster, namespace } of scopes) {
    const namespaces = clusters.get(cluster) ?? new Set();
    clusters.set(cluster, namespaces.add(namespace));
  }
  return clusters;
}

export function liesIn(
  clusters: NamespacesByCluster,
  cluster: string | undefined,
  namespace: string | undefined,
): boolean {
  if (cluster === undefined || namespace === undefined) return false;
  return clusters.get(cluster)?.has(namespace) === true || clusters.get('*')?.has(namespace) === true;
}

/** What lists of people call this principal: its id, and `group:` with each of its groups. */
function namesOf({ id, groups }: Pick<Principal, 'id' | 'groups'>): readonly string[] {
  return sorted([id, ...groups.map((group) => `group:${group}`)]);
}

function tenantsOf(
  { memberships }: Holding,
  rank: (typeof membershipRanks)[number],
  kind: string | undefined,
): readonly string[] {
  const enough = membershipRanks.slice(membershipRanks.indexOf(rank));
  return sorted(
    memberships
      .filter((membership) => enough.includes(membership.rank))
      .filter(({ of }) => kind === undefined || of.startsWith(`${kind}/`))
      .map(({ of }) => of),
  );
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

function sortedScopes(scopes: readonly NamespaceScope[]): readonly NamespaceScope[] {
  const known = new Map(scopes.map((scope) => [JSON.stringify([scope.cluster, scope.namespace]), scope]));
  return [...known]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { cluster, namespace }]) => ({ cluster, namespace }));
}

function sortedFacts(
  facts: Readonly<Record<string, Fact | readonly Fact[]>>,
): Readonly<Record<string, readonly Fact[]>> {
  const entries = Object.entries(facts).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(
    entries.map(([name, values]) => [
      name,
      [...new Set(Array.isArray(values) ? (values as readonly Fact[]) : [values as Fact])].sort(compareFacts),
    ]),
  );
}

function compareFacts(one: Fact, other: Fact): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

/** What everything inherits is nothing that an instance says. */
function ownOf<T>(map: Readonly<Record<string, T | undefined>> | undefined, name: string): T | undefined {
  return map && Object.hasOwn(map, name) ? map[name] : undefined;
}
