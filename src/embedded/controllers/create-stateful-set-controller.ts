import type { ClusterContext } from './cluster-context.ts';
import { type Controller, controllerKeys, keysByResource, ownKey, splitKey } from './controller.ts';
import { createRevisionHistory, revisionHashLabel, templateOf } from './controller-revisions.ts';
import { decideStatefulSet, type OrdinalPod, type StatefulSetStep } from './decide-stateful-set.ts';
import { createKindClient } from './kind-client.ts';
import type { ControllerRevision, PersistentVolumeClaim, Pod, PodTemplate, StatefulSet } from './kubernetes-shapes.ts';
import { controllerReference, isControlledBy } from './owner-reference.ts';
import { availableInMs, isFinished, isReady } from './pod-state.ts';

const component = 'statefulset-controller';

/** Keeps the numbered pods of StatefulSets, with their volume claims, in order. */
export function createStatefulSetController(context: ClusterContext): Controller {
  const { store, clock, events } = context;
  const manager = 'kube-controller-manager';
  const sets = createKindClient<StatefulSet>(store, manager, 'apps', 'statefulsets');
  const pods = createKindClient<Pod>(store, manager, '', 'pods');
  const claims = createKindClient<PersistentVolumeClaim>(store, manager, '', 'persistentvolumeclaims');
  const history = createRevisionHistory(store);

  function ownedPods(set: StatefulSet): Pod[] {
    return store
      .listOwned(set.metadata.uid ?? '')
      .filter((object): object is Pod => object.kind === 'Pod' && isControlledBy(object, set));
  }

  function tell(set: StatefulSet, reason: string, message: string): void {
    events.record(set, { type: 'Normal', reason, message, component });
  }

  function createPod(set: StatefulSet, ordinal: number, template: PodTemplate, revision: string): void {
    const name = `${set.metadata.name}-${ordinal}`;
    for (const claim of set.spec.volumeClaimTemplates ?? []) ensureClaim(set, claim, name);
    const claimed = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({
      name: metadata.name,
      persistentVolumeClaim: { claimName: `${metadata.name}-${name}` },
    }));
    const names = new Set(claimed.map((volume) => volume.name));
    const volumes = [...(template.spec.volumes ?? []).filter((volume) => !names.has(volume.name)), ...claimed];
    pods.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        generateName: `${set.metadata.name}-`,
        namespace: set.metadata.namespace,
        labels: {
          ...template.metadata?.labels,
          [revisionHashLabel]: revision,
          'statefulset.kubernetes.io/pod-name': name,
          'apps.kubernetes.io/pod-index': String(ordinal),
        },
        ...(template.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
        ownerReferences: [controllerReference(set)],
      },
      spec: {
        ...template.spec,
        hostname: name,
        ...(set.spec.serviceName === undefined ? {} : { subdomain: set.spec.serviceName }),
        ...(volumes.length === 0 ? {} : { volumes }),
      },
    });
    tell(set, 'SuccessfulCreate', `create Pod ${name} in StatefulSet ${set.metadata.name} successful`);
  }

  function ensureClaim(set: StatefulSet, template: PersistentVolumeClaim, pod: string): void {
    const { namespace } = set.metadata;
    const name = `${template.metadata.name}-${pod}`;
    if (claims.get(namespace, name) !== undefined) return;
    const leavesWithSet = set.spec.persistentVolumeClaimRetentionPolicy?.whenDeleted === 'Delete';
    claims.create({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name,
        namespace,
        labels: { ...template.metadata.labels, ...set.spec.selector.matchLabels },
        ...(template.metadata.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
        ...(leavesWithSet ? { ownerReferences: [controllerReference(set)] } : {}),
      },
      spec: template.spec,
    });
    const message = `create Claim ${name} Pod ${pod} in StatefulSet ${set.metadata.name} success`;
    tell(set, 'SuccessfulCreate', message);
  }

  function deletePod(set: StatefulSet, pod: Pod, isCondemned: boolean): void {
    const { name, namespace } = pod.metadata;
    pods.delete(pod);
    tell(set, 'SuccessfulDelete', `delete Pod ${name} in StatefulSet ${set.metadata.name} successful`);
    if (!isCondemned || set.spec.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return;
    for (const template of set.spec.volumeClaimTemplates ?? []) {
      const claim = claims.get(namespace, `${template.metadata.name}-${name}`);
      if (claim !== undefined) claims.delete(claim);
    }
  }

  function carryOut(set: StatefulSet, step: StatefulSetStep, revisions: readonly ControllerRevision[]): void {
    if (step.do === 'create') {
      const revision = revisions.find(({ metadata }) => metadata.name === step.revision);
      const template = revision === undefined ? set.spec.template : templateOf(revision);
      createPod(set, step.ordinal, template, step.revision);
      return;
    }
    const pod = pods.get(set.metadata.namespace, `${set.metadata.name}-${step.ordinal}`);
    const first = set.spec.ordinals?.start ?? 0;
    const isCondemned = step.ordinal < first || step.ordinal >= first + (set.spec.replicas ?? 1);
    if (pod !== undefined) deletePod(set, pod, isCondemned);
  }

  function observe(set: StatefulSet, pod: Pod): OrdinalPod {
    return {
      ordinal: ordinalOf(set, pod),
      revision: pod.metadata.labels?.[revisionHashLabel] ?? '',
      isAvailable: availableInMs(pod, set.spec.minReadySeconds ?? 0, clock.now()) === 0,
      isTerminating: pod.metadata.deletionTimestamp !== undefined,
      isFinished: isFinished(pod),
    };
  }

  /** Returns when the next pod becomes available by time alone. */
  function writeStatus(key: string, currentRevision: string, updateRevision: string): number | undefined {
    const { namespace, name } = splitKey(key);
    const set = sets.get(namespace, name);
    if (set === undefined) return undefined;
    const owned = ownedPods(set);
    const waits = owned.map((pod) => availableInMs(pod, set.spec.minReadySeconds ?? 0, clock.now()));
    const live = owned.filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const at = (revision: string): number =>
      live.filter((pod) => pod.metadata.labels?.[revisionHashLabel] === revision).length;
    const readyReplicas = owned.filter(isReady).length;
    const updatedReplicas = at(updateRevision);
    const rolls = set.spec.updateStrategy?.type !== 'OnDelete';
    const isComplete = rolls && updatedReplicas === owned.length && readyReplicas === owned.length;
    const current = isComplete ? updateRevision : currentRevision;
    sets.updateStatus(set, {
      ...set.status,
      observedGeneration: set.metadata.generation ?? 0,
      replicas: owned.length,
      readyReplicas,
      availableReplicas: waits.filter((wait) => wait === 0).length,
      currentReplicas: at(current),
      updatedReplicas,
      currentRevision: current,
      updateRevision,
      collisionCount: 0,
    });
    const inUse = new Set([
      current,
      updateRevision,
      ...owned.map((pod) => pod.metadata.labels?.[revisionHashLabel] ?? ''),
    ]);
    history.prune(set, set.spec.revisionHistoryLimit ?? 10, inUse);
    const coming = waits.filter((wait): wait is number => wait !== undefined && wait > 0);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  return {
    name: 'statefulset',
    keysOf: keysByResource({ 'statefulsets.apps': ownKey, pods: controllerKeys('StatefulSet') }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = sets.get(namespace, name);
      if (set === undefined || set.metadata.deletionTimestamp !== undefined) return undefined;
      const update = history.ensureCurrent(set, set.spec.template);
      const revisions = history.list(set);
      const known = set.status?.currentRevision;
      const updateRevision = update.metadata.name;
      const isKnown = typeof known === 'string' && revisions.some(({ metadata }) => metadata.name === known);
      const currentRevision = isKnown ? known : updateRevision;
      const steps = decideStatefulSet({
        firstOrdinal: set.spec.ordinals?.start ?? 0,
        replicas: set.spec.replicas ?? 1,
        pods: ownedPods(set).map((pod) => observe(set, pod)),
        isParallel: set.spec.podManagementPolicy === 'Parallel',
        rollsUpdates: set.spec.updateStrategy?.type !== 'OnDelete',
        partition: set.spec.updateStrategy?.rollingUpdate?.partition ?? 0,
        currentRevision,
        updateRevision,
      });
      for (const step of steps) carryOut(set, step, revisions);
      return writeStatus(key, currentRevision, updateRevision);
    },
  };
}

function ordinalOf(set: StatefulSet, pod: Pod): number {
  return Number(pod.metadata.name.slice(set.metadata.name.length + 1));
}
