import { labelInputName } from 'longshore/plugins/core';
import { type InputFieldBuilder, type InputTypeRef, inputRef, type LongshoreBuilder, named } from 'longshore/sdk';
import { mostEntries } from '../../services/policies/plan-policy.ts';
import type {
  PolicyPeerForm,
  PolicyPortForm,
  PolicyRuleForm,
  SelectorForm,
} from '../../services/policies/policy-form.ts';

type Expression = NonNullable<NonNullable<SelectorForm['matchExpressions']>[number]>;
type Block = NonNullable<PolicyPeerForm['ipBlock']>;

const selectorRef: InputTypeRef<SelectorForm> = inputRef<SelectorForm>('LabelSelectorInput');
const expressionRef: InputTypeRef<Expression> = inputRef<Expression>('LabelSelectorRequirementInput');
const blockRef: InputTypeRef<Block> = inputRef<Block>('NetworkPolicyIpBlockInput');
const peerRef: InputTypeRef<PolicyPeerForm> = inputRef<PolicyPeerForm>('NetworkPolicyPeerInput');
const portRef: InputTypeRef<PolicyPortForm> = inputRef<PolicyPortForm>('NetworkPolicyPortInput');
const ruleRef: InputTypeRef<PolicyRuleForm> = inputRef<PolicyRuleForm>('NetworkPolicyRuleInput');

/** What the forms for NetworkPolicies are made of (NET-33). */
export function registerPolicyInputs(builder: LongshoreBuilder): void {
  builder.inputType('LabelSelectorRequirementInput', {
    description: 'What a label must be like.',
    fields: (t) => ({
      key: t.string({ required: true, description: "The label's key." }),
      operator: t.field({
        type: named('LabelSelectorOperator'),
        required: true,
        description: 'How it is compared; UNKNOWN is never taken.',
      }),
      values: t.stringList({ description: 'Values: at least one for IN and NOT_IN, none for the others.' }),
    }),
  });
  builder.inputType('LabelSelectorInput', {
    description: 'Labels that something must have, all of them; an empty one selects everything.',
    fields: (t) => ({
      matchLabels: t.field({
        type: [labelInputName as never],
        description: 'Labels with these values, each key once.',
      }),
      matchExpressions: t.field({ type: [expressionRef], description: 'Labels that are like this.' }),
    }),
  });
  builder.inputType('NetworkPolicyIpBlockInput', {
    description: 'A range of addresses.',
    fields: (t) => ({
      cidr: t.string({ required: true, description: 'The network, IPv4 or IPv6, e.g. 10.0.0.0/16.' }),
      except: t.stringList({ description: 'Networks inside of it, and smaller, that do not count.' }),
    }),
  });
  builder.inputType('NetworkPolicyPeerInput', {
    description: 'Who is on the other side: pods by one or both selectors, or addresses.',
    fields: (t) => ({
      podSelector: t.field({
        type: selectorRef,
        description: 'Pods with these labels, of the same namespace unless `namespaceSelector` is given too.',
      }),
      namespaceSelector: t.field({ type: selectorRef, description: 'Pods of namespaces with these labels.' }),
      ipBlock: t.field({ type: blockRef, description: 'Addresses; not together with selectors.' }),
    }),
  });
  builder.inputType('NetworkPolicyPortInput', {
    description: 'A port, or a range of them.',
    fields: (t) => ({
      protocol: t.string({ description: '`TCP`, `UDP` or `SCTP`; `TCP` where nothing is said.' }),
      port: t.field({
        type: 'IntOrString',
        description: 'Its number, 1 to 65535, or the name that containers give it; every port where none is given.',
      }),
      endPort: t.int({ description: 'The last port of a range that begins with `port`, which must be a number then.' }),
    }),
  });
  builder.inputType('NetworkPolicyRuleInput', {
    description: 'What is let through.',
    fields: (t) => ({
      peers: t.field({
        type: [peerRef],
        description: `From whom (ingress) or to whom (egress), up to ${mostEntries}; everybody where none is given.`,
      }),
      ports: t.field({
        type: [portRef],
        description: `At which ports, up to ${mostEntries}; all where none is given.`,
      }),
    }),
  });
}

/** What making and changing a NetworkPolicy have in common. */
export function policyFields(t: InputFieldBuilder) {
  return {
    podSelector: t.field({
      type: selectorRef,
      description: 'Which pods of its namespace it is for; every one where none is given, or an empty one.',
    }),
    policyTypes: t.field({
      type: [named('NetworkPolicyType')],
      description:
        'Directions in which nothing passes but by its rules. Of a new one INGRESS where nothing is said, and EGRESS where it has rules for that.',
    }),
    ingress: t.field({
      type: [ruleRef],
      description: `What may reach its pods, all of it, up to ${mostEntries} rules; with INGRESS and without rules nothing.`,
    }),
    egress: t.field({
      type: [ruleRef],
      description: `What its pods may reach, all of it, up to ${mostEntries} rules; with EGRESS and without rules nothing.`,
    }),
    description: t.string({ description: 'What it is for, by the rule `description.text` of the profile.' }),
    application: t.string({
      description: 'Application that it becomes part of: the label that the profile names (`label.application`).',
    }),
    labels: t.field({ type: [labelInputName as never], description: 'Labels to give it.' }),
    annotations: t.field({ type: [labelInputName as never], description: 'Annotations to give it.' }),
  };
}
