import { labelTypeRef } from 'longshore/plugins/core';
import {
  enumValue,
  type LabelSelectorObject,
  type LongshoreBuilder,
  named,
  printLabelSelector,
  registerEnum,
  typeRef,
} from 'longshore/sdk';
import type { NetworkPolicyObject } from '../../api.ts';
import { selectorOperators } from '../../services/policies/policy-form.ts';

type Spec = NonNullable<NetworkPolicyObject['spec']>;
type IngressRule = NonNullable<Spec['ingress']>[number];
type EgressRule = NonNullable<Spec['egress']>[number];
type Port = NonNullable<IngressRule['ports']>[number];
type Peer = NonNullable<IngressRule['from']>[number];
type Block = NonNullable<Peer['ipBlock']>;
type Expression = NonNullable<LabelSelectorObject['matchExpressions']>[number];

/** A rule of either direction. */
export interface PolicyRule {
  readonly peers: readonly Peer[];
  readonly ports: readonly Port[];
}

export const ruleRef = typeRef<PolicyRule>('NetworkPolicyRule');
export const labelSelectorRef = typeRef<LabelSelectorObject>('LabelSelector');
const portRef = typeRef<Port>('NetworkPolicyPort');
const peerRef = typeRef<Peer>('NetworkPolicyPeer');
const blockRef = typeRef<Block>('NetworkPolicyIpBlock');
const expressionRef = typeRef<Expression>('LabelSelectorRequirement');

export const rulesOf = (rules: readonly (IngressRule & EgressRule)[] | undefined): PolicyRule[] =>
  (rules ?? []).map((rule) => ({ peers: rule.from ?? rule.to ?? [], ports: rule.ports ?? [] }));

/** What a NetworkPolicy is made of (NET-33). */
export function registerPolicyParts(builder: LongshoreBuilder): void {
  registerEnum(builder, 'NetworkPolicyType', 'A direction that a NetworkPolicy is about.', {
    INGRESS: 'What reaches its pods: only what its rules let in.',
    EGRESS: 'What its pods reach: only what its rules let out.',
    UNKNOWN: 'One that this version does not know.',
  });
  registerEnum(builder, 'LabelSelectorOperator', 'How a label is compared.', {
    IN: 'Its value is one of those given.',
    NOT_IN: 'Its value is none of those given, or it is not there.',
    EXISTS: 'It is there, with any value.',
    DOES_NOT_EXIST: 'It is not there.',
    UNKNOWN: 'One that this version does not know; it selects nothing.',
  });
  registerSelector(builder);
  builder.objectType(portRef, {
    description: 'A port of a rule of a NetworkPolicy.',
    fields: (t) => ({
      protocol: t.string({
        description: '`TCP`, `UDP` or `SCTP`.',
        resolve: ({ protocol }) => protocol ?? 'TCP',
      }),
      port: t.field({
        type: 'IntOrString',
        nullable: true,
        description: 'Its number, or the name that containers give it; null for every port.',
        resolve: ({ port }) => port ?? null,
      }),
      endPort: t.int({
        nullable: true,
        description: 'The last port of a range that begins with `port`; null for that port alone.',
        resolve: ({ endPort }) => endPort ?? null,
      }),
    }),
  });
  builder.objectType(blockRef, {
    description: 'A range of addresses of a rule of a NetworkPolicy.',
    fields: (t) => ({
      cidr: t.exposeString('cidr', { description: 'The network, e.g. 10.0.0.0/16.' }),
      except: t.stringList({
        description: 'Networks inside of it that do not count.',
        resolve: ({ except }) => [...(except ?? [])],
      }),
    }),
  });
  builder.objectType(peerRef, {
    description: 'Who is on the other side: pods, or addresses.',
    fields: (t) => ({
      podSelector: t.field({
        type: labelSelectorRef,
        nullable: true,
        description: 'Pods with these labels, of the same namespace unless `namespaceSelector` says otherwise.',
        resolve: ({ podSelector }) => (podSelector as LabelSelectorObject | undefined) ?? null,
      }),
      namespaceSelector: t.field({
        type: labelSelectorRef,
        nullable: true,
        description: 'Pods of namespaces with these labels.',
        resolve: ({ namespaceSelector }) => (namespaceSelector as LabelSelectorObject | undefined) ?? null,
      }),
      ipBlock: t.field({
        type: blockRef,
        nullable: true,
        description: 'Addresses; null where it is pods.',
        resolve: ({ ipBlock }) => ipBlock ?? null,
      }),
    }),
  });
  builder.objectType(ruleRef, {
    description: 'What a NetworkPolicy lets through.',
    fields: (t) => ({
      peers: t.field({
        type: [peerRef],
        description: 'From whom (ingress) or to whom (egress), any of them; none means everybody.',
        resolve: ({ peers }) => [...peers],
      }),
      ports: t.field({
        type: [portRef],
        description: 'At which ports of whoever is asked, any of them; none means all.',
        resolve: ({ ports }) => [...ports],
      }),
    }),
  });
}

function registerSelector(builder: LongshoreBuilder): void {
  builder.objectType(expressionRef, {
    description: 'What a label must be like.',
    fields: (t) => ({
      key: t.exposeString('key', { description: "The label's key." }),
      operator: t.field({
        type: named('LabelSelectorOperator'),
        description: 'How it is compared.',
        resolve: ({ operator }) => enumValue(selectorOperators, operator) as never,
      }),
      values: t.stringList({
        description: 'Values, of IN and NOT_IN alone.',
        resolve: ({ values }) => [...(values ?? [])],
      }),
    }),
  });
  builder.objectType(labelSelectorRef, {
    description: 'Labels that something must have, all of them (meta/v1); an empty one selects everything.',
    fields: (t) => ({
      matchLabels: t.field({
        type: [labelTypeRef],
        description: 'Labels with these values.',
        resolve: ({ matchLabels }) => Object.entries(matchLabels ?? {}).map(([key, value]) => ({ key, value })),
      }),
      matchExpressions: t.field({
        type: [expressionRef],
        description: 'Labels that are like this.',
        resolve: ({ matchExpressions }) => [...(matchExpressions ?? [])],
      }),
      text: t.string({
        description:
          'As `labelSelector` of lists takes it, e.g. `app=vote,tier in (back,front)`; empty for everything.',
        resolve: printLabelSelector,
      }),
    }),
  });
}
