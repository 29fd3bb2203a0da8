import { claimObjects } from './claim-objects.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, controllerKeys, keyOf, keysByResource, ownKey, splitKey } from './controller.ts';
import { createRevisionHistory, revisionHash, revisionHashLabel } from './controller-revisions.ts';
import { type DaemonPod, decideDaemonPods } from './decide-daemon-pods.ts';
import { isNamespaceEnding } from './is-namespace-ending.ts';
import { createKindClient } from './kind-client.ts';
import type { DaemonSet, Node, Pod, PodSpec, Toleration } from './kubernetes-shapes.ts';
import { omitZeros } from './omit-zeros.ts';
import { controllerReference } from './owner-reference.ts';
import { availableInMs, isFinished, isReady } from './pod-state.ts';
import { randomSuffix } from './random-suffix.ts';
import { resolveIntOrPercent } from './resolve-int-or-percent.ts';
import { matchesNodeSelection } from './scheduling/node-selection.ts';
import { tolerates } from './scheduling/tolerates.ts';

const component = 'daemonset-controller';
const templateGenerationAnnotation = 'deprecated.daemonset.template.generation';
const firstBackOffMs = 1_000;
const longestBackOffMs = 900_000;
const rememberedBackOffs = 4096;

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

  /** Failed pods are replaced after a growing delay, per node. */
  const backOffs = new Map<string, { delayMs: number; readonly untilMs: number }>();

  function ownedPods(set: DaemonSet): Pod[] {
    const owned = store.listOwned(set.metadata.uid ?? '').filter((object): object is Pod => object.kind === 'Pod');
    return claimObjects({
      owner: set,
      selector: set.spec.selector,
      candidates: [...owned, ...context.podIndex.orphans(set.metadata.namespace)],
      relink: (pod, ownerReferences) => pods.update({ ...pod, metadata: { ...pod.metadata, ownerReferences } }),
    });
  }

  function tell(set: DaemonSet, type: 'Normal' | 'Warning', reason: string, message: string): void {
    events.record(set, { type, reason, message, component });
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
          'pod-template-generation': set.metadata.annotations?.[templateGenerationAnnotation] ?? '1',
        },
        ...(template.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
        ownerReferences: [controllerReference(set)],
      },
      spec: bindTo(template.spec, node),
    });
    tell(set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
  }

  /** A slow start, so that a refusal is met by one pod first. Returns the first refusal. */
  function createPods(set: DaemonSet, wanted: readonly string[], hash: string): unknown {
    for (let from = 0, batch = 1; from < wanted.length; from += batch, batch *= 2) {
      let failure: unknown;
      for (const node of wanted.slice(from, from + batch)) {
        try {
          createPod(set, node, hash);
        } catch (cause) {
          if (isNamespaceEnding(cause)) continue;
          const why = cause instanceof Error ? cause.message : String(cause);
          tell(set, 'Warning', 'FailedCreate', `Error creating: ${why}`);
          failure ??= cause ?? new Error('failed without a reason');
        }
      }
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** Says that an ended pod will be replaced, unless that node's daemons keep failing: then it has to wait. */
  function decideReplacement(set: DaemonSet, pod: Pod): boolean {
    const { namespace, name } = pod.metadata;
    const node = nodeOf(pod);
    if (pod.status?.phase === 'Succeeded') {
      const message = `Found succeeded daemon pod ${namespace}/${name} on node ${node}, will try to delete it`;
      tell(set, 'Normal', 'SucceededDaemonPod', message);
      return true;
    }
    const key = `${set.metadata.uid}/${set.metadata.generation}/${node}`;
    const known = backOffs.get(key);
    const now = clock.now();
    if (known !== undefined && known.untilMs > now) return false;
    const isStale = known === undefined || now - known.untilMs > 2 * longestBackOffMs;
    const delayMs = isStale ? firstBackOffMs : Math.min(longestBackOffMs, known.delayMs * 2);
    backOffs.delete(key);
    backOffs.set(key, { delayMs, untilMs: now + delayMs });
    const oldest = backOffs.size > rememberedBackOffs ? backOffs.keys().next().value : undefined;
    if (oldest !== undefined) backOffs.delete(oldest);
    const message = `Found failed daemon pod ${namespace}/${name} on node ${node}, will try to kill it`;
    tell(set, 'Warning', 'FailedDaemonPod', message);
    return true;
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
      isInBackOff: isFinished(pod) && pod.metadata.deletionTimestamp === undefined && !decideReplacement(set, pod),
      createdAtMs: Date.parse(pod.metadata.creationTimestamp ?? '') || 0,
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
      ...(set.status?.collisionCount === undefined ? {} : { collisionCount: set.status.collisionCount }),
      currentNumberScheduled: nodesWith(() => true),
      desiredNumberScheduled: wanted.size,
      numberMisscheduled: living.filter((pod) => !wanted.has(nodeOf(pod))).length,
      numberReady: nodesWith(isReady),
      ...omitZeros({
        observedGeneration: set.metadata.generation ?? 0,
        updatedNumberScheduled: nodesWith((pod) => pod.metadata.labels?.[revisionHashLabel] === hash),
        numberAvailable: available,
        numberUnavailable: wanted.size - available,
      }),
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
      const namesWhere = (test: (node: Node) => boolean): string[] =>
        nodes
          .list()
          .filter(test)
          .map(({ metadata }) => metadata.name);
      const wanted = namesWhere((node) => shouldRunOn(set, node, ['NoSchedule', 'NoExecute']));
      const lenientNodes = namesWhere((node) => shouldRunOn(set, node, ['NoExecute']));
      const rolling = set.spec.updateStrategy?.rollingUpdate ?? {};
      const maxSurge = resolveIntOrPercent(rolling.maxSurge ?? 0, wanted.length, 'up');
      const steps = decideDaemonPods({
        nodes: wanted,
        lenientNodes,
        pods: ownedPods(set).map((pod) => observe(set, pod, hash)),
        rollsUpdates: set.spec.updateStrategy?.type !== 'OnDelete',
        maxSurge,
        maxUnavailable: resolveIntOrPercent(rolling.maxUnavailable ?? (maxSurge > 0 ? 0 : 1), wanted.length, 'up'),
      });
      for (const pod of steps.remove) deletePod(set, pod);
      const failure = createPods(set, steps.create, hash);
      const waitMs = writeStatus(key, new Set(wanted), hash);
      if (failure !== undefined) throw failure;
      const held = [...backOffs]
        .filter(([id, { untilMs }]) => id.startsWith(`${set.metadata.uid}/`) && untilMs > clock.now())
        .map(([, { untilMs }]) => untilMs - clock.now());
      return minimum([...held, ...(waitMs === undefined ? [] : [waitMs])]);
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
    tolerations: tolerationsOf(spec),
  };
}

/** A daemon on the host's network also comes before the network of its node does. */
function tolerationsOf(spec: PodSpec): Toleration[] {
  const unreached: Toleration = {
    key: 'node.kubernetes.io/network-unavailable',
    operator: 'Exists',
    effect: 'NoSchedule',
  };
  const own = spec.tolerations ?? [];
  const added = [...daemonTolerations, ...(spec.hostNetwork === true ? [unreached] : [])];
  const isSame = (left: Toleration, right: Toleration): boolean =>
    left.key === right.key && left.effect === right.effect && left.operator === right.operator;
  return [...own.filter((toleration) => !added.some((each) => isSame(each, toleration))), ...added];
}

/** The node a daemon pod is on or, not yet scheduled, meant for. */
function nodeOf(pod: Pod): string {
  if ((pod.spec.nodeName ?? '') !== '') return pod.spec.nodeName ?? '';
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms?.[0]?.matchFields?.[0]?.values?.[0] ?? '';
}

function minimum(waits: readonly number[]): number | undefined {
  return waits.length === 0 ? undefined : Math.min(...waits);
}

function shouldRunOn(set: DaemonSet, node: Node, effects: readonly string[]): boolean {
  const { spec } = set.spec.template;
  const tolerations = tolerationsOf(spec);
  const taints = (node.spec.taints ?? []).filter((taint) => effects.includes(taint.effect));
  if (!taints.every((taint) => tolerates(tolerations, taint))) return false;
  if (spec.nodeName !== undefined && spec.nodeName !== node.metadata.name) return false;
  return node.metadata.deletionTimestamp === undefined && matchesNodeSelection({ ...set, spec }, node);
}
