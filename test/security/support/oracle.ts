import type { PermissionRule } from '../../../src/access/permission-rule.ts';
import type { Caller } from './principals.ts';

/** What the oracle knows of a thing. */
export interface Place {
  readonly subject: string;
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly owner?: string | undefined;
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Tenants it lies in, as `<kind>/<uuid>`. */
  readonly tenants?: readonly string[];
}

/**
 * A second, tiny reading of the permission rules: role × subject × action × namespace, in the plainest words there are.
 * Shares no code with the evaluator of the product; the two must agree on every cell.
 */
export interface Oracle {
  may(caller: Caller, action: string, place: Place): boolean;
  /** Whether any thing of these subjects could be allowed. */
  mayEver(caller: Caller, action: string, subjects: readonly string[]): boolean;
}

export function createOracle(rules: readonly PermissionRule[]): Oracle {
  /** What a caller holds by its token, and apart from that what it holds by belonging somewhere. */
  const holdingsOf = (caller: Caller) => {
    const tenants = caller.tenants?.() ?? [];
    const roles = caller.roles.flatMap((role) => extending[role] ?? [role]);
    const own = { roles, scopes: caller.scopes, tenants, isLent: false };
    const lent = { roles: ['DEVELOPER', 'GUEST'], scopes: caller.memberScopes ?? [], tenants, isLent: true };
    return tenants.length === 0 ? [own] : [own, lent];
  };
  const rulesFor = (roles: readonly string[], action: string, subject: string) =>
    rules.filter(
      (rule) =>
        rule.fields === undefined &&
        rule.roles.some((role) => roles.includes(role)) &&
        (rule.actions === 'ALL' || rule.actions.includes(action)) &&
        (rule.subjects === 'ALL' || rule.subjects.includes(subject)),
    );

  return {
    may(caller, action, place) {
      if (!caller.isKnown) return false;
      if (caller.roles.includes('ADMIN')) return true;
      return holdingsOf(caller).some(({ roles, scopes, tenants, isLent }) =>
        rulesFor(roles, action, place.subject).some((rule) => {
          const { inNamespaces: saysNamespaces, own, facts, member, tenantKind } = conditionsOf(rule);
          // A record is of the tenants that its thing lay in then, whoever has the namespace now.
          const goesByTenants = saysNamespaces && isLent && place.subject === 'core/OperationRecord';
          if (goesByTenants && !isMember(tenants, place, 'DEVELOPER', undefined)) return false;
          const inNamespaces = saysNamespaces && !goesByTenants;
          if (member !== undefined && !isMember(tenants, place, member, tenantKind)) return false;
          if (inNamespaces && !isIn(scopes, place)) return false;
          if (own && place.owner !== caller.id) return false;
          return facts.every(([name, values]) => values.includes(place.facts?.[name]));
        }),
      );
    },
    mayEver(caller, action, subjects) {
      if (!caller.isKnown) return false;
      if (caller.roles.includes('ADMIN')) return true;
      return subjects.some((subject) =>
        holdingsOf(caller).some(({ roles, scopes }) =>
          rulesFor(roles, action, subject).some((rule) => {
            const { inNamespaces, own, facts, member, isOfProfiles } = conditionsOf(rule);
            // A rule with nothing but namespaces grants nothing to who has none; with more, only an instance tells.
            return (
              !inNamespaces || scopes.length > 0 || own || facts.length > 0 || member !== undefined || isOfProfiles
            );
          }),
        ),
      );
    },
  };
}

const extending: Readonly<Record<string, readonly string[]>> = { DEVELOPER: ['DEVELOPER', 'GUEST'] };

function conditionsOf({ where }: PermissionRule) {
  const asObject = typeof where === 'object' ? where : { namespaces: where === 'namespaces', own: where === 'own' };
  return {
    inNamespaces: asObject.namespaces === true,
    own: asObject.own === true,
    isOfProfiles: 'profile' in asObject,
    member: 'member' in asObject ? asObject.member : undefined,
    tenantKind: 'tenantKind' in asObject ? asObject.tenantKind : undefined,
    facts: Object.entries(('facts' in asObject && asObject.facts) || {}).map(
      ([name, values]) => [name, [values].flat()] as [string, unknown[]],
    ),
  };
}

function isIn(scopes: Caller['scopes'], { subject, cluster, namespace, tenants }: Place): boolean {
  // Tenants have namespaces, and lie in none.
  if (tenants !== undefined && subject !== 'core/OperationRecord') return false;
  if (namespace === undefined || cluster === undefined) return false;
  return scopes.some((scope) => scope.namespace === namespace && (scope.cluster === '*' || scope.cluster === cluster));
}

/** Whoever administers also develops, and whoever develops also sees that the thing is there. */
const includes = { GUEST: ['GUEST', 'DEVELOPER', 'ADMIN'], DEVELOPER: ['DEVELOPER', 'ADMIN'], ADMIN: ['ADMIN'] };

type Tenants = ReturnType<NonNullable<Caller['tenants']>>;

function isMember(tenants: Tenants, place: Place, as: keyof typeof includes, kind: string | undefined): boolean {
  return tenants.some(
    ([tenant, rank]) =>
      includes[as].includes(rank) &&
      (kind === undefined || tenant.split('/')[0] === kind) &&
      place.tenants?.includes(tenant) === true,
  );
}
