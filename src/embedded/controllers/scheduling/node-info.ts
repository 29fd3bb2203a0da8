import type { Node, Pod } from '../kubernetes-shapes.ts';
import { integers, podResources, type Resources, scoredPodResources, sumResources } from './pod-resources.ts';

/**
 * A node with the pods that run on it, as the scheduler sees both. It never changes: other pods make another one, so
 * that whatever was reckoned from it stays true.
 */
export class NodeInfo {
  readonly node: Node;
  /** Pods bound to the node that have not ended. */
  readonly pods: readonly Pod[];
  readonly allocatable: Resources;
  #requested: Resources | undefined;
  #scored: Resources | undefined;
  #withAffinity: readonly Pod[] | undefined;
  #withAntiAffinity: readonly Pod[] | undefined;
  readonly #counts = new Map<string, number>();

  constructor(node: Node, pods: readonly Pod[]) {
    this.node = node;
    this.pods = pods;
    this.allocatable = allocatableOf(node);
  }

  get name(): string {
    return this.node.metadata.name;
  }

  get labels(): Readonly<Record<string, string>> {
    return this.node.metadata.labels ?? {};
  }

  get requested(): Resources {
    this.#requested ??= sumResources(this.pods.map(podResources));
    return this.#requested;
  }

  /** What the pods take for scores: those that ask for nothing count as small ones. */
  get scored(): Resources {
    this.#scored ??= sumResources(this.pods.map(scoredPodResources));
    return this.#scored;
  }

  /** Pods with any rule about their neighbours. */
  get podsWithAffinity(): readonly Pod[] {
    this.#withAffinity ??= this.pods.filter(
      ({ spec: { affinity } }) => affinity?.podAffinity !== undefined || affinity?.podAntiAffinity !== undefined,
    );
    return this.#withAffinity;
  }

  /** Pods that must not have certain neighbours. */
  get podsWithRequiredAntiAffinity(): readonly Pod[] {
    this.#withAntiAffinity ??= this.podsWithAffinity.filter(
      ({ spec }) => (spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).length > 0,
    );
    return this.#withAntiAffinity;
  }

  /** How many pods match; `key` names the question, so that its answer is found once. */
  count(key: string, matches: (pod: Pod) => boolean): number {
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    const count = this.pods.reduce((total, pod) => total + Number(matches(pod)), 0);
    this.#counts.set(key, count);
    return count;
  }

  with(pod: Pod): NodeInfo {
    return new NodeInfo(this.node, [...this.pods, pod]);
  }

  without(uids: ReadonlySet<string>): NodeInfo {
    return new NodeInfo(
      this.node,
      this.pods.filter((pod) => !uids.has(pod.metadata.uid ?? '')),
    );
  }
}

const allocatables = new WeakMap<object, Resources>();

function allocatableOf(node: Node): Resources {
  const list = node.status?.allocatable ?? node.status?.capacity;
  if (list === undefined) return {};
  const known = allocatables.get(list) ?? integers(list);
  allocatables.set(list, known);
  return known;
}
