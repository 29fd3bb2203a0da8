import { stoppedNodeLabel } from '../operations/stopped-state.ts';
import { valueAt } from '../rules/seen-workload.ts';
import type { Draft, Json } from './draft.ts';
import { type Maybe, mapped } from './maybe.ts';
import { refuseBadRules } from './scheduling-rules.ts';

export type Operator = 'IN' | 'NOT_IN' | 'EXISTS' | 'DOES_NOT_EXIST' | 'GT' | 'LT';

/** A rule for the labels of a node or pod. */
export interface RuleForm {
  readonly key: string;
  readonly operator: Operator;
  readonly values?: Maybe<readonly string[]>;
}

export interface WeightedRuleForm extends RuleForm {
  readonly weight: number;
}

export interface NodeAffinityForm {
  readonly required?: Maybe<readonly RuleForm[]>;
  readonly preferred?: Maybe<readonly WeightedRuleForm[]>;
}

export interface PodRuleForm extends RuleForm {
  readonly topologyKey?: Maybe<string>;
}

export interface PodAffinityForm {
  readonly required?: Maybe<readonly PodRuleForm[]>;
  readonly preferred?: Maybe<readonly (PodRuleForm & { readonly weight: number })[]>;
}

export interface TolerationForm {
  readonly key?: Maybe<string>;
  readonly operator?: Maybe<'EQUAL' | 'EXISTS'>;
  readonly value?: Maybe<string>;
  readonly effect?: Maybe<'NO_SCHEDULE' | 'PREFER_NO_SCHEDULE' | 'NO_EXECUTE'>;
  readonly tolerationSeconds?: Maybe<number>;
}

export interface SchedulingForm {
  readonly node?: Maybe<string>;
  readonly nodeLabels?: Maybe<readonly { readonly key: string; readonly value: string }[]>;
  readonly nodeAffinity?: Maybe<NodeAffinityForm>;
  readonly podAffinity?: Maybe<PodAffinityForm>;
  readonly podAntiAffinity?: Maybe<PodAffinityForm>;
  readonly tolerations?: Maybe<readonly TolerationForm[]>;
}

export const operators = {
  IN: 'In',
  NOT_IN: 'NotIn',
  EXISTS: 'Exists',
  DOES_NOT_EXIST: 'DoesNotExist',
  GT: 'Gt',
  LT: 'Lt',
} as const;
export const tolerationEffects = {
  NO_SCHEDULE: 'NoSchedule',
  PREFER_NO_SCHEDULE: 'PreferNoSchedule',
  NO_EXECUTE: 'NoExecute',
} as const;

/** Where an affinity rule between pods looks unless it says so (CMP-59). */
export const defaultTopologyKey = 'kubernetes.io/hostname';
const nodeNameField = 'metadata.name';
const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

const anywhere: SchedulingForm = {
  node: null,
  nodeLabels: null,
  nodeAffinity: null,
  podAffinity: null,
  podAntiAffinity: null,
  tolerations: null,
};

/** On which nodes pods may run (CMP-58, CMP-60), and near which other pods (CMP-59). */
export function writeScheduling(spec: Draft, given: Maybe<SchedulingForm>): void {
  if (given === undefined) return;
  const form = given ?? anywhere;
  refuseBadRules(spec, form);
  const { nodeLabels } = form;
  spec.set('nodeSelector', selectorOf(spec, nodeLabels), ['scheduling', 'nodeLabels']);
  for (const [index, { effect }] of (form.tolerations ?? []).entries()) {
    if (!effect || Object.hasOwn(tolerationEffects, effect)) continue;
    spec.refuse(['scheduling', 'tolerations', index, 'effect'], 'unknown', `There is no effect ${effect}`);
  }
  spec.set('tolerations', mapped(form.tolerations, toToleration), ['scheduling', 'tolerations']);
  spec.inside('affinity', ['scheduling'], (affinity) => {
    writeNodeAffinity(affinity, form);
    for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
      const rules = form[kind];
      affinity.set(kind, rules && toPodAffinity(rules), [kind]);
    }
  });
}

/** A DaemonSet is stopped by a label that no node has: the form must not start it. */
function selectorOf(spec: Draft, nodeLabels: SchedulingForm['nodeLabels']): object | null | undefined {
  if (nodeLabels === undefined) return undefined;
  const stopped = valueAt(spec.object, ['nodeSelector', stoppedNodeLabel]);
  const entries = (nodeLabels ?? []).map(({ key, value }): [string, unknown] => [key, value]);
  if (stopped !== undefined) entries.push([stoppedNodeLabel, stopped]);
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

/**
 * A named host and required rules stand in one term, so that all of them hold; preferred ones each alone. Several terms, any of
 * which will do, no form makes: a host is named in each of them, rules take the place of all.
 */
function writeNodeAffinity(affinity: Draft, { node, nodeAffinity }: SchedulingForm): void {
  if (node === undefined && nodeAffinity === undefined) return;
  affinity.inside('nodeAffinity', [nodeAffinity ? 'nodeAffinity' : 'node'], (draft) => {
    const [first = {}, ...others] = termsOf(draft.object);
    const terms = (nodeAffinity === undefined ? [first, ...others] : [first]).map((term) => {
      const fields = node === undefined ? term.matchFields : node === null ? undefined : [isNode(node)];
      const rules = nodeAffinity === undefined ? term.matchExpressions : nodeAffinity?.required?.map(toRequirement);
      return { ...some('matchFields', fields), ...some('matchExpressions', rules) };
    });
    const made = terms.filter((term) => Object.keys(term).length > 0);
    draft.set(required, made.length > 0 ? { nodeSelectorTerms: made } : null, []);
    if (nodeAffinity === undefined) return;
    draft.set(preferred, nothingIfEmpty(nodeAffinity?.preferred?.map(toPreference)), ['preferred']);
  });
}

const isNode = (name: string): object => ({ key: nodeNameField, operator: 'In', values: [name] });

function termsOf(nodeAffinity: Json): readonly Json[] {
  const { nodeSelectorTerms = [] } = (nodeAffinity[required] ?? {}) as { readonly nodeSelectorTerms?: Json[] };
  return nodeSelectorTerms;
}

function toRequirement({ key, operator, values }: RuleForm): object {
  return { key, operator: operators[operator], ...some('values', values ?? undefined) };
}

const toPreference = ({ weight, ...rule }: WeightedRuleForm): object => ({
  weight,
  preference: { matchExpressions: [toRequirement(rule)] },
});

function toPodAffinity(form: PodAffinityForm): object | null {
  const made = {
    ...some(required, form.required?.map(toPodTerm)),
    ...some(
      preferred,
      form.preferred?.map((rule) => ({ weight: rule.weight, podAffinityTerm: toPodTerm(rule) })),
    ),
  };
  return Object.keys(made).length > 0 ? made : null;
}

function toPodTerm({ topologyKey, ...rule }: PodRuleForm): object {
  return {
    labelSelector: { matchExpressions: [toRequirement(rule)] },
    topologyKey: topologyKey ?? defaultTopologyKey,
  };
}

function toToleration({ key, operator, value, effect, tolerationSeconds }: TolerationForm): object {
  return {
    ...(key ? { key } : {}),
    ...(operator ? { operator: operator === 'EXISTS' ? 'Exists' : 'Equal' } : {}),
    ...(value ? { value } : {}),
    ...(effect ? { effect: tolerationEffects[effect] } : {}),
    ...(typeof tolerationSeconds === 'number' ? { tolerationSeconds } : {}),
  };
}

/** A field with a list, where there is anything in it. */
function some(field: string, list: unknown): object {
  return Array.isArray(list) && list.length > 0 ? { [field]: list } : {};
}

const nothingIfEmpty = (list: readonly object[] | undefined) => (list && list.length > 0 ? list : null);
