import { type Controller, keysByResource, ownKey, splitKey } from '../../../controllers/controller.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import type { EngineContext } from '../../engine.ts';
import { type DecidedCondition, mergeConditions } from '../../merge-conditions.ts';
import { buildWorkloadNode } from '../build-workload-node.ts';
import { condition, summary } from '../conditions.ts';
import { createHostPool } from '../create-host-pool.ts';
import type { WorkloadClusters } from '../create-workload-clusters.ts';
import { decideStages, parseStartup, type Stages, type StageTimes } from '../decide-stages.ts';
import { coreGroup, hostGroup, infrastructureGroup } from '../groups.ts';
import { type Cluster, capiKinds, type DevMachine, type Machine } from '../kinds.ts';
import { clusterNameOf, finalizers, isControlPlaneMachine, isDeleting, labels, withFinalizer } from '../metadata.ts';
import { createFirstMachines, readSteering, type Steering } from '../steering.ts';
import { isClusterNews } from './keys-of-cluster.ts';

/** What a cloud takes to take a host away. */
const deletionMs = 1_000;

interface Life {
  readonly startedAt: number;
  readonly times: StageTimes;
}

/** Brings up the simulated hosts of machines, stage by stage, and registers their nodes. */
export function createDevMachineController(context: EngineContext, workloads: WorkloadClusters): Controller {
  const { clock, speed } = context;
  const { clusters, devMachines, hosts, machines } = capiKinds(context, 'capd');
  const pool = createHostPool(hosts);
  const first = createFirstMachines();
  const lives = new Map<string, Life>();

  function lifeOf(dev: DevMachine, steering: Steering): Life {
    const uid = dev.metadata.uid ?? '';
    const known = lives.get(uid);
    if (known !== undefined) return known;
    const { vm, node, etcd, apiServer } = dev.spec.backend?.inMemory ?? {};
    // Whole milliseconds: a rest of a fraction would never be waited out.
    const took = (part: typeof vm): number => Math.ceil(parseStartup(part?.provisioning, context.random()) / speed);
    const said = steering.provisionSeconds;
    const life = {
      startedAt: clock.now(),
      times: {
        vm: said === undefined ? took(vm) : Math.ceil((said * 1_000) / speed),
        node: took(node),
        etcd: took(etcd),
        apiServer: took(apiServer),
      },
    };
    lives.set(uid, life);
    return life;
  }

  /** Whether what is asked of machines of this group is meant for this one. */
  function isMeant(machine: Machine, { failure, hangs, firstMachines }: Steering): boolean {
    if (failure === undefined && !hangs) return false;
    if (firstMachines === undefined) return true;
    const { namespace, labels: own = {}, uid = '' } = machine.metadata;
    const group = own[labels.deployment] ?? own[labels.controlPlaneName] ?? '';
    const said = [namespace, clusterNameOf(machine), group, failure, hangs, firstMachines];
    return first.includes(JSON.stringify(said), uid, firstMachines);
  }

  function report(
    dev: DevMachine,
    decided: readonly DecidedCondition[],
    more: Partial<NonNullable<DevMachine['status']>>,
  ): void {
    const stamp = { generation: dev.metadata.generation ?? 1, now: timestamp(clock.now()) };
    const ready = summary('Ready', decided, ['Ready', 'NotReady', 'ReadyUnknown']);
    const conditions = mergeConditions(dev.status?.conditions, [ready, ...decided], stamp);
    devMachines.updateStatus(dev, { ...dev.status, ...more, conditions });
  }

  function remove(dev: DevMachine, steering: Steering): number | undefined {
    if (steering.deletionFailure !== undefined) {
      const failed = condition('VMProvisioned', false, 'DeletionFailed', steering.deletionFailure);
      report(dev, [failed], {});
      return undefined;
    }
    const left = Date.parse(dev.metadata.deletionTimestamp ?? '') + Math.ceil(deletionMs / speed) - clock.now();
    if (left > 0) return left;
    pool.release(dev);
    lives.delete(dev.metadata.uid ?? '');
    devMachines.update(withFinalizer(dev, finalizers.devMachine, false));
    return undefined;
  }

  function waitingFor(cluster: Cluster, machine: Machine): string | undefined {
    const { infrastructureProvisioned, controlPlaneInitialized } = cluster.status?.initialization ?? {};
    if (infrastructureProvisioned !== true) return 'WaitingForClusterInfrastructureReady';
    if (machine.spec.bootstrap.dataSecretName !== undefined) return undefined;
    return !isControlPlaneMachine(machine) && controlPlaneInitialized !== true
      ? 'WaitingForControlPlaneInitialized'
      : 'WaitingForBootstrapData';
  }

  function registerNode(cluster: Cluster, machine: Machine, dev: DevMachine): void {
    const workload = workloads.get(cluster.metadata.uid ?? '');
    if (workload === undefined || workload.nodes.get(undefined, machine.metadata.name) !== undefined) return;
    // A node that an administrator deleted stays away: the host registers once.
    if (machine.status?.nodeRef !== undefined) return;
    workload.nodes.create(buildWorkloadNode(cluster, machine, dev));
  }

  function bringUp(cluster: Cluster, machine: Machine, dev: DevMachine, steering: Steering): number | undefined {
    const isControlPlane = isControlPlaneMachine(machine);
    if (dev.status?.initialization?.provisioned !== true && isMeant(machine, steering)) {
      const { failure } = steering;
      const reason = failure === undefined ? 'WaitingForStartupTimeout' : 'ProvisioningFailed';
      const decided = stageConditions(
        condition('VMProvisioned', false, reason, failure ?? ''),
        undefined,
        isControlPlane,
      );
      report(dev, decided, failure === undefined ? {} : { failureReason: 'CreateError', failureMessage: failure });
      lives.delete(dev.metadata.uid ?? '');
      return undefined;
    }
    if (!pool.take(dev)) {
      const decided = condition(
        'VMProvisioned',
        false,
        'WaitingForAvailableHost',
        'no host of its labels is available',
      );
      report(dev, stageConditions(decided, undefined, isControlPlane), {});
      return undefined;
    }
    const { startedAt, times } = lifeOf(dev, steering);
    const stages = decideStages(clock.now() - startedAt, times, isControlPlane);
    const vm = stages.vm
      ? condition('VMProvisioned', true, 'Provisioned')
      : condition('VMProvisioned', false, 'WaitingForStartupTimeout');
    const providerID = `in-memory:///${dev.metadata.name}`;
    const held =
      stages.vm && dev.spec.providerID === undefined
        ? devMachines.update({ ...dev, spec: { ...dev.spec, providerID } })
        : dev;
    const addresses = held.status?.addresses ?? addressesOf(held);
    report(
      held,
      stageConditions(vm, stages, isControlPlane),
      stages.vm
        ? {
            initialization: { provisioned: true },
            addresses,
            ...(machine.spec.failureDomain === undefined ? {} : { failureDomain: machine.spec.failureDomain }),
          }
        : {},
    );
    if (stages.node) registerNode(cluster, machine, { ...held, status: { ...held.status, addresses } });
    return stages.waitMs;
  }

  let nextAddress = 0;
  function addressesOf(dev: DevMachine): { readonly type: string; readonly address: string }[] {
    nextAddress += 1;
    const [high, low] = [Math.floor(nextAddress / 250) % 250, (nextAddress % 250) + 1];
    const isPublic = dev.spec.backend?.inMemory?.vm?.publicIP === true;
    return [
      { type: 'InternalIP', address: `10.90.${high}.${low}` },
      ...(isPublic ? [{ type: 'ExternalIP', address: `203.0.113.${low}` }] : []),
      { type: 'Hostname', address: dev.metadata.name },
    ];
  }

  return {
    name: 'capi-dev-machine',
    connect(enqueue) {
      workloads.onNews(({ node }) => {
        if (node === undefined) for (const each of devMachines.list()) for (const key of ownKey(each)) enqueue(key);
      });
    },
    keysOf: keysByResource({
      [`devmachines.${infrastructureGroup}`]: ownKey,
      [`machines.${coreGroup}`]: ownKey,
      [`baremetalhosts.${hostGroup}`]: ({ metadata }) =>
        devMachines
          .list(metadata.namespace)
          .filter((each) => pool.needsHost(each))
          .flatMap(ownKey),
      [`clusters.${coreGroup}`]: (object, change) =>
        isClusterNews(object, change)
          ? devMachines
              .list(object.metadata.namespace)
              .filter((each) => clusterNameOf(each) === object.metadata.name)
              .flatMap(ownKey)
          : [],
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const dev = devMachines.get(namespace, name);
      if (dev === undefined) return undefined;
      const machine = machines.get(namespace, name);
      const steering = readSteering({ ...dev.metadata.annotations, ...machine?.metadata.annotations });
      if (isDeleting(dev)) return remove(dev, steering);
      const cluster = clusters.get(namespace, clusterNameOf(dev));
      if (machine === undefined || cluster === undefined) return undefined;
      const held = devMachines.update(withFinalizer(dev, finalizers.devMachine, true));
      const reason = waitingFor(cluster, machine);
      if (reason === undefined) return bringUp(cluster, machine, held, steering);
      const vm = condition('VMProvisioned', false, reason);
      report(held, stageConditions(vm, undefined, isControlPlaneMachine(machine)), {});
      return undefined;
    },
  };
}

function stageConditions(
  vm: DecidedCondition,
  stages: Stages | undefined,
  isControlPlane: boolean,
): readonly DecidedCondition[] {
  const stage = (type: string, isDone: boolean, isBegun: boolean): DecidedCondition =>
    isDone
      ? condition(type, true, 'Provisioned')
      : condition(type, false, isBegun ? 'WaitingForStartupTimeout' : 'WaitingForVMProvisioned');
  const isUp = stages?.vm === true;
  return [
    vm,
    stage('NodeProvisioned', stages?.node === true, isUp),
    ...(isControlPlane
      ? [
          stage('EtcdProvisioned', stages?.etcd === true, isUp),
          stage('APIServerProvisioned', stages?.apiServer === true, isUp),
        ]
      : []),
  ];
}
