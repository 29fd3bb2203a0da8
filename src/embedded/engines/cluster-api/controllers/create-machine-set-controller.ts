import { type Controller, controllerKeys, keysByResource, ownKey, splitKey } from '../../../controllers/controller.ts';
import { isControlledBy } from '../../../controllers/owner-reference.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import type { EngineContext } from '../../engine.ts';
import { mergeConditions } from '../../merge-conditions.ts';
import { condition } from '../conditions.ts';
import { countReplicas, printedSelector, replicaConditions, versionsOf } from '../decide-replica-status.ts';
import { decideVictims } from '../decide-victims.ts';
import { coreGroup } from '../groups.ts';
import { capiKinds, type Machine, type MachineSet } from '../kinds.ts';
import { createMachine, syncMetadata } from '../machine-templates.ts';
import { finalizers, isDeleting, labels, withFinalizer } from '../metadata.ts';

/** Keeps as many machines of a template as are asked for; the ones that go are chosen by the order of deletion. */
export function createMachineSetController(context: EngineContext): Controller {
  const kinds = capiKinds(context, 'capi-machineset');
  const { clusters, machines, sets } = kinds;

  const machinesOf = (set: MachineSet): Machine[] =>
    machines.list(set.metadata.namespace).filter((machine) => isControlledBy(machine, set));

  function scale(set: MachineSet, present: readonly Machine[]): void {
    const { template, replicas = 1 } = set.spec;
    const { bootstrap, infrastructureRef, ...spec } = template.spec;
    const ownLabels = { ...template.metadata?.labels, [labels.set]: set.metadata.name };
    const metadata = { labels: ownLabels, annotations: template.metadata?.annotations ?? {} };
    const staying = present.filter((machine) => !isDeleting(machine));
    for (const machine of staying) syncMetadata(kinds, machine, metadata);
    const { configRef, dataSecretName = '' } = bootstrap;
    for (let count = staying.length; count < replicas; count += 1) {
      createMachine(context, kinds, {
        owner: set,
        namePrefix: set.metadata.name,
        metadata,
        spec,
        infrastructureRef,
        bootstrap: configRef === undefined ? { dataSecretName } : { templateRef: configRef },
      });
    }
    const { order = 'Random' } = set.spec.deletion ?? {};
    const surplus = present.length - Math.max(replicas, 0);
    for (const machine of decideVictims(present, surplus, order, context.clock.now())) {
      if (!isDeleting(machine)) machines.delete(machine);
    }
  }

  function report(set: MachineSet): void {
    const present = machinesOf(set);
    const { replicas = 1, selector } = set.spec;
    const generation = set.metadata.generation ?? 1;
    const isGoing = isDeleting(set);
    const decided = [
      ...replicaConditions(present, replicas, isGoing).filter(({ type }) => type !== 'RollingOut'),
      isGoing ? condition('Deleting', true, 'Deleting') : condition('Deleting', false, 'NotDeleting'),
    ];
    sets.updateStatus(set, {
      ...countReplicas(present),
      ...versionsOf(present),
      selector: printedSelector(selector),
      observedGeneration: generation,
      conditions: mergeConditions(set.status?.conditions, decided, { generation, now: timestamp(context.clock.now()) }),
    });
  }

  return {
    name: 'capi-machine-set',
    keysOf: keysByResource({
      [`machinesets.${coreGroup}`]: ownKey,
      [`machines.${coreGroup}`]: controllerKeys('MachineSet'),
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = sets.get(namespace, name);
      if (set === undefined) return undefined;
      if (isDeleting(set)) {
        const left = machinesOf(set);
        for (const machine of left) if (!isDeleting(machine)) machines.delete(machine);
        if (left.length === 0) sets.update(withFinalizer(set, finalizers.set, false));
        else report(set);
        return undefined;
      }
      const cluster = clusters.get(namespace, set.spec.clusterName);
      if (cluster === undefined || cluster.spec.paused === true) return undefined;
      const held = sets.update(withFinalizer(set, finalizers.set, true));
      if (!isDeleting(cluster)) scale(held, machinesOf(held));
      report(held);
      return undefined;
    },
  };
}
