import { asObject, asObjectList, isEqualJson, type JsonObject } from '../machinery/json.ts';
import { matchesLabelSelector, parseSelectorObject } from '../machinery/label-selector.ts';
import type { ClusterObject } from '../store/types.ts';

/**
 * The rules an aggregated ClusterRole should have: those of all roles its selectors find, each once, selector by
 * selector in the order of names. Undefined for a role that aggregates nothing.
 */
export function aggregateRules(role: ClusterObject, all: readonly ClusterObject[]): readonly JsonObject[] | undefined {
  const selectors = asObjectList(asObject(role.aggregationRule)?.clusterRoleSelectors);
  if (selectors.length === 0) return undefined;
  const rules: JsonObject[] = [];
  const sorted = [...all].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  for (const selector of selectors) {
    const requirements = parseSelectorObject(selector);
    for (const other of sorted) {
      if (other.metadata.name === role.metadata.name || !matchesLabelSelector(requirements, other.metadata.labels))
        continue;
      for (const rule of asObjectList(other.rules)) {
        if (!rules.some((known) => isEqualJson(known, rule))) rules.push(rule);
      }
    }
  }
  return rules;
}
