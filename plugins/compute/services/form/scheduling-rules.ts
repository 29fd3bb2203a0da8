import { isLabelKey, isLabelValue } from 'longshore/sdk';
import type { Draft } from './draft.ts';
import type { Maybe } from './maybe.ts';
import type { Path } from './places.ts';
import type { Operator, PodAffinityForm, RuleForm, SchedulingForm } from './scheduling.ts';

type Refuse = (from: Path, code: string, message: string) => void;

/** Says what is wrong with rules by themselves (CMP-58 to CMP-60); what they name in the cluster is looked for elsewhere. */
export function refuseBadRules(spec: Draft, form: SchedulingForm): void {
  const refuse: Refuse = (from, code, message) => spec.refuse(['scheduling', ...from], code, message);
  const seen = new Set<string>();
  for (const [index, { key, value }] of (form.nodeLabels ?? []).entries()) {
    if (seen.has(key)) refuse(['nodeLabels', index, 'key'], 'duplicate', `'${key}' is there twice`);
    seen.add(key);
    checkKey(refuse, ['nodeLabels', index], key);
    checkValue(refuse, ['nodeLabels', index, 'value'], value);
  }
  checkRules(refuse, ['nodeAffinity'], form.nodeAffinity, nodeOperators);
  for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
    const rules: Maybe<PodAffinityForm> = form[kind];
    checkRules(refuse, [kind], rules, podOperators);
    for (const list of ['required', 'preferred'] as const) {
      for (const [index, { topologyKey }] of (rules?.[list] ?? []).entries()) {
        if (typeof topologyKey !== 'string' || isLabelKey(topologyKey)) continue;
        const message = `topologyKey must be a label of nodes, e.g. topology.kubernetes.io/zone, got '${topologyKey}'`;
        refuse([kind, list, index, 'topologyKey'], 'invalid_label_key', message);
      }
    }
  }
}

const nodeOperators: readonly Operator[] = ['IN', 'NOT_IN', 'EXISTS', 'DOES_NOT_EXIST', 'GT', 'LT'];
/** A label selector does not compare numbers (meta/v1 LabelSelectorRequirement). */
const podOperators: readonly Operator[] = ['IN', 'NOT_IN', 'EXISTS', 'DOES_NOT_EXIST'];

interface Rules {
  readonly required?: Maybe<readonly RuleForm[]>;
  readonly preferred?: Maybe<readonly (RuleForm & { readonly weight: number })[]>;
}

function checkRules(refuse: Refuse, at: Path, rules: Maybe<Rules>, operators: readonly Operator[]): void {
  for (const [index, rule] of (rules?.required ?? []).entries()) {
    checkRule(refuse, [...at, 'required', index], rule, operators);
  }
  for (const [index, rule] of (rules?.preferred ?? []).entries()) {
    checkRule(refuse, [...at, 'preferred', index], rule, operators);
    if (rule.weight >= 1 && rule.weight <= 100) continue;
    refuse([...at, 'preferred', index, 'weight'], 'out_of_range', `weight must be 1 to 100, got ${rule.weight}`);
  }
}

function checkRule(
  refuse: Refuse,
  at: Path,
  { key, operator, values }: RuleForm,
  operators: readonly Operator[],
): void {
  checkKey(refuse, at, key);
  if (!operators.includes(operator)) {
    const message = `operator must be one of ${operators.join(', ')} for labels of pods, got ${operator}`;
    refuse([...at, 'operator'], 'not_offered', message);
    return;
  }
  const count = values?.length ?? 0;
  const isCompared = operator === 'GT' || operator === 'LT';
  if (isCompared && (count !== 1 || !/^[+-]?\d+$/.test(values?.[0] ?? ''))) {
    refuse([...at, 'values'], 'not_one_number', `values must be one whole number with ${operator}`);
  } else if ((operator === 'EXISTS' || operator === 'DOES_NOT_EXIST') && count > 0) {
    refuse([...at, 'values'], 'unused', `values mean nothing with ${operator}`);
  } else if ((operator === 'IN' || operator === 'NOT_IN') && count === 0) {
    refuse([...at, 'values'], 'required', `values must have at least one value with ${operator}`);
  }
  if (isCompared) return;
  for (const [index, value] of (values ?? []).entries()) checkValue(refuse, [...at, 'values', index], value);
}

function checkKey(refuse: Refuse, at: Path, key: string): void {
  if (!isLabelKey(key)) refuse([...at, 'key'], 'invalid_label_key', `'${key}' is no key such as example.com/disk`);
}

function checkValue(refuse: Refuse, at: Path, value: string): void {
  if (isLabelValue(value)) return;
  const message = `'${value}' is no label value: up to 63 letters, digits, '-', '_' and '.'`;
  refuse(at, 'invalid_label_value', message);
}
