import { upgradeBatchSize, upgradeIntervalSeconds, upgradeStrategies } from '../../profile-keys/workloads.ts';
import type { Draft } from './draft.ts';
import type { Maybe } from './maybe.ts';
import type { Path } from './places.ts';

export type UpgradeStrategyName = 'ROLLING' | 'RECREATE' | 'REPLACE' | 'START_THEN_STOP' | 'STOP_THEN_START' | 'CUSTOM';
export type PodReplacement = 'ROLLING' | 'ON_DELETE';
export const podReplacements = { ROLLING: 'RollingUpdate', ON_DELETE: 'OnDelete' } as const;

/** How a Deployment brings a new version out, in the words of the forms (CMP-57, CON-11). */
export interface UpgradeStrategyForm {
  readonly type: UpgradeStrategyName;
  readonly maxUnavailable?: Maybe<number | string>;
  readonly maxSurge?: Maybe<number | string>;
  readonly batchSize?: Maybe<number>;
  readonly intervalSeconds?: Maybe<number>;
}

/** The same of a StatefulSet or DaemonSet. */
export interface PodReplacementForm {
  readonly type: PodReplacement;
  readonly maxUnavailable?: Maybe<number | string>;
  readonly partition?: Maybe<number>;
}

/** Keeps the word that was chosen: several words mean the same fields of Kubernetes. */
export const strategyAnnotation = 'longshore.dev/upgrade-strategy';

type Number = 'maxUnavailable' | 'maxSurge' | 'batchSize' | 'intervalSeconds';
const numbers: readonly Number[] = ['maxUnavailable', 'maxSurge', 'batchSize', 'intervalSeconds'];
const uses: Readonly<Record<UpgradeStrategyName, readonly Number[]>> = {
  ROLLING: ['maxUnavailable', 'maxSurge'],
  REPLACE: ['maxUnavailable', 'maxSurge'],
  CUSTOM: ['maxUnavailable', 'maxSurge'],
  RECREATE: [],
  START_THEN_STOP: ['batchSize', 'intervalSeconds'],
  STOP_THEN_START: ['batchSize', 'intervalSeconds'],
};

/** Which fields of `spec` a Deployment has for a strategy. `top` is the whole object, `spec` its spec. */
export function writeUpgradeStrategy(top: Draft, spec: Draft, form: Maybe<UpgradeStrategyForm>): void {
  if (form === undefined) return;
  top.inside('metadata', [], (metadata) => {
    metadata.inside('annotations', [], (map) => map.set(strategyAnnotation, form?.type ?? null, []));
  });
  if (form === null) {
    spec.set('strategy', null);
    return;
  }
  const { type } = form;
  const offered = spec.sheet.profile.get(upgradeStrategies);
  // RECREATE is another thing to Kubernetes too, so that YAML is held to it as well.
  if (type !== 'RECREATE' && !offered.includes(type)) {
    const message = `The strategy must be one of ${offered.join(', ')} by the profile '${spec.sheet.profile.name}', got ${type}`;
    spec.refuse(['strategy', 'type'], 'not_offered', message);
  }
  for (const number of numbers) {
    if (form[number] === undefined || form[number] === null || uses[type].includes(number)) continue;
    spec.refuse(['strategy', number], 'unused', `${number} means nothing to the strategy ${type}`);
  }
  const { replicas } = spec.object;
  const { maxUnavailable } = boundsOf(form, spec);
  if (typeof maxUnavailable === 'number' && typeof replicas === 'number' && replicas > 0 && maxUnavailable > replicas) {
    const from = uses[type].includes('maxUnavailable') ? 'maxUnavailable' : 'batchSize';
    spec.refuse(
      ['strategy', from],
      'out_of_range',
      `${from} must be 0 to ${replicas}, as many as there are pods, got ${maxUnavailable}`,
    );
  }
  spec.set('strategy', null);
  spec.inside('strategy', ['strategy'], (strategy) => {
    strategy.set('type', type === 'RECREATE' ? 'Recreate' : 'RollingUpdate');
    if (type === 'RECREATE') return;
    strategy.inside('rollingUpdate', [], (rolling) => {
      const { maxSurge, maxUnavailable } = boundsOf(form, spec);
      const from = (number: Number): Path => [uses[type].includes(number) ? number : 'batchSize'];
      rolling.set('maxSurge', maxSurge ?? undefined, from('maxSurge'));
      rolling.set('maxUnavailable', maxUnavailable ?? undefined, from('maxUnavailable'));
    });
  });
  if (type !== 'START_THEN_STOP' && type !== 'STOP_THEN_START') return;
  const seconds = form.intervalSeconds ?? spec.sheet.profile.get(upgradeIntervalSeconds);
  // The time between two batches: a new pod counts only when it has been ready for so long.
  spec.set('minReadySeconds', seconds > 0 ? seconds : null, ['strategy', 'intervalSeconds']);
}

function boundsOf(
  form: UpgradeStrategyForm,
  { sheet }: Draft,
): Pick<UpgradeStrategyForm, 'maxSurge' | 'maxUnavailable'> {
  const batch = form.batchSize ?? sheet.profile.get(upgradeBatchSize);
  if (form.type === 'START_THEN_STOP') return { maxSurge: batch, maxUnavailable: 0 };
  if (form.type === 'STOP_THEN_START') return { maxSurge: 0, maxUnavailable: batch };
  return form;
}

/** Which fields of `spec` a StatefulSet or DaemonSet has for it. */
export function writePodReplacement(spec: Draft, form: Maybe<PodReplacementForm>, mayPartition: boolean): void {
  if (form === undefined) return;
  if (form === null) {
    spec.set('updateStrategy', null, ['strategy']);
    return;
  }
  const { type, maxUnavailable, partition } = form;
  const isRolling = type === 'ROLLING';
  if (!isRolling && (isGiven(maxUnavailable) || isGiven(partition))) {
    spec.refuse(['strategy', 'type'], 'unused', 'ON_DELETE replaces no pod by itself: it takes no numbers');
  }
  if (!mayPartition && isGiven(partition)) {
    spec.refuse(['strategy', 'partition'], 'unused', 'partition means something to a StatefulSet alone');
  }
  spec.inside('updateStrategy', ['strategy'], (strategy) => {
    strategy.set('type', podReplacements[type]);
    if (!isRolling) {
      strategy.set('rollingUpdate', null, []);
      return;
    }
    // A partition that was not mentioned and went away would bring the new version to all pods at once.
    strategy.inside('rollingUpdate', [], (rolling) => {
      rolling.set('maxUnavailable', maxUnavailable);
      rolling.set('partition', partition);
    });
  });
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
