import type { ReleaseTarget } from '../engine.ts';

/** Within so many seconds everybody that sends requests knows that a pod is not ready. */
const losslessSeconds = 5;

/**
 * How long OpenKruise waits between having said that a pod is not ready and changing it in place (`inPlaceUpdateStrategy`): without any
 * time the containers of a pod begin anew while its Services still lead there (REL-38).
 */
export const graceOf = ({ isLossless }: Pick<ReleaseTarget, 'isLossless'>): object => ({
  gracePeriodSeconds: isLossless ? losslessSeconds : 0,
});
