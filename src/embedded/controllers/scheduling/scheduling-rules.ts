import type { Pod } from '../kubernetes-shapes.ts';
import type { NodeInfo } from './node-info.ts';

/** What the rules may ask of the cluster besides the nodes. */
export interface SchedulingWorld {
  readonly nodes: readonly NodeInfo[];
  /** Labels of a namespace; undefined when there is none. */
  readonly namespaceLabels: (namespace: string) => Readonly<Record<string, string>> | undefined;
  /** Selects the pods that belong together with this one: its services and its controlling set. */
  readonly defaultSelector: (pod: Pod) => PodMatcher | undefined;
  readonly volumes: VolumeView;
}

export interface PodMatcher {
  /** Names the question; equal keys give equal answers. */
  readonly key: string;
  readonly matches: (pod: Pod) => boolean;
}

/** What the pod's volumes say about where it may run. */
export interface VolumeView {
  /** Why the pod can run nowhere as long as its claims are what they are. */
  problem(pod: Pod): string | undefined;
  /** Why the pod's volumes keep it from this node. */
  nodeProblem(pod: Pod, node: NodeInfo): string | undefined;
  /** Names of the pod's claims that no other pod may use at the same time. */
  exclusiveClaims(pod: Pod): readonly string[];
}

/** Why a node cannot take the pod. */
export interface Refusal {
  /** The plugin's name, which decides what changes of the cluster may help. */
  readonly plugin: string;
  readonly reasons: readonly string[];
  /** Whether the node could take the pod if other pods went. */
  readonly mayBePreempted: boolean;
}

/** Looks at one node; made for one pod in one state of the cluster. */
export type NodeFilter = (node: NodeInfo) => Refusal | undefined;

export interface FilterRule {
  readonly plugin: string;
  /** Undefined when the rule has nothing to say about this pod. */
  prepare(pod: Pod, world: SchedulingWorld): NodeFilter | undefined;
}

/** Scores 0 to 100 per node, in the order of the nodes. */
export type NodeScorer = (nodes: readonly NodeInfo[]) => readonly number[];

export interface ScoreRule {
  readonly plugin: string;
  readonly weight: number;
  prepare(pod: Pod, world: SchedulingWorld): NodeScorer | undefined;
}

export const highestScore = 100;

/** Scales by the largest, so that it becomes 100; with `reverse` it becomes 0. */
export function normalize(scores: readonly number[], reverse: boolean): readonly number[] {
  const most = Math.max(0, ...scores);
  if (most === 0) return scores.map(() => (reverse ? highestScore : 0));
  return scores.map((score) => {
    const scaled = Math.floor((highestScore * score) / most);
    return reverse ? highestScore - scaled : scaled;
  });
}
