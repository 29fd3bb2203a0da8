import { goQuote, goQuoteList } from './go-quote.ts';
import { type PolicyRule, urlMatches } from './policy-rule.ts';

/**
 * What of the wanted rules the held ones do not cover: first broken down to single verbs on single things, each of
 * which one held rule must cover alone, then gathered again by resource for the reader.
 */
export function missingRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  const missing = wanted.flatMap(breakDown).filter((single) => !held.some((rule) => covers(rule, single)));
  const byResource = new Map<string, PolicyRule>();
  for (const rule of missing) {
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames, rule.nonResourceURLs]);
    const isPath = rule.nonResourceURLs.length > 0;
    const known = isPath ? undefined : byResource.get(key);
    byResource.set(isPath ? `${key} ${rule.verbs[0]}` : key, {
      ...rule,
      verbs: [...(known?.verbs ?? []), ...rule.verbs],
    });
  }
  return [...byResource.values()];
}

/** `{APIGroups:["apps"], Resources:["deployments"], Verbs:["get"]}`, as refusals of an escalation list them. */
export function describeRule(rule: PolicyRule): string {
  const parts: readonly [string, readonly string[]][] = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ];
  const shown = parts.filter(([, list]) => list.length > 0).map(([name, list]) => `${name}:${goQuoteList(list)}`);
  return `{${shown.join(', ')}}`;
}

/** The refusal of a grant, or undefined when everything wanted is held. */
export function describeEscalation(
  user: { readonly username: string; readonly groups: readonly string[] },
  held: { readonly rules: readonly PolicyRule[]; readonly errors: readonly string[] },
  wanted: readonly PolicyRule[],
): string | undefined {
  const missing = missingRules(held.rules, wanted);
  if (missing.length === 0) return undefined;
  const lines = [...new Set(missing.map(describeRule))].sort();
  const who = `user ${goQuote(user.username)} (groups=${goQuoteList(user.groups)})`;
  const errors = held.errors.length === 0 ? '' : `; resolution errors: [${held.errors.join(', ')}]`;
  return `${who} is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}${errors}`;
}

function breakDown(rule: PolicyRule): PolicyRule[] {
  const singles: PolicyRule[] = [];
  const nothing = { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };
  for (const group of rule.apiGroups) {
    for (const resource of rule.resources) {
      for (const verb of rule.verbs) {
        const single = { ...nothing, apiGroups: [group], resources: [resource], verbs: [verb] };
        if (rule.resourceNames.length === 0) singles.push(single);
        for (const name of rule.resourceNames) singles.push({ ...single, resourceNames: [name] });
      }
    }
  }
  for (const url of rule.nonResourceURLs) {
    for (const verb of rule.verbs) singles.push({ ...nothing, nonResourceURLs: [url], verbs: [verb] });
  }
  return singles;
}

function covers(owner: PolicyRule, single: PolicyRule): boolean {
  return (
    hasAll(owner.verbs, single.verbs) &&
    hasAll(owner.apiGroups, single.apiGroups) &&
    single.resources.every((resource) => coversResource(owner.resources, resource)) &&
    single.nonResourceURLs.every((url) => owner.nonResourceURLs.some((pattern) => urlMatches(pattern, url))) &&
    (owner.resourceNames.length === 0 ||
      (single.resourceNames.length > 0 && single.resourceNames.every((name) => owner.resourceNames.includes(name))))
  );
}

function hasAll(owned: readonly string[], wanted: readonly string[]): boolean {
  return owned.includes('*') || wanted.every((each) => owned.includes(each));
}

function coversResource(owned: readonly string[], wanted: string): boolean {
  if (owned.includes('*') || owned.includes(wanted)) return true;
  const slash = wanted.indexOf('/');
  return slash !== -1 && owned.includes(`*/${wanted.slice(slash + 1)}`);
}
