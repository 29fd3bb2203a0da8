import { type Draft, listAt } from './draft.ts';
import type { Maybe } from './maybe.ts';

/** Whether OpenKruise replaces a pod for a new version, or changes it where it is. */
export type PodUpdatePolicy = 'RECREATE' | 'IN_PLACE_IF_POSSIBLE' | 'IN_PLACE_ONLY';

export const podUpdatePolicies = {
  RECREATE: 'ReCreate',
  IN_PLACE_IF_POSSIBLE: 'InPlaceIfPossible',
  IN_PLACE_ONLY: 'InPlaceOnly',
} as const satisfies Record<PodUpdatePolicy, string>;

export interface InPlaceForm {
  readonly podUpdatePolicy?: Maybe<PodUpdatePolicy>;
  readonly gracePeriodSeconds?: Maybe<number>;
}

/** How long a pod that is changed in place is without traffic before its containers are. */
export function writeInPlaceGrace(strategy: Draft, { gracePeriodSeconds }: InPlaceForm): void {
  if (gracePeriodSeconds === undefined) return;
  strategy.inside('inPlaceUpdateStrategy', [], (inPlace) => {
    inPlace.set('gracePeriodSeconds', gracePeriodSeconds);
  });
}

const inPlaceGate = 'InPlaceUpdateReady';

/** The template of an Advanced StatefulSet names the gate itself that keeps a pod unready while it is changed; a CloneSet's pods get it. */
export function writeInPlaceGate(spec: Draft): void {
  spec.inside('template', [], (template) => {
    template.inside('spec', [], (pod) => {
      const gates = listAt(pod.object, 'readinessGates');
      if (gates.some(({ conditionType }) => conditionType === inPlaceGate)) return;
      pod.set('readinessGates', [...gates, { conditionType: inPlaceGate }], ['strategy', 'podUpdatePolicy']);
    });
  });
}
