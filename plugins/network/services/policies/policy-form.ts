import type { LabelForm, Maybe } from '../services/service-form.ts';

export const selectorOperators = {
  In: 'IN',
  NotIn: 'NOT_IN',
  Exists: 'EXISTS',
  DoesNotExist: 'DOES_NOT_EXIST',
} as const;
export type SelectorOperator = (typeof selectorOperators)[keyof typeof selectorOperators];

export const policyTypes = { Ingress: 'INGRESS', Egress: 'EGRESS' } as const;
export type PolicyType = (typeof policyTypes)[keyof typeof policyTypes];

/** Labels that must be there, and expressions that must hold; an empty one selects everything. */
export interface SelectorForm {
  readonly matchLabels?: Maybe<readonly LabelForm[]>;
  readonly matchExpressions?: Maybe<
    readonly {
      readonly key: string;
      readonly operator: SelectorOperator;
      readonly values?: Maybe<readonly string[]>;
    }[]
  >;
}

/** Who is on the other side: pods by one or both selectors, or addresses. */
export interface PolicyPeerForm {
  readonly podSelector?: Maybe<SelectorForm>;
  readonly namespaceSelector?: Maybe<SelectorForm>;
  readonly ipBlock?: Maybe<{ readonly cidr: string; readonly except?: Maybe<readonly string[]> }>;
}

export interface PolicyPortForm {
  readonly protocol?: Maybe<string>;
  /** By number or by the name that containers give it. */
  readonly port?: Maybe<number | string>;
  readonly endPort?: Maybe<number>;
}

export interface PolicyRuleForm {
  readonly peers?: Maybe<readonly PolicyPeerForm[]>;
  readonly ports?: Maybe<readonly PolicyPortForm[]>;
}

export interface PolicyForm {
  readonly podSelector?: Maybe<SelectorForm>;
  readonly policyTypes?: Maybe<readonly PolicyType[]>;
  readonly ingress?: Maybe<readonly PolicyRuleForm[]>;
  readonly egress?: Maybe<readonly PolicyRuleForm[]>;
  readonly description?: Maybe<string>;
  readonly application?: Maybe<string>;
  readonly labels?: Maybe<readonly LabelForm[]>;
  readonly removeLabels?: Maybe<readonly string[]>;
  readonly annotations?: Maybe<readonly LabelForm[]>;
  readonly removeAnnotations?: Maybe<readonly string[]>;
}
