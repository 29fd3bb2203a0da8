import { valueAt } from '../rules/seen-workload.ts';
import type { Draft } from './draft.ts';
import { type InPlaceForm, podUpdatePolicies, writeInPlaceGate, writeInPlaceGrace } from './in-place.ts';
import type { Maybe } from './maybe.ts';
import { type StatefulSetForm, writeClaimTemplates, writePodOrder } from './stateful-set.ts';
import { type PodReplacement, podReplacements } from './strategies.ts';

/** How an Advanced StatefulSet brings a new version out; each field stays as it is where it is not given. */
export interface AdvancedStrategyForm extends InPlaceForm {
  readonly type?: Maybe<PodReplacement>;
  readonly maxUnavailable?: Maybe<number | string>;
  readonly partition?: Maybe<number>;
  readonly minReadySeconds?: Maybe<number>;
}

/** A TApp (CMP-79). */
export interface AdvancedStatefulSetForm extends Omit<StatefulSetForm, 'strategy' | 'minReadySeconds'> {
  readonly strategy?: Maybe<AdvancedStrategyForm>;
}

const numbers = ['maxUnavailable', 'partition', 'minReadySeconds', 'podUpdatePolicy', 'gracePeriodSeconds'] as const;
const nothing: AdvancedStrategyForm = {
  type: null,
  maxUnavailable: null,
  partition: null,
  minReadySeconds: null,
  podUpdatePolicy: null,
  gracePeriodSeconds: null,
};

export function writeAdvancedStatefulSetSpec(spec: Draft, form: AdvancedStatefulSetForm, name: string): void {
  // Only one whose pods do not wait for each other lets them be chosen one by one, which is what a TApp is for.
  writePodOrder(spec, form, name, 'PARALLEL');
  spec.take(form, 'revisionHistoryLimit');
  writeClaimTemplates(spec, form.volumeClaimTemplates);
  if (form.strategy === undefined) return;
  writeStrategy(spec, form.strategy ?? nothing);
  const policy = valueAt(spec.object, ['updateStrategy', 'rollingUpdate', 'podUpdatePolicy']);
  if (policy === podUpdatePolicies.IN_PLACE_IF_POSSIBLE || policy === podUpdatePolicies.IN_PLACE_ONLY) {
    writeInPlaceGate(spec);
  }
}

/** What is not of the form stays: whether the rollout is paused, and which instances come first (`unorderedUpdate`). */
function writeStrategy(spec: Draft, form: AdvancedStrategyForm): void {
  spec.inside('updateStrategy', ['strategy'], (strategy) => {
    strategy.choose('type', form.type, podReplacements);
    if (strategy.object.type === podReplacements.ON_DELETE) {
      for (const number of numbers) {
        if (form[number] === undefined || form[number] === null) continue;
        strategy.refuse([number], 'unused', `ON_DELETE replaces no pod by itself: ${number} means nothing to it`);
      }
      strategy.set('rollingUpdate', null, []);
      return;
    }
    strategy.inside('rollingUpdate', [], (rolling) => {
      rolling.take(form, 'maxUnavailable', 'partition', 'minReadySeconds');
      rolling.choose('podUpdatePolicy', form.podUpdatePolicy, podUpdatePolicies);
      writeInPlaceGrace(rolling, form);
    });
  });
}
