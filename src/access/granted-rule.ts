import type { NamespaceScope, Principal } from '../kernel/principal.ts';
import type { PermissionRule } from './permission-rule.ts';
import type { Fact, SubjectFacts } from './subject-facts.ts';

/** A rule's condition with the principal's values filled in; all of it must hold. Data, so that it can become SQL. */
export interface GrantedCondition {
  /** It lies in one of these; sorted, without duplicates. */
  readonly namespaces?: readonly NamespaceScope[];
  /** It belongs to this principal. */
  readonly owner?: string;
  /** Each of these facts has one of its values. */
  readonly facts?: Readonly<Record<string, readonly Fact[]>>;
}

/** A rule as one principal has it. */
export interface GrantedRule {
  readonly actions: readonly string[] | 'ALL';
  readonly subjects: readonly string[] | 'ALL';
  readonly fields: readonly string[] | undefined;
  readonly condition: GrantedCondition | undefined;
}

/** Fills the principal's values into a rule, in one spelling per meaning: lists sorted, duplicates gone. */
export function fillRule(rule: PermissionRule, principal: Pick<Principal, 'id' | 'namespaces'>): GrantedRule {
  return {
    actions: rule.actions === 'ALL' ? 'ALL' : sorted(rule.actions),
    subjects: rule.subjects === 'ALL' ? 'ALL' : sorted(rule.subjects),
    fields: rule.fields && sorted(rule.fields),
    condition: fillCondition(rule.where, principal),
  };
}

/** Whether a condition with its values filled in holds for these facts. */
export function holdsFor(condition: GrantedCondition): (facts: SubjectFacts) => boolean {
  const clusters = condition.namespaces && byCluster(condition.namespaces);
  const wanted = Object.entries(condition.facts ?? {});
  return (facts) => {
    if (clusters && !liesIn(clusters, facts.cluster, facts.namespace)) return false;
    if (condition.owner !== undefined && facts.owner !== condition.owner) return false;
    return wanted.every(([name, values]) => {
      const value = facts.facts && Object.hasOwn(facts.facts, name) ? facts.facts[name] : undefined;
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

function fillCondition(
  where: PermissionRule['where'],
  principal: Pick<Principal, 'id' | 'namespaces'>,
): GrantedCondition | undefined {
  if (where === undefined) return undefined;
  const { namespaces, own, facts } =
    where === 'namespaces'
      ? { namespaces: true, own: undefined, facts: undefined }
      : where === 'own'
        ? { namespaces: undefined, own: true, facts: undefined }
        : where;
  return {
    ...(namespaces && { namespaces: sortedScopes(principal.namespaces) }),
    ...(own && { owner: principal.id }),
    ...(facts && { facts: sortedFacts(facts) }),
  };
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
