/** A pod of a DaemonSet as far as its node is concerned. */
export interface DaemonPod {
  readonly name: string;
  readonly node: string;
  readonly isUpdated: boolean;
  readonly isAvailable: boolean;
  readonly isTerminating: boolean;
  readonly isFinished: boolean;
  /** It failed and those before it did: its replacement waits. */
  readonly isInBackOff?: boolean;
  /** Milliseconds; of two on one node the older one stays. */
  readonly createdAtMs?: number;
}

export interface DaemonInput {
  /** Nodes that should run the daemon. */
  readonly nodes: readonly string[];
  /** Nodes that get no daemon any more but may keep the one they have: a NoSchedule taint came later. */
  readonly lenientNodes?: readonly string[];
  readonly pods: readonly DaemonPod[];
  /** False with strategy OnDelete. */
  readonly rollsUpdates: boolean;
  /** Resolved numbers. */
  readonly maxUnavailable: number;
  readonly maxSurge: number;
}

export interface DaemonSteps {
  /** Nodes that get a pod. */
  readonly create: readonly string[];
  /** Names of pods that go. */
  readonly remove: readonly string[];
}

/**
 * One pod per node that should have one, none elsewhere, and an update that has at most `maxUnavailable` nodes without
 * an available daemon; with `maxSurge` the new pod comes first and the old one goes when it is available.
 */
export function decideDaemonPods(input: DaemonInput): DaemonSteps {
  const bearing = new Set([...input.nodes, ...(input.lenientNodes ?? [])]);
  const create: string[] = [];
  const remove: string[] = [];
  for (const pod of input.pods) {
    if (pod.isTerminating || pod.isInBackOff === true) continue;
    if (!bearing.has(pod.node) || pod.isFinished) remove.push(pod.name);
  }
  const living = input.pods.filter((pod) => !pod.isTerminating && !pod.isFinished && bearing.has(pod.node));
  const onNode = Map.groupBy(living, ({ node }) => node);
  if (input.maxSurge === 0) {
    for (const here of onNode.values()) remove.push(...excess(here).map(({ name }) => name));
  }
  // A pod on its way out still holds its node: the next one comes when it has gone. One that failed does, too.
  const leaving = new Set(input.pods.filter((pod) => pod.isTerminating || pod.isFinished).map(({ node }) => node));
  let unavailable = 0;
  for (const node of input.nodes) {
    const here = onNode.get(node) ?? [];
    if (here.length === 0 && !leaving.has(node)) create.push(node);
    if (!here.some((pod) => pod.isAvailable)) unavailable += 1;
  }
  if (!input.rollsUpdates) return { create, remove };

  let mayGo = Math.max(0, input.maxUnavailable - unavailable);
  let maySurge = Math.max(0, input.maxSurge - input.nodes.filter((node) => (onNode.get(node) ?? []).length > 1).length);
  for (const node of input.nodes) {
    const here = onNode.get(node) ?? [];
    const old = here.filter((pod) => !pod.isUpdated);
    if (old.length === 0) continue;
    const successor = here.find((pod) => pod.isUpdated);
    // A pod that serves nobody costs nothing, and one whose successor serves is spare.
    const isFree = old.every((pod) => !pod.isAvailable) || successor?.isAvailable === true;
    if (isFree) {
      remove.push(...old.map(({ name }) => name));
    } else if (input.maxSurge > 0) {
      if (successor !== undefined || maySurge === 0) continue;
      maySurge -= 1;
      create.push(node);
    } else if (mayGo > 0) {
      mayGo -= 1;
      remove.push(...old.map(({ name }) => name));
    }
  }
  return { create, remove: [...new Set(remove)] };
}

/** All but the oldest; of equally old ones the first by name stays. */
function excess(pods: readonly DaemonPod[]): readonly DaemonPod[] {
  const age = (pod: DaemonPod): number => pod.createdAtMs ?? 0;
  return [...pods].sort((left, right) => age(left) - age(right) || (left.name < right.name ? -1 : 1)).slice(1);
}
