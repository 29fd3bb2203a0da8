import { asList, asObjectList, type JsonObject } from '../machinery/json.ts';
import type { AccessAttributes } from './authorizer.ts';

/** A rule of rbac.authorization.k8s.io/v1 with every list there. It can only grant. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** Whether the rule grants what is asked (RBAC concept page, "API objects"). */
export function ruleAllows(rule: PolicyRule, asked: AccessAttributes): boolean {
  if (!rule.verbs.includes('*') && !rule.verbs.includes(asked.verb)) return false;
  const { path } = asked;
  if (path !== undefined) return rule.nonResourceURLs.some((url) => urlMatches(url, path));
  return (
    (rule.apiGroups.includes('*') || rule.apiGroups.includes(asked.group)) &&
    rule.resources.some((resource) => resourceMatches(resource, asked)) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(asked.name))
  );
}

/** `/healthz/*` covers everything that begins with `/healthz/`; a star elsewhere is a plain character. */
export function urlMatches(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === path) return true;
  return pattern.endsWith('*') && path.startsWith(pattern.replace(/\*+$/, ''));
}

/** The rules in the `rules` of a role, whatever shape they were stored in. */
export function readRules(role: Readonly<JsonObject>): readonly PolicyRule[] {
  return asObjectList(role.rules).map((rule) => ({
    verbs: strings(rule.verbs),
    apiGroups: strings(rule.apiGroups),
    resources: strings(rule.resources),
    resourceNames: strings(rule.resourceNames),
    nonResourceURLs: strings(rule.nonResourceURLs),
  }));
}

/** The rule as an object of the API: lists that say nothing are left out. */
export function printRule(rule: PolicyRule): JsonObject {
  const { verbs, ...scopes } = rule;
  return { verbs, ...Object.fromEntries(Object.entries(scopes).filter(([, list]) => list.length > 0)) };
}

function resourceMatches(pattern: string, { resource, subresource }: AccessAttributes): boolean {
  if (pattern === '*') return true;
  if (subresource === '') return pattern === resource;
  return pattern === `${resource}/${subresource}` || pattern === `*/${subresource}`;
}

function strings(value: unknown): readonly string[] {
  return asList(value).filter((each) => typeof each === 'string');
}
