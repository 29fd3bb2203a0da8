import type { ClusterContext } from './cluster-context.ts';
import { type Controller, controllerKeys, keyOf, keysByResource, ownKey, splitKey } from './controller.ts';
import { createRevisionHistory, revisionHash, revisionHashLabel } from './controller-revisions.ts';
import { type DaemonPod, decideDaemonPods } from './decide-daemon-pods.ts';
import { createKindClient } from './kind-client.ts';
import type { DaemonSet, Node, Pod, PodSpec, Toleration } from './kubernetes-shapes.ts';
import { controllerReference, isControlledBy } from './owner-reference.ts';
import { availableInMs, isFinished, isReady } from './pod-state.ts';
import { randomSuffix } from './random-suffix.ts';
import { resolveIntOrPercent } from './resolve-int-or-percent.ts';
import { matchesNodeSelection } from './scheduling/node-selection.ts';
import { tolerates } from './scheduling/tolerates.ts';

const component = 'daemonset-controller';

/** What a daemon bears besides its own tolerations: nodes in trouble and cordoned nodes. */
const daemonTolerations: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];

/** Keeps one pod of each DaemonSet on every node that should have it. */
export function createDaemonSetController(context: ClusterContext): Controller {
  const { store, clock, events } = context;
  const manager = 'kube-controller-manager';
  const sets = createKindClient<DaemonSet>(store, manager, 'apps', 'daemonsets');
  const pods = createKindClient<Pod>(store, manager, '', 'pods');
  const nodes = createKindClient<Node>(store, manager, '', 'nodes');
  const history = createRevisionHistory(store);

  function ownedPods(set: DaemonSet): Pod[] {
    return store
      .listOwned(set.metadata.uid ?? '')
      .filter((object): object is Pod => object.kind === 'Pod' && isControlledBy(object, set));
  }

  function createPod(set: DaemonSet, node: string, hash: string): void {
    const { template } = set.spec;
    const generateName = `${set.metadata.name}-`;
    const pod = pods.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${generateName.slice(0, 58)}${randomSuffix(context.random)}`,
        generateName,
        namespace: set.metadata.namespace,
        labels: {
          ...template.metadata?.labels,
          [revisionHashLabel]: hash,
          'pod-template-generation': String(set.metadata.generation ?? 1),
        },
        ...(template.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
        ownerReferences: [controllerReference(set)],
      },
      spec: bindTo(template.spec, node),
    });
    const message = `Created pod: ${pod.metadata.name}`;
    events.record(set, { type: 'Normal', reason: 'SuccessfulCreate', message, component });
  }

  function deletePod(set: DaemonSet, name: string): void {
    const pod = pods.get(set.metadata.namespace, name);
    if (pod === undefined) return;
    pods.delete(pod);
    events.record(set, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${name}`, component });
  }

  function observe(set: DaemonSet, pod: Pod, hash: string): DaemonPod {
    return {
      name: pod.metadata.name,
      node: nodeOf(pod),
      isUpdated: pod.metadata.labels?.[revisionHashLabel] === hash,
      isAvailable: availableInMs(pod, set.spec.minReadySeconds ?? 0, clock.now()) === 0,
      isTerminating: pod.metadata.deletionTimestamp !== undefined,
      isFinished: isFinished(pod),
    };
  }

  /** Returns when the next pod becomes available by time alone. */
  function writeStatus(key: string, wanted: ReadonlySet<string>, hash: string): number | undefined {
    const { namespace, name } = splitKey(key);
    const set = sets.get(namespace, name);
    if (set === undefined) return undefined;
    const owned = ownedPods(set);
    const living = owned.filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const waits = living.map((pod) => availableInMs(pod, set.spec.minReadySeconds ?? 0, clock.now()));
    const nodesWith = (test: (pod: Pod, index: number) => boolean): number =>
      new Set(living.filter((pod, index) => wanted.has(nodeOf(pod)) && test(pod, index)).map(nodeOf)).size;
    const available = nodesWith((_, index) => waits[index] === 0);
    sets.updateStatus(set, {
      ...set.status,
      observedGeneration: set.metadata.generation ?? 0,
      currentNumberScheduled: nodesWith(() => true),
      desiredNumberScheduled: wanted.size,
      numberMisscheduled: living.filter((pod) => !wanted.has(nodeOf(pod))).length,
      numberReady: nodesWith(isReady),
      updatedNumberScheduled: nodesWith((pod) => pod.metadata.labels?.[revisionHashLabel] === hash),
      numberAvailable: available,
      numberUnavailable: wanted.size - available,
    });
    const hashesInUse = new Set(owned.map((pod) => pod.metadata.labels?.[revisionHashLabel]));
    const inUse = history
      .list(set)
      .filter((revision) => hashesInUse.has(revisionHash(revision)) || revisionHash(revision) === hash);
    history.prune(set, set.spec.revisionHistoryLimit ?? 10, new Set(inUse.map(({ metadata }) => metadata.name)));
    const coming = waits.filter((wait): wait is number => wait !== undefined && wait > 0);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  return {
    name: 'daemonset',
    keysOf: keysByResource({
      'daemonsets.apps': ownKey,
      pods: controllerKeys('DaemonSet'),
      nodes: () => sets.list().map(keyOf),
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = sets.get(namespace, name);
      if (set === undefined || set.metadata.deletionTimestamp !== undefined) return undefined;
      const hash = revisionHash(history.ensureCurrent(set, set.spec.template));
      const wanted = nodes
        .list()
        .filter((node) => shouldRunOn(set, node))
        .map((node) => node.metadata.name);
      const rolling = set.spec.updateStrategy?.rollingUpdate ?? {};
      const maxSurge = resolveIntOrPercent(rolling.maxSurge ?? 0, wanted.length, 'up');
      const steps = decideDaemonPods({
        nodes: wanted,
        pods: ownedPods(set).map((pod) => observe(set, pod, hash)),
        rollsUpdates: set.spec.updateStrategy?.type !== 'OnDelete',
        maxSurge,
        maxUnavailable: resolveIntOrPercent(rolling.maxUnavailable ?? (maxSurge > 0 ? 0 : 1), wanted.length, 'up'),
      });
      for (const pod of steps.remove) deletePod(set, pod);
      for (const node of steps.create) createPod(set, node, hash);
      return writeStatus(key, new Set(wanted), hash);
    },
  };
}

/** The pod is the scheduler's to place, but only one node will do. */
function bindTo(spec: PodSpec, node: string): PodSpec {
  const byName = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const nodeSelectorTerms = terms === undefined ? [byName] : terms.map((term) => ({ ...term, ...byName }));
  return {
    ...spec,
    affinity: {
      ...spec.affinity,
      nodeAffinity: {
        ...spec.affinity?.nodeAffinity,
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
      },
    },
    tolerations: [...(spec.tolerations ?? []), ...daemonTolerations],
  };
}

/** The node a daemon pod is on or, not yet scheduled, meant for. */
function nodeOf(pod: Pod): string {
  if ((pod.spec.nodeName ?? '') !== '') return pod.spec.nodeName ?? '';
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms?.[0]?.matchFields?.[0]?.values?.[0] ?? '';
}

function shouldRunOn(set: DaemonSet, node: Node): boolean {
  const { spec } = set.spec.template;
  const tolerations = [...(spec.tolerations ?? []), ...daemonTolerations];
  const taints = (node.spec.taints ?? []).filter((taint) => taint.effect !== 'PreferNoSchedule');
  if (!taints.every((taint) => tolerates(tolerations, taint))) return false;
  if (spec.nodeName !== undefined && spec.nodeName !== node.metadata.name) return false;
  return node.metadata.deletionTimestamp === undefined && matchesNodeSelection({ ...set, spec }, node);
}
