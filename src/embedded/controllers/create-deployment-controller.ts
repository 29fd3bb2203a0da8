import { canonicalJson } from './canonical-json.ts';
import { claimObjects } from './claim-objects.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, controllerKeys, keyOf, keysByResource, ownKey, splitKey } from './controller.ts';
import { createObjectIndex } from './create-object-index.ts';
import { decideDeploymentStatus, isDeploymentComplete, setDeploymentCondition } from './decide-deployment-status.ts';
import { decideProportionalScale } from './decide-proportional-scale.ts';
import { decideRollingUpdate, type Resize } from './decide-rolling-update.ts';
import { createKindClient } from './kind-client.ts';
import type { Condition, Deployment, Pod, ReplicaSet } from './kubernetes-shapes.ts';
import { matchesSelector } from './matches-selector.ts';
import { controllerOf, controllerReference } from './owner-reference.ts';
import { isFinished } from './pod-state.ts';
import {
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
  revisionAnnotation,
  revisionAnnotations,
  revisionOf,
} from './revision-history.ts';
import { availableOf, byAge, hashLabel, hasTemplateOf, limitsOf, sizeOf, toRollingSet } from './rollout-sets.ts';
import { findCondition } from './set-condition.ts';
import { templateHash } from './template-hash.ts';
import { timestamp } from './timestamp.ts';

const component = 'deployment-controller';

/** The ReplicaSets of one Deployment: the one with its template, and the others, the oldest first. */
interface Sets {
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

/** Rolls Deployments from one template to the next through their ReplicaSets. */
export function createDeploymentController(context: ClusterContext): Controller {
  const { clock, events, store } = context;
  const deployments = createKindClient<Deployment>(store, 'kube-controller-manager', 'apps', 'deployments');
  const replicaSets = createKindClient<ReplicaSet>(store, 'kube-controller-manager', 'apps', 'replicasets');

  const orphans = createObjectIndex<ReplicaSet>(store, replicaSets.resource, (set) =>
    controllerOf(set) === undefined ? [set.metadata.namespace ?? ''] : [],
  );

  function claimSets(deployment: Deployment): Sets {
    const owned = store
      .listOwned(deployment.metadata.uid ?? '')
      .filter((object): object is ReplicaSet => object.kind === 'ReplicaSet');
    const all = claimObjects({
      owner: deployment,
      selector: deployment.spec.selector,
      candidates: [...owned, ...orphans.get(deployment.metadata.namespace ?? '')],
      relink: (set, ownerReferences) => replicaSets.update({ ...set, metadata: { ...set.metadata, ownerReferences } }),
    }).sort(byAge);
    const current = all.find((set) => hasTemplateOf(set, deployment));
    return { current, old: all.filter((set) => set !== current) };
  }

  /** The ReplicaSet with the Deployment's template, made when it is missing, with the newest revision. */
  function ensureCurrent(deployment: Deployment, sets: Sets): Sets {
    const revision = Math.max(0, ...sets.old.map(revisionOf)) + 1;
    const { current } = sets;
    if (current !== undefined) {
      const annotations = revisionAnnotations(deployment, current, revision);
      const { minReadySeconds } = deployment.spec;
      const isSame =
        canonicalJson(annotations) === canonicalJson(current.metadata.annotations ?? {}) &&
        (minReadySeconds ?? 0) === (current.spec.minReadySeconds ?? 0);
      if (isSame) return sets;
      const spec = { ...current.spec, ...(minReadySeconds === undefined ? {} : { minReadySeconds }) };
      const updated = replicaSets.update({ ...current, metadata: { ...current.metadata, annotations }, spec });
      return { ...sets, current: updated };
    }
    const created = createSet(deployment, sets.old, revision);
    return created === undefined ? sets : { ...sets, current: created };
  }

  function createSet(deployment: Deployment, old: readonly ReplicaSet[], revision: number): ReplicaSet | undefined {
    const { namespace, name } = deployment.metadata;
    const hash = templateHash(deployment.spec.template, deployment.status?.collisionCount ?? 0);
    const setName = `${name.slice(0, 252 - hash.length)}-${hash}`;
    if (replicaSets.get(namespace, setName) !== undefined) {
      // Another template has this name: count the collision, which makes another name next time.
      const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
      deployments.updateStatus(deployment, { ...deployment.status, collisionCount });
      return undefined;
    }
    const { template, selector, minReadySeconds } = deployment.spec;
    const labels = { ...template.metadata?.labels, [hashLabel]: hash };
    const desired = deployment.spec.replicas ?? 1;
    const { maxSurge } = limitsOf(deployment);
    const isRolling = deployment.spec.strategy?.type !== 'Recreate';
    const room = desired + maxSurge - old.reduce((sum, set) => sum + sizeOf(set), 0);
    const replicas = isRolling ? Math.max(0, Math.min(desired, room)) : desired;
    const created = tryCreate(deployment, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: setName,
        namespace,
        labels,
        annotations: { ...revisionAnnotations(deployment, undefined, revision), ...sizeAnnotations(deployment) },
        ownerReferences: [controllerReference(deployment)],
      },
      spec: {
        replicas,
        ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    });
    if (replicas > 0) tellScaling(deployment, { name: setName, from: 0, to: replicas });
    noteProgress(deployment, 'True', 'NewReplicaSetCreated', `Created new replica set "${setName}"`);
    return created;
  }

  /** A refusal (a quota, say) is told in the status and by an event, and tried again. */
  function tryCreate(
    deployment: Deployment,
    set: {
      readonly metadata: { readonly name: string; readonly [key: string]: unknown };
      readonly [key: string]: unknown;
    },
  ): ReplicaSet {
    try {
      return replicaSets.create(set);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `Failed to create new replica set "${set.metadata.name}": ${why}`;
      noteProgress(deployment, 'False', 'ReplicaSetCreateError', message);
      events.record(deployment, { type: 'Warning', reason: 'ReplicaSetCreateError', message, component });
      throw cause;
    }
  }

  function noteProgress(deployment: Deployment, status: Condition['status'], reason: string, message: string): void {
    const fresh = deployments.get(deployment.metadata.namespace, deployment.metadata.name);
    if (fresh === undefined) return;
    const known = fresh.status?.conditions ?? [];
    const next: Condition = { type: 'Progressing', status, reason, message };
    const conditions = setDeploymentCondition(known, next, timestamp(clock.now()));
    if (conditions !== known) deployments.updateStatus(fresh, { ...fresh.status, conditions });
  }

  /** Says that a rollout waits, or goes on, so that the time it stood still does not count against its deadline. */
  function notePause(deployment: Deployment): void {
    const known = findCondition(deployment.status?.conditions, 'Progressing');
    if (known?.reason === 'ProgressDeadlineExceeded') return;
    const isPaused = known?.reason === 'DeploymentPaused';
    if (deployment.spec.paused === true)
      noteProgress(deployment, 'Unknown', 'DeploymentPaused', 'Deployment is paused');
    else if (isPaused) noteProgress(deployment, 'Unknown', 'DeploymentResumed', 'Deployment is resumed');
  }

  function sizeAnnotations(deployment: Deployment): Record<string, string> {
    const desired = deployment.spec.replicas ?? 1;
    const { maxSurge } = limitsOf(deployment);
    return { [desiredReplicasAnnotation]: String(desired), [maxReplicasAnnotation]: String(desired + maxSurge) };
  }

  function resize(deployment: Deployment, set: ReplicaSet, to: number): void {
    const from = sizeOf(set);
    const annotations = { ...set.metadata.annotations, ...sizeAnnotations(deployment) };
    if (from === to && canonicalJson(annotations) === canonicalJson(set.metadata.annotations ?? {})) return;
    replicaSets.update({ ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas: to } });
    if (from !== to) tellScaling(deployment, { name: set.metadata.name, from, to });
  }

  function tellScaling(deployment: Deployment, { name, from, to }: Resize): void {
    const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`;
    events.record(deployment, { type: 'Normal', reason: 'ScalingReplicaSet', message, component });
  }

  function apply(deployment: Deployment, sets: readonly ReplicaSet[], resizes: readonly Resize[]): void {
    for (const { name, to } of resizes) {
      const set = sets.find((candidate) => candidate.metadata.name === name);
      if (set !== undefined) resize(deployment, set, to);
    }
  }

  /** A change of size alone, also while paused: all sets that hold pods follow it in proportion. */
  function scale(deployment: Deployment, { current, old }: Sets): void {
    const all = current === undefined ? old : [...old, current];
    const active = all.filter((set) => sizeOf(set) > 0);
    const desired = deployment.spec.replicas ?? 1;
    const only = active.length <= 1 ? (active[0] ?? current) : undefined;
    if (only !== undefined) {
      // Paused before its first rollout there is nothing to keep up.
      if (active.length === 0 && deployment.spec.paused === true) return;
      resize(deployment, only, desired);
      return;
    }
    const isComplete =
      current !== undefined &&
      sizeOf(current) === desired &&
      availableOf(current) === desired &&
      current.metadata.annotations?.[desiredReplicasAnnotation] === String(desired);
    if (isComplete) {
      for (const set of old.filter((candidate) => sizeOf(candidate) > 0)) resize(deployment, set, 0);
      return;
    }
    const { maxSurge } = limitsOf(deployment);
    const before = Math.max(...active.map((set) => Number(set.metadata.annotations?.[maxReplicasAnnotation] ?? 0)));
    const resizes = decideProportionalScale(active.map(toRollingSet), desired === 0 ? 0 : desired + maxSurge, before);
    apply(deployment, active, resizes);
    for (const set of active) {
      const fresh = replicaSets.get(set.metadata.namespace, set.metadata.name);
      if (fresh !== undefined) resize(deployment, fresh, sizeOf(fresh));
    }
  }

  function isScaling(deployment: Deployment, { current, old }: Sets): boolean {
    return [...old, ...(current === undefined ? [] : [current])]
      .filter((set) => sizeOf(set) > 0)
      .some((set) => {
        const known = set.metadata.annotations?.[desiredReplicasAnnotation];
        return known !== undefined && Number(known) !== (deployment.spec.replicas ?? 1);
      });
  }

  function rollOver(deployment: Deployment, { current, old }: Sets): void {
    if (current === undefined) return;
    const resizes = decideRollingUpdate({
      desired: deployment.spec.replicas ?? 1,
      ...limitsOf(deployment),
      newSet: toRollingSet(current),
      oldSets: old.filter((set) => Math.max(sizeOf(set), set.status?.replicas ?? 0) > 0).map(toRollingSet),
    });
    apply(deployment, [current, ...old], resizes);
  }

  /** Everything old must be gone, pods included, before anything new begins. */
  function recreate(deployment: Deployment, sets: Sets): void {
    const running = sets.old.filter((set) => sizeOf(set) > 0);
    for (const set of running) resize(deployment, set, 0);
    if (running.length > 0 || sets.old.some(hasPods)) return;
    const { current } = ensureCurrent(deployment, sets);
    if (current !== undefined) resize(deployment, current, deployment.spec.replicas ?? 1);
  }

  function hasPods(set: ReplicaSet): boolean {
    return store
      .listOwned(set.metadata.uid ?? '')
      .some((object) => object.kind === 'Pod' && !isFinished(object as Pod));
  }

  function pruneHistory(deployment: Deployment, { old }: Sets): void {
    const alive = old.filter((set) => set.metadata.deletionTimestamp === undefined);
    const excess = alive.length - (deployment.spec.revisionHistoryLimit ?? 10);
    const oldestFirst = [...alive].sort((left, right) => revisionOf(left) - revisionOf(right));
    for (const set of oldestFirst.slice(0, Math.max(0, excess))) {
      const isObserved = (set.status?.observedGeneration ?? 0) >= (set.metadata.generation ?? 0);
      if (sizeOf(set) === 0 && (set.status?.replicas ?? 0) === 0 && isObserved) replicaSets.delete(set);
    }
  }

  /** The Deployment says which revision it is at; written with the status, which makes no new generation. */
  function noteRevision(key: string, current: ReplicaSet | undefined): void {
    const { namespace, name } = splitKey(key);
    const deployment = deployments.get(namespace, name);
    const revision = current?.metadata.annotations?.[revisionAnnotation];
    if (deployment === undefined || revision === undefined) return;
    if (deployment.metadata.annotations?.[revisionAnnotation] === revision) return;
    const annotations = { ...deployment.metadata.annotations, [revisionAnnotation]: revision };
    const annotated = { ...deployment, metadata: { ...deployment.metadata, annotations } };
    deployments.updateStatus(annotated, deployment.status ?? {});
  }

  function writeStatus(key: string, judgesProgress: boolean): number | undefined {
    const { namespace, name } = splitKey(key);
    const deployment = deployments.get(namespace, name);
    if (deployment === undefined) return undefined;
    const sets = claimSets(deployment);
    const { maxUnavailable } = limitsOf(deployment);
    const { status, deadlineInMs } = decideDeploymentStatus({
      deployment,
      newSet: sets.current,
      oldSets: sets.old,
      maxUnavailable,
      nowMs: clock.now(),
      judgesProgress,
    });
    deployments.updateStatus(deployment, status);
    return deadlineInMs;
  }

  function roll(key: string, deployment: Deployment): number | undefined {
    let sets = claimSets(deployment);
    const isPaused = deployment.spec.paused === true;
    if (isPaused || isScaling(deployment, sets)) {
      if (sets.current !== undefined) sets = ensureCurrent(deployment, sets);
      noteRevision(key, sets.current);
      scale(deployment, sets);
      if (isPaused) pruneHistory(deployment, claimSets(deployment));
      return writeStatus(key, false);
    }
    if (deployment.spec.strategy?.type === 'Recreate') {
      recreate(deployment, sets);
    } else {
      sets = ensureCurrent(deployment, sets);
      rollOver(deployment, sets);
    }
    sets = claimSets(deployment);
    noteRevision(key, sets.current);
    if (sets.current !== undefined) {
      noteFound(key, sets.current);
      if (isDeploymentComplete(deployment, deployment.status)) pruneHistory(deployment, sets);
    }
    return writeStatus(key, true);
  }

  function noteFound(key: string, current: ReplicaSet): void {
    const { namespace, name } = splitKey(key);
    const deployment = deployments.get(namespace, name);
    if (deployment === undefined || findCondition(deployment.status?.conditions, 'Progressing') !== undefined) return;
    noteProgress(deployment, 'True', 'FoundNewReplicaSet', `Found new replica set "${current.metadata.name}"`);
  }

  return {
    name: 'deployment',
    keysOf: keysByResource({
      'deployments.apps': ownKey,
      'replicasets.apps': (set, change) => {
        const owners = controllerKeys('Deployment')(set, change);
        if (owners.length > 0 || controllerOf(set) !== undefined) return owners;
        return deployments
          .list(set.metadata.namespace)
          .filter(({ spec }) => matchesSelector(spec.selector, set.metadata.labels))
          .map(keyOf);
      },
      // Recreate waits until the last old pod has gone, which its ReplicaSet's status does not tell.
      pods: (object, change) => (change.type === 'DELETED' ? deploymentKeyOfPod(object as Pod) : []),
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const deployment = deployments.get(namespace, name);
      if (deployment === undefined) return undefined;
      if (deployment.metadata.deletionTimestamp !== undefined) return writeStatus(key, false);
      notePause(deployment);
      return roll(key, deployments.get(namespace, name) ?? deployment);
    },
  };

  function deploymentKeyOfPod(pod: Pod): string[] {
    const set = replicaSets.get(pod.metadata.namespace, controllerOf(pod)?.name ?? '');
    const owner = set === undefined ? undefined : controllerOf(set);
    return owner?.kind === 'Deployment' ? [`${pod.metadata.namespace ?? ''}/${owner.name}`] : [];
  }
}
