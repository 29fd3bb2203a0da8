import { type Controller, keyOf, keysByResource, ownKey, splitKey } from '../../../controllers/controller.ts';
import { createObjectIndex } from '../../../controllers/create-object-index.ts';
import type { Node, Pod } from '../../../controllers/kubernetes-shapes.ts';
import { isNodeLost } from '../../../controllers/node-simulation.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import { isEqualJson } from '../../../machinery/json.ts';
import type { EngineContext } from '../../engine.ts';
import { group } from '../kinds.ts';
import { hasGate, kruiseGate, type UnreadyKey, withUnreadyKey } from '../readiness.ts';
import { decideRecreation } from './decide-recreation.ts';
import { activeLabel, type ContainerRecreateRequest, podUidLabel, unreadyAcquired } from './kinds.ts';

const manager = 'kruise-manager';
/** A node's daemon that has not taken a request up for so long never will. */
const responseTimeoutMs = 60_000;

/** Restarts containers as requests ask for it: the manager's part and that of the daemons on the nodes. */
export function createRecreateController(context: EngineContext): Controller {
  const { clock, containerKills } = context;
  const requests = context.kind<ContainerRecreateRequest>(group, 'containerrecreaterequests', manager);
  const pods = context.kind<Pod>('', 'pods', manager);
  const nodes = context.kind<Node>('', 'nodes', manager);
  const active = createObjectIndex<ContainerRecreateRequest>(context.store, requests.resource, (request) =>
    request.status?.completionTime === undefined ? [`${request.metadata.namespace}/${request.spec.podName}`] : [],
  );
  const now = (): string => timestamp(clock.now());
  const keyOfUnready = (request: ContainerRecreateRequest): UnreadyKey => ({
    userAgent: 'ContainerRecreateRequest',
    key: keyOf(request),
  });

  function complete(request: ContainerRecreateRequest, message: string): undefined {
    const status = { ...request.status, phase: 'Completed', completionTime: now() };
    requests.updateStatus(request, message === '' ? status : { ...status, message });
    return undefined;
  }

  function setUnready(request: ContainerRecreateRequest, pod: Pod, isUnready: boolean): void {
    const next = withUnreadyKey(pod, keyOfUnready(request), isUnready, now());
    if (next !== pod) pods.updateStatus(pod, next.status);
  }

  /** What is over gives its pod back, loses its label and goes when its time has come. */
  function finish(request: ContainerRecreateRequest, pod: Pod | undefined): number | undefined {
    const { metadata, spec, status } = request;
    if (metadata.finalizers?.includes(unreadyAcquired) === true) {
      if (pod !== undefined && pod.metadata.deletionTimestamp === undefined) setUnready(request, pod, false);
      const finalizers = metadata.finalizers.filter((finalizer) => finalizer !== unreadyAcquired);
      requests.update({ ...request, metadata: { ...metadata, finalizers } });
      return undefined;
    }
    if (metadata.deletionTimestamp !== undefined) return undefined;
    if (metadata.labels?.[activeLabel] !== undefined) {
      const { [activeLabel]: _active, ...labels } = metadata.labels;
      requests.update({ ...request, metadata: { ...metadata, labels } });
      return undefined;
    }
    if (spec.ttlSecondsAfterFinished === undefined) return undefined;
    const leftMs = Date.parse(status?.completionTime ?? '') + spec.ttlSecondsAfterFinished * 1000 - clock.now();
    if (leftMs > 0) return leftMs;
    requests.delete(request);
    return undefined;
  }

  /** The pod becomes unready for a while before its containers end. Answers how long that still takes; 0 when it is over. */
  function waitUnready(request: ContainerRecreateRequest, pod: Pod): number {
    const { metadata, spec } = request;
    const seconds = spec.strategy?.unreadyGracePeriodSeconds;
    if (seconds === undefined) return 0;
    const since = metadata.annotations?.[unreadyAcquired];
    if (since !== undefined) return Math.max(0, Date.parse(since) + seconds * 1000 - clock.now());
    const canBeUnready = hasGate(pod, kruiseGate);
    const finalizers = canBeUnready ? [...(metadata.finalizers ?? []), unreadyAcquired] : metadata.finalizers;
    const annotations = { ...metadata.annotations, [unreadyAcquired]: now() };
    requests.update({
      ...request,
      metadata: { ...metadata, annotations, ...(finalizers === undefined ? {} : { finalizers }) },
    });
    setUnready(request, pod, true);
    return seconds * 1000;
  }

  function recreate(request: ContainerRecreateRequest, pod: Pod): number | undefined {
    const { spec, status } = request;
    const { states, kill, isOver, nextMs } = decideRecreation({
      containers: spec.containers,
      strategy: spec.strategy ?? {},
      before: status?.containerRecreateStates ?? [],
      statuses: pod.status?.containerStatuses ?? [],
      nowMs: clock.now(),
    });
    const told: ContainerRecreateRequest = isEqualJson(states, status?.containerRecreateStates)
      ? request
      : requests.updateStatus(request, { ...status, containerRecreateStates: states });
    if (isOver) return complete(told, '');
    if (kill !== undefined) {
      containerKills.request(pod, {
        container: kill,
        graceMs: (spec.strategy?.terminationGracePeriodSeconds ?? 30) * 1000,
        message: `Stopping container ${kill} by ContainerRecreateRequest ${request.metadata.name}`,
      });
    }
    return nextMs;
  }

  /** Of several requests for one pod the one that was begun, or else the oldest, has its turn. */
  function isFirst(request: ContainerRecreateRequest): boolean {
    const others = active.get(`${request.metadata.namespace}/${request.spec.podName}`);
    const rank = (each: ContainerRecreateRequest): string =>
      `${each.status?.phase === 'Recreating' ? 0 : 1} ${each.metadata.creationTimestamp} ${each.metadata.name}`;
    return others.every((other) => rank(request) <= rank(other));
  }

  function proceed(request: ContainerRecreateRequest, pod: Pod): number | undefined {
    const { metadata, spec, status } = request;
    const age = clock.now() - Date.parse(metadata.creationTimestamp ?? '');
    const deadlineMs = spec.activeDeadlineSeconds === undefined ? undefined : spec.activeDeadlineSeconds * 1000 - age;
    if (deadlineMs !== undefined && deadlineMs <= 0) {
      return complete(request, 'recreating has exceeded the activeDeadlineSeconds');
    }
    if (isNodeLost(nodes.get(undefined, pod.spec.nodeName ?? ''))) {
      const answerMs = status === undefined ? responseTimeoutMs - age : Number.POSITIVE_INFINITY;
      if (answerMs <= 0) return complete(request, 'daemon has not responded for a long time');
      return earliest(answerMs, deadlineMs);
    }
    if (!isFirst(request)) {
      if (status === undefined) requests.updateStatus(request, { phase: 'Pending' });
      return deadlineMs;
    }
    if (status?.phase !== 'Recreating') {
      requests.updateStatus(request, { ...status, phase: 'Recreating' });
      return deadlineMs;
    }
    const unreadyMs = waitUnready(request, pod);
    if (unreadyMs > 0) return earliest(unreadyMs, deadlineMs);
    return earliest(recreate(request, pod), deadlineMs);
  }

  return {
    name: 'containerrecreaterequest',
    keysOf: keysByResource({
      [`containerrecreaterequests.${group}`]: (object, { type }) => {
        // The next in line has its turn when one is done.
        const request = object as ContainerRecreateRequest;
        const isDone = type === 'DELETED' || request.status?.completionTime !== undefined;
        const next = isDone ? active.get(`${request.metadata.namespace}/${request.spec.podName}`) : [];
        return [...ownKey(object), ...next.map(keyOf)];
      },
      pods: (pod) => active.get(keyOf(pod)).map(keyOf),
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const request = requests.get(namespace, name);
      if (request === undefined) return undefined;
      const pod = pods.get(namespace, request.spec.podName);
      const isOver = request.metadata.deletionTimestamp !== undefined || request.status?.completionTime !== undefined;
      if (isOver) return finish(request, pod);
      const isGone = pod?.metadata.uid !== request.metadata.labels?.[podUidLabel];
      if (pod === undefined || isGone || pod.metadata.deletionTimestamp !== undefined) {
        return complete(request, 'pod has gone');
      }
      return proceed(request, pod);
    },
  };
}

function earliest(...waits: readonly (number | undefined)[]): number | undefined {
  const finite = waits.filter((wait) => wait !== undefined && Number.isFinite(wait)) as number[];
  return finite.length === 0 ? undefined : Math.min(...finite);
}
