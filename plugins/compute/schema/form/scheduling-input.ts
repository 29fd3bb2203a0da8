import { labelInputName } from 'longshore/plugins/core';
import { enumRef, type InputTypeRef, inputRef, type LongshoreBuilder, named, registerEnum } from 'longshore/sdk';
import {
  defaultTopologyKey,
  type NodeAffinityForm,
  type Operator,
  type PodAffinityForm,
  type PodRuleForm,
  type RuleForm,
  type SchedulingForm,
  type TolerationForm,
  type WeightedRuleForm,
} from '../../services/form/scheduling.ts';

export const schedulingInputRef: InputTypeRef<SchedulingForm> = inputRef<SchedulingForm>('SchedulingInput');
const ruleInputRef = inputRef<RuleForm>('NodeRuleInput');
const weightedInputRef = inputRef<WeightedRuleForm>('PreferredNodeRuleInput');
const nodeAffinityInputRef = inputRef<NodeAffinityForm>('NodeAffinityInput');
const podRuleInputRef = inputRef<PodRuleForm>('PodRuleInput');
const weightedPodInputRef = inputRef<PodRuleForm & { weight: number }>('PreferredPodRuleInput');
const podAffinityInputRef = inputRef<PodAffinityForm>('PodAffinityInput');
const tolerationInputRef = inputRef<TolerationForm>('TolerationInput');
const operatorRef = enumRef<Operator>('SelectorOperator');
const tolerationOperatorRef = enumRef<'EQUAL' | 'EXISTS'>('TolerationOperator');

type Fields = Parameters<Parameters<LongshoreBuilder['inputType']>[1]['fields']>[0];

const rule = (t: Fields, whose: string) => ({
  key: t.string({ required: true, description: `Key of a label of the ${whose}.` }),
  operator: t.field({ type: operatorRef, required: true, description: 'How its value is compared.' }),
  values: t.stringList({ description: 'Values; none with EXISTS and DOES_NOT_EXIST, one number with GT and LT.' }),
});
const weight = (t: Fields) =>
  t.int({ required: true, description: 'Weight, 1 to 100: what weighs more is preferred.' });
const topology = (t: Fields) =>
  t.string({
    description: `Label of nodes within whose equal values "near" is; \`${defaultTopologyKey}\` where not given.`,
  });

export function registerSchedulingInput(builder: LongshoreBuilder): void {
  registerEnum(builder, 'SelectorOperator', "How a label's value is compared.", {
    IN: 'It is one of the values.',
    NOT_IN: 'It is none of the values, or the label is not there.',
    EXISTS: 'The label is there.',
    DOES_NOT_EXIST: 'The label is not there.',
    GT: 'It is a number above the value. Only of nodes.',
    LT: 'It is a number below the value. Only of nodes.',
  });
  registerEnum(builder, 'TolerationOperator', "How a toleration's value is compared.", {
    EQUAL: "The taint's value is the same.",
    EXISTS: 'Whatever the value is.',
  });
  registerRules(builder);
  builder.inputType('TolerationInput', {
    description: 'A taint of nodes that pods put up with (core/v1 Toleration).',
    fields: (t) => ({
      key: t.string({ description: 'Key of the taint; any where it is not given.' }),
      operator: t.field({ type: tolerationOperatorRef, description: 'EQUAL where it is not given.' }),
      value: t.string({ description: 'Value of the taint.' }),
      effect: t.field({ type: named('TaintEffect'), description: 'Effect of the taint; any where it is not given.' }),
      tolerationSeconds: t.field({
        type: 'SafeInt',
        description: 'Seconds that a running pod stays after NO_EXECUTE; for ever where it is not given.',
      }),
    }),
  });
  builder.inputType('SchedulingInput', {
    description: 'On which nodes pods may run. Each part that is given takes the place of what was there.',
    fields: (t) => ({
      node: t.string({ description: 'Name of the node that they must run on.' }),
      nodeLabels: t.field({
        type: [labelInputName as never],
        description: 'Labels that their nodes must have (`nodeSelector`).',
      }),
      nodeAffinity: t.field({ type: nodeAffinityInputRef, description: 'Rules for labels of their nodes.' }),
      podAffinity: t.field({ type: podAffinityInputRef, description: 'Near which pods they run.' }),
      podAntiAffinity: t.field({ type: podAffinityInputRef, description: 'Near which pods they do not run.' }),
      tolerations: t.field({
        type: [tolerationInputRef],
        description: 'Taints that they put up with. The whole list.',
      }),
    }),
  });
}

function registerRules(builder: LongshoreBuilder): void {
  builder.inputType('NodeRuleInput', {
    description: 'A rule for a label of nodes.',
    fields: (t) => rule(t, 'node'),
  });
  builder.inputType('PreferredNodeRuleInput', {
    description: 'A rule that nodes had better fulfil.',
    fields: (t) => ({ weight: weight(t), ...rule(t, 'node') }),
  });
  builder.inputType('NodeAffinityInput', {
    description: 'Rules for labels of nodes.',
    fields: (t) => ({
      required: t.field({ type: [ruleInputRef], description: 'All of them must hold.' }),
      preferred: t.field({
        type: [weightedInputRef],
        description: 'Any of them had better hold; other nodes are possible.',
      }),
    }),
  });
  builder.inputType('PodRuleInput', {
    description: 'A rule for a label of other pods.',
    fields: (t) => ({ ...rule(t, 'pod'), topologyKey: topology(t) }),
  });
  builder.inputType('PreferredPodRuleInput', {
    description: 'A rule for other pods that had better hold.',
    fields: (t) => ({ weight: weight(t), ...rule(t, 'pod'), topologyKey: topology(t) }),
  });
  builder.inputType('PodAffinityInput', {
    description: 'Rules for labels of other pods, in the same namespace.',
    fields: (t) => ({
      required: t.field({ type: [podRuleInputRef], description: 'All of them must hold.' }),
      preferred: t.field({ type: [weightedPodInputRef], description: 'Any of them had better hold.' }),
    }),
  });
}
