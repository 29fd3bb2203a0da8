import { sortedEntries } from '../machinery/json.ts';
import type { LabelSelector } from './kubernetes-shapes.ts';

/** A selector as the real controllers print it in messages: the way Go prints the structure. */
export function printGoSelector(selector: LabelSelector): string {
  const labels = sortedEntries(selector.matchLabels).map(([key, value]) => `${key}: ${value},`);
  const requirements = (selector.matchExpressions ?? []).map(
    ({ key, operator, values }) => `{${key} ${operator} [${(values ?? []).join(' ')}]},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${requirements.join('')}},}`;
}
