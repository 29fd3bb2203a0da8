import { interPodAffinity } from './filters/inter-pod-affinity.ts';
import { nodeAffinity } from './filters/node-affinity.ts';
import { nodePorts } from './filters/node-ports.ts';
import { nodeResources } from './filters/node-resources.ts';
import { nodeUnschedulable } from './filters/node-unschedulable.ts';
import { podTopologySpread } from './filters/pod-topology-spread.ts';
import { taintToleration } from './filters/taint-toleration.ts';
import { volumeBinding } from './filters/volume-binding.ts';
import { volumeRestrictions } from './filters/volume-restrictions.ts';
import type { FilterRule, ScoreRule } from './scheduling-rules.ts';
import { balancedAllocation } from './scores/balanced-allocation.ts';
import { imageLocality } from './scores/image-locality.ts';
import { leastAllocated } from './scores/least-allocated.ts';
import { preferredNodeAffinity } from './scores/preferred-node-affinity.ts';
import { preferredPodAffinity } from './scores/preferred-pod-affinity.ts';
import { preferredSpread } from './scores/preferred-spread.ts';
import { preferredTaints } from './scores/preferred-taints.ts';

/** In the order of the default profile: the first filter that refuses a node speaks for it. */
export const filterRules: readonly FilterRule[] = [
  nodeUnschedulable,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResources,
  volumeRestrictions,
  volumeBinding,
  podTopologySpread,
  interPodAffinity,
];

export const scoreRules: readonly ScoreRule[] = [
  preferredTaints,
  preferredNodeAffinity,
  leastAllocated,
  preferredSpread,
  preferredPodAffinity,
  balancedAllocation,
  imageLocality,
];
