import { createHash } from 'node:crypto';
import { ForbiddenError } from '../kernel/answer-error.ts';
import type { Principal } from '../kernel/principal.ts';
import type { Access, ReadFilter } from './access.ts';
import { createAbility } from './create-ability.ts';
import {
  byCluster,
  type GrantedCondition,
  type GrantedRule,
  liesIn,
  type NamespacesByCluster,
} from './granted-rule.ts';
import { describeSubject, notFound } from './not-found.ts';
import { isReading, type ProfileSwitches } from './profile-switches.ts';
import type { ProfileValues, UnknownProfileAt } from './profile-values.ts';
import { type Instance, namespaceSubject, type SubjectFacts } from './subject-facts.ts';

/** What the rules say about (action, subject, field), as far as it can be known without an instance. */
type Verdict = 'all' | 'none' | { readonly within: NamespacesByCluster } | 'test';

/** The number of verdicts kept; kinds can be named by callers, so it must have an end. */
const maxVerdicts = 5_000;

/** The part of an access that all principals with the same rights share. */
export type SharedAccess = Omit<Access, 'principal'>;

export function createSharedAccess(options: {
  readonly rules: readonly GrantedRule[];
  readonly factsOf: (instance: Instance) => SubjectFacts;
  readonly knowsAction: (action: string) => boolean;
  readonly switches: ProfileSwitches;
  readonly profileValues: ProfileValues;
  /** See `Profiles.unknownAt`. */
  readonly unknownProfileAt?: UnknownProfileAt | undefined;
}): SharedAccess {
  const { factsOf, switches, unknownProfileAt } = options;
  const ability = createAbility(options.rules, options.profileValues);
  const verdicts = new Map<string, Verdict>();

  function verdictOn(action: string, subject: string, field: string | undefined): Verdict {
    const key = `${action} ${subject} ${field ?? ''}`;
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    if (!options.knowsAction(action)) throw new Error(`The action '${action}' is declared by no plugin.`);
    const verdict = judge(ability.conditions(action, subject, field));
    if (verdicts.size >= maxVerdicts) verdicts.clear();
    verdicts.set(key, verdict);
    return verdict;
  }

  function isAllowed(action: string, facts: SubjectFacts, field: string | undefined): boolean {
    return isGranted(action, facts, field) && deniedToAll(action, facts) === undefined;
  }

  /** Why nobody may, whatever their role: a limit that cannot be found out must not be taken for one that is not there. */
  function deniedToAll(action: string, facts: SubjectFacts): string | undefined {
    if (isReading(action)) return undefined;
    const key = switches.switchedOffBy(action, facts);
    if (key !== undefined) return `its profile has '${key}' switched off`;
    const unknown = unknownProfileAt?.(facts);
    if (unknown === undefined) return undefined;
    return `its workspace carries the profile '${unknown}', which is not there; give the workspace another`;
  }

  function isGranted(action: string, facts: SubjectFacts, field: string | undefined): boolean {
    const verdict = verdictOn(action, facts.subject, field);
    if (verdict === 'all') return true;
    if (verdict === 'none') return false;
    if (verdict === 'test') return ability.allows(action, facts, field);
    return liesIn(verdict.within, facts.cluster, facts.namespace);
  }

  const isBoundToProfiles = (action: string): boolean => unknownProfileAt !== undefined && !isReading(action);

  return {
    canonical: canonicalOf(options.rules),
    allowed: (action, instance, field) => isAllowed(action, factsOf(instance), field),
    requireAllowed(action, instance, field) {
      const facts = factsOf(instance);
      if (isAllowed(action, facts, field)) return;
      if (!isAllowed('READ', facts, undefined)) throw notFound(facts);
      const reason = isGranted(action, facts, field) ? deniedToAll(action, facts) : undefined;
      const what = `${sayAction(action)} ${describeSubject(facts)}`;
      throw new ForbiddenError(reason === undefined ? `You may not ${what}.` : `Nobody may ${what}: ${reason}.`);
    },
    readFilter(subject, cluster, action = 'READ') {
      const verdict = verdictOn(action, subject, undefined);
      if (verdict === 'none') return verdict;
      if (switches.concern(action, subject) || isBoundToProfiles(action))
        return { test: (instance) => isAllowed(action, factsOf(instance), undefined) };
      if (verdict === 'all') return verdict;
      // Namespaces are not in a namespace, so a set of namespaces to look into would find none.
      if (verdict !== 'test' && subject !== namespaceSubject) return namespacesOf(verdict.within, cluster);
      return { test: (instance) => isAllowed(action, factsOf(instance), undefined) };
    },
    conditionsFor(action, subject) {
      if (verdictOn(action, subject, undefined) === 'all') return 'all';
      return ability.conditions(action, subject, undefined).filter((condition) => condition !== undefined);
    },
    tenantsOf: (instance) => factsOf(instance).tenants ?? [],
    mayEver: (action, subject) => verdictOn(action, subject, undefined) !== 'none',
    isSettled: (action, subject) =>
      !switches.concern(action, subject) &&
      !isBoundToProfiles(action) &&
      ability.conditions(action, subject, undefined).every((condition) => condition?.profile === undefined),
  };
}

export function createAccess(shared: SharedAccess, principal: Principal): Access {
  return { ...shared, principal };
}

function judge(conditions: readonly (GrantedCondition | undefined)[]): Verdict {
  if (conditions.length === 0) return 'none';
  if (conditions.includes(undefined)) return 'all';
  const scopes = conditions.map((condition) =>
    condition && Object.keys(condition).length === 1 ? condition.namespaces : undefined,
  );
  if (scopes.some((scope) => scope === undefined)) return 'test';
  const within = scopes.flatMap((scope) => scope ?? []);
  return within.length === 0 ? 'none' : { within: byCluster(within) };
}

function namespacesOf(within: NamespacesByCluster, cluster: string): ReadFilter {
  const namespaces = new Set([...(within.get(cluster) ?? []), ...(within.get('*') ?? [])]);
  return namespaces.size === 0 ? 'none' : { namespaces };
}

/** Rules only add, so their order and repetition mean nothing and neither may show. */
function canonicalOf(rules: readonly GrantedRule[]): string {
  const everything = rules.some(
    (rule) => rule.actions === 'ALL' && rule.subjects === 'ALL' && !rule.fields && !rule.condition,
  );
  const lines = everything
    ? ['everything']
    : [
        ...new Set(
          rules.map((rule) =>
            JSON.stringify([rule.actions, rule.subjects, rule.fields ?? null, rule.condition ?? null]),
          ),
        ),
      ].sort();
  return createHash('sha256').update(lines.join('\n')).digest('base64url');
}

/** `READ_LOGS` → `read logs of`. */
function sayAction(action: string): string {
  const words = action.toLowerCase().replaceAll('_', ' ');
  return words.includes(' ') ? `${words} of` : words;
}
