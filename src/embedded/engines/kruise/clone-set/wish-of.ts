import type { CloneSet } from '../kinds.ts';
import { partitionOf, scaled } from '../partition.ts';
import type { CloneSetWish } from './decide-numbers.ts';

const excludeLabel = 'apps.kruise.io/cloneset-scaling-exclude-preparing-delete';
const defaultMaxUnavailable = '20%';

/** The numbers a CloneSet asks for. `maxUnavailable` is rounded up unless pods may be made above its size. */
export function wishOf(set: CloneSet): CloneSetWish {
  const { updateStrategy = {}, scaleStrategy } = set.spec;
  const replicas = set.spec.replicas ?? 1;
  const maxSurge = updateStrategy.paused === true ? 0 : scaled(updateStrategy.maxSurge ?? 0, replicas, 'up');
  const rounding = maxSurge === 0 ? 'up' : 'down';
  const scaleLimit = scaleStrategy?.maxUnavailable;
  return {
    replicas,
    partition: partitionOf(updateStrategy.partition, replicas),
    maxSurge,
    maxUnavailable: scaled(updateStrategy.maxUnavailable ?? defaultMaxUnavailable, replicas, rounding),
    scaleMaxUnavailable: scaleLimit === undefined ? Number.POSITIVE_INFINITY : scaled(scaleLimit, replicas, 'up'),
    excludesPreparingDelete: set.metadata.labels?.[excludeLabel] === 'true',
  };
}
