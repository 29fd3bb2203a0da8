import type { Draft } from './draft.ts';
import { type InPlaceForm, podUpdatePolicies, writeInPlaceGrace } from './in-place.ts';
import type { Maybe } from './maybe.ts';
import { type ClaimTemplateForm, writeClaimTemplates } from './stateful-set.ts';

/** How a CloneSet brings a new version out; each field stays as it is where it is not given. */
export interface CloneSetStrategyForm extends InPlaceForm {
  readonly maxUnavailable?: Maybe<number | string>;
  readonly maxSurge?: Maybe<number | string>;
  readonly partition?: Maybe<number | string>;
}

export interface CloneSetForm {
  readonly replicas?: Maybe<number>;
  readonly strategy?: Maybe<CloneSetStrategyForm>;
  readonly minReadySeconds?: Maybe<number>;
  readonly progressDeadlineSeconds?: Maybe<number>;
  readonly revisionHistoryLimit?: Maybe<number>;
  readonly volumeClaimTemplates?: Maybe<readonly ClaimTemplateForm[]>;
}

const nothing: CloneSetStrategyForm = {
  maxUnavailable: null,
  maxSurge: null,
  partition: null,
  podUpdatePolicy: null,
  gracePeriodSeconds: null,
};

/** As `apps.kruise.io/v1alpha1` has it. What is not of the form stays: pauses, priorities, pods that are named to go. */
export function writeCloneSetSpec(spec: Draft, form: CloneSetForm): void {
  spec.take(form, 'minReadySeconds', 'progressDeadlineSeconds', 'revisionHistoryLimit');
  writeClaimTemplates(spec, form.volumeClaimTemplates);
  if (form.strategy === undefined) return;
  const given = form.strategy ?? nothing;
  spec.inside('updateStrategy', ['strategy'], (strategy) => {
    strategy.choose('type', given.podUpdatePolicy, podUpdatePolicies, ['podUpdatePolicy']);
    strategy.take(given, 'maxUnavailable', 'maxSurge', 'partition');
    writeInPlaceGrace(strategy, given);
  });
}
