import { type LabelSelectorObject, matchesLabelSelector } from 'longshore/sdk';
import type { NodeObject, PodObject } from '../../api.ts';
import { isNodeReady, isNodeSchedulable } from '../node-facts.ts';
import { allocationOf, shareOf } from '../nodes/node-allocation.ts';
import { toleratesTaint } from '../nodes/tolerates.ts';

export interface OtherNode {
  readonly node: NodeObject;
  readonly pods: readonly PodObject[];
}

/**
 * Pods that find no room on the other nodes, the largest placed first: by CPU, memory and number of pods, taints, and labels that they
 * want of their node. The scheduler knows more, so this warns and never refuses (CMP-26). Pure.
 */
export function podsWithoutRoom(moving: readonly PodObject[], others: readonly OtherNode[]): readonly PodObject[] {
  const places = others
    .filter(({ node }) => isNodeReady(node) && isNodeSchedulable(node))
    .map(({ node, pods }) => {
      const taken = allocationOf(node, pods);
      return {
        node,
        cpu: (taken.cpuAllocatableMillicores ?? 0) - taken.cpuRequestedMillicores,
        memory: (taken.memoryAllocatableBytes ?? 0) - taken.memoryRequestedBytes,
        pods: (taken.podsAllocatable ?? 0) - taken.podCount,
      };
    });
  const largestFirst = moving
    .map((pod) => ({ pod, share: shareOf(pod) }))
    .sort((one, other) => other.share.cpu - one.share.cpu || other.share.memory - one.share.memory);
  return largestFirst.flatMap(({ pod, share }) => {
    const place = places.find(
      (each) => each.cpu >= share.cpu && each.memory >= share.memory && each.pods >= 1 && mayRunOn(pod, each.node),
    );
    if (!place) return [pod];
    place.cpu -= share.cpu;
    place.memory -= share.memory;
    place.pods -= 1;
    return [];
  });
}

function mayRunOn(pod: PodObject, { spec, metadata }: NodeObject): boolean {
  const { labels } = metadata;
  const keepsAway = spec?.taints?.some((taint) => taint.effect !== 'PreferNoSchedule' && !toleratesTaint(pod, taint));
  if (keepsAway) return false;
  if (!Object.entries(pod.spec?.nodeSelector ?? {}).every(([key, value]) => labels?.[key] === value)) return false;
  const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return !terms || terms.some(({ matchExpressions = [] }) => matchesTerm(matchExpressions, labels));
}

type Expressions = NonNullable<LabelSelectorObject['matchExpressions']>;
const compared = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);

/** What compares numbers is left to the scheduler. */
function matchesTerm(
  expressions: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[],
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const matchExpressions = expressions.filter(({ operator }) => compared.has(operator)) as unknown as Expressions;
  return matchesLabelSelector({ matchExpressions }, labels);
}
