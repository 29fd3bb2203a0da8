import { type Controller, controllerKeys, keysByResource, ownKey, splitKey } from '../../../controllers/controller.ts';
import { decideRollingUpdate } from '../../../controllers/decide-rolling-update.ts';
import { controllerReference, isControlledBy } from '../../../controllers/owner-reference.ts';
import { resolveIntOrPercent } from '../../../controllers/resolve-int-or-percent.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import type { EngineContext } from '../../engine.ts';
import { mergeConditions } from '../../merge-conditions.ts';
import { condition } from '../conditions.ts';
import { countReplicas, printedSelector, replicaConditions, versionsOf } from '../decide-replica-status.ts';
import { coreGroup } from '../groups.ts';
import { capiKinds, type Machine, type MachineDeployment, type MachineSet } from '../kinds.ts';
import { deploymentHash } from '../machine-templates.ts';
import { finalizers, isDeleting, labels, withFinalizer } from '../metadata.ts';

/** Keeps a set of machines for the template there is, and moves over to it from those of earlier ones. */
export function createMachineDeploymentController(context: EngineContext): Controller {
  const { clusters, deployments, machines, sets } = capiKinds(context, 'capi-machinedeployment');

  const setsOf = (deployment: MachineDeployment): MachineSet[] =>
    sets.list(deployment.metadata.namespace).filter((set) => isControlledBy(set, deployment));

  function templateOf({ metadata, spec }: MachineDeployment, hash: string): MachineSet['spec']['template'] {
    const { template } = spec;
    const own = { [labels.deployment]: metadata.name, [labels.templateHash]: hash };
    return { ...template, metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...own } } };
  }

  /** The set of the present template, made with no machines where it is new. */
  function currentSet(deployment: MachineDeployment, present: readonly MachineSet[]): MachineSet {
    const hash = deploymentHash(deployment);
    const template = templateOf(deployment, hash);
    const { spec, metadata } = deployment;
    const found = present.find((set) => set.metadata.labels?.[labels.templateHash] === hash && !isDeleting(set));
    const deletion = spec.deletion === undefined ? {} : { deletion: spec.deletion };
    if (found !== undefined) return sets.update({ ...found, spec: { ...found.spec, ...deletion, template } });
    return sets.create({
      apiVersion: deployment.apiVersion,
      kind: 'MachineSet',
      metadata: {
        name: `${metadata.name}-${hash}`,
        namespace: metadata.namespace,
        labels: template.metadata?.labels,
        annotations: metadata.annotations ?? {},
        ownerReferences: [controllerReference(deployment)],
      },
      spec: {
        clusterName: spec.clusterName,
        replicas: 0,
        selector: { matchLabels: { ...spec.selector.matchLabels, [labels.templateHash]: hash } },
        ...deletion,
        template,
      },
    });
  }

  function resize(set: MachineSet, replicas: number): void {
    if (set.spec.replicas !== replicas) sets.update({ ...set, spec: { ...set.spec, replicas } });
  }

  function roll(deployment: MachineDeployment): void {
    const present = setsOf(deployment);
    const current = currentSet(deployment, present);
    const desired = deployment.spec.replicas ?? 1;
    const old = present.filter(
      ({ metadata }) => metadata.uid !== current.metadata.uid && metadata.deletionTimestamp === undefined,
    );
    const busy = old.filter(({ spec, status }) => (spec.replicas ?? 0) > 0 || (status?.replicas ?? 0) > 0);
    for (const set of old.filter((each) => !busy.includes(each))) sets.delete(set);
    const { type, rollingUpdate } = deployment.spec.rollout?.strategy ?? {};
    if (busy.length === 0) {
      resize(current, desired);
      return;
    }
    if (type === 'OnDelete') {
      // Machines that were deleted come back as new ones.
      const kept = busy.map((set) => ({ set, size: Math.min(set.spec.replicas ?? 0, machinesOfSet(set).length) }));
      for (const { set, size } of kept) resize(set, size);
      resize(current, Math.max(0, desired - kept.reduce((sum, { size }) => sum + size, 0)));
      return;
    }
    const rolling = (set: MachineSet) => ({
      name: set.metadata.name,
      replicas: set.spec.replicas ?? 0,
      existing: set.status?.replicas ?? 0,
      available: set.status?.availableReplicas ?? 0,
    });
    const byName = new Map([current, ...busy].map((set) => [set.metadata.name, set]));
    const steps = decideRollingUpdate({
      desired,
      maxSurge: resolveIntOrPercent(rollingUpdate?.maxSurge ?? 1, desired, 'up'),
      maxUnavailable: resolveIntOrPercent(rollingUpdate?.maxUnavailable ?? 0, desired, 'down'),
      newSet: rolling(current),
      oldSets: busy.map(rolling),
    });
    for (const { name, to } of steps) {
      const set = byName.get(name);
      if (set !== undefined) resize(set, to);
    }
  }

  const machinesOfSet = (set: MachineSet): Machine[] =>
    machines.list(set.metadata.namespace).filter((machine) => isControlledBy(machine, set) && !isDeleting(machine));

  function report(deployment: MachineDeployment): void {
    const own = new Set(setsOf(deployment).map(({ metadata }) => metadata.uid));
    const present = machines
      .list(deployment.metadata.namespace)
      .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => own.has(uid)));
    const { replicas = 1, selector } = deployment.spec;
    const generation = deployment.metadata.generation ?? 1;
    const counts = countReplicas(present);
    const isGoing = isDeleting(deployment);
    const isAvailable = counts.availableReplicas >= replicas - maxUnavailableOf(deployment);
    const short = `${counts.availableReplicas} available replicas, at least ${replicas - maxUnavailableOf(deployment)} required`;
    const decided = [
      isAvailable ? condition('Available', true, 'Available') : condition('Available', false, 'NotAvailable', short),
      ...replicaConditions(present, replicas, isGoing),
      isGoing ? condition('Deleting', true, 'Deleting') : condition('Deleting', false, 'NotDeleting'),
    ];
    deployments.updateStatus(deployment, {
      ...counts,
      ...versionsOf(present),
      selector: printedSelector(selector),
      observedGeneration: generation,
      phase: phaseOf(isGoing, counts.replicas, replicas),
      conditions: mergeConditions(deployment.status?.conditions, decided, {
        generation,
        now: timestamp(context.clock.now()),
      }),
    });
  }

  return {
    name: 'capi-machine-deployment',
    keysOf: keysByResource({
      [`machinedeployments.${coreGroup}`]: ownKey,
      [`machinesets.${coreGroup}`]: controllerKeys('MachineDeployment'),
      [`machines.${coreGroup}`]: ({ metadata }) => {
        const name = metadata.labels?.[labels.deployment];
        return name === undefined ? [] : [`${metadata.namespace ?? ''}/${name}`];
      },
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const deployment = deployments.get(namespace, name);
      if (deployment === undefined) return undefined;
      if (isDeleting(deployment)) {
        const left = setsOf(deployment);
        for (const set of left) if (!isDeleting(set)) sets.delete(set);
        if (left.length === 0) deployments.update(withFinalizer(deployment, finalizers.deployment, false));
        else report(deployment);
        return undefined;
      }
      const cluster = clusters.get(namespace, deployment.spec.clusterName);
      if (cluster === undefined || cluster.spec.paused === true) return undefined;
      const held = deployments.update(withFinalizer(deployment, finalizers.deployment, true));
      if (held.spec.paused !== true && !isDeleting(cluster)) roll(held);
      report(held);
      return undefined;
    },
  };
}

function maxUnavailableOf({ spec }: MachineDeployment): number {
  const said = spec.rollout?.strategy?.rollingUpdate?.maxUnavailable ?? 0;
  return resolveIntOrPercent(said, spec.replicas ?? 1, 'down');
}

/** As upstream, by the number of machines alone, whether they are ready or not. */
function phaseOf(isGoing: boolean, replicas: number, desired: number): string {
  if (isGoing || replicas > desired) return 'ScalingDown';
  return replicas < desired ? 'ScalingUp' : 'Running';
}
