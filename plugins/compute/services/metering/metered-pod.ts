import type { PodObject } from '../../api.ts';
import { millicoresOf, unitsOf } from '../amounts.ts';
import type { ContainerSpec, ContainerStatus } from '../containers.ts';
import { controllerOf } from '../workload-kinds.ts';

/** What of a pod metering goes by. */
export interface MeteredPod {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly owner: ReturnType<typeof controllerOf>;
  readonly labels: Readonly<Record<string, string>>;
  /** When its kubelet took it up, UTC seconds; undefined before that. */
  readonly startSeconds: number | undefined;
  /** Undefined while it runs; without seconds where it does not say when it ended. */
  readonly end: { readonly seconds: number | undefined } | undefined;
  readonly millicores: number;
  /** KiB, rounded up. */
  readonly memoryKib: number;
}

const known = new WeakMap<PodObject, MeteredPod>();

/** Remembered with the object, which never changes: a look at a cluster is mostly of pods that were looked at before. */
export function meteredPod(pod: PodObject): MeteredPod {
  let metered = known.get(pod);
  if (!metered) {
    metered = read(pod);
    known.set(pod, metered);
  }
  return metered;
}

/** The kubelet's own pods belong to their node. */
export function isStaticPod(pod: PodObject): boolean {
  return pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
}

function read(pod: PodObject): MeteredPod {
  const { uid, namespace = '', name, labels = {} } = pod.metadata;
  return {
    uid,
    namespace,
    name,
    labels,
    owner: controllerOf(pod),
    startSeconds: secondsOf(pod.status?.startTime),
    end: endOf(pod),
    ...amountsOf(pod),
  };
}

/** What a pod is metered at, also one that is yet to be made. */
export function amountsOf(pod: Pick<PodObject, 'spec' | 'status'>): Pick<MeteredPod, 'millicores' | 'memoryKib'> {
  return {
    millicores: amountOf(pod, 'cpu', millicoresOf),
    memoryKib: Math.ceil(amountOf(pod, 'memory', unitsOf) / 1_024),
  };
}

/**
 * What is set aside for its containers and sidecars, which run as long as it does: requests, limits where there are none, nothing where
 * there is neither. What its node has admitted goes before what is asked for, so that a resize counts once it is done. Init containers
 * that end, what was added to debug it, and a runtime's overhead are not metered.
 */
function amountOf(
  { spec, status }: Pick<PodObject, 'spec' | 'status'>,
  resource: 'cpu' | 'memory',
  toNumber: (quantity?: string) => number | undefined,
): number {
  const ofPod = toNumber(spec?.resources?.requests?.[resource] ?? spec?.resources?.limits?.[resource]);
  if (ofPod !== undefined) return Math.max(ofPod, 0);
  const sum = (specs: readonly ContainerSpec[], statuses: readonly ContainerStatus[] | undefined) => {
    let total = 0;
    for (const container of specs) {
      const told = statuses?.find(({ name }) => name === container.name);
      const amount =
        toNumber(told?.allocatedResources?.[resource]) ??
        toNumber(told?.resources?.requests?.[resource]) ??
        toNumber(container.resources?.requests?.[resource] ?? container.resources?.limits?.[resource]);
      total += Math.max(amount ?? 0, 0);
    }
    return Math.min(total, Number.MAX_SAFE_INTEGER);
  };
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return sum(spec?.containers ?? [], status?.containerStatuses) + sum(sidecars, status?.initContainerStatuses);
}

/** When its last container ended. A pod that is being deleted has ended once all of them have. */
function endOf({ metadata, spec, status }: PodObject): MeteredPod['end'] {
  const hasFinished = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (!hasFinished && metadata.deletionTimestamp === undefined) return undefined;
  const statuses = status?.containerStatuses ?? [];
  const ends = statuses.map(({ state }) => secondsOf(state?.terminated?.finishedAt));
  const isTold = ends.length > 0 && ends.length >= (spec?.containers.length ?? 0);
  const seconds = isTold && ends.every((each) => each !== undefined) ? Math.max(...(ends as number[])) : undefined;
  if (seconds !== undefined) return { seconds };
  if (!hasFinished) return undefined;
  // A kubelet that evicts a pod tells of no container, but since when it is not ready.
  const ready = status?.conditions?.find(({ type, status: value }) => type === 'Ready' && value === 'False');
  return { seconds: secondsOf(ready?.lastTransitionTime) };
}

/** Kubernetes' times are RFC 3339 in whole seconds. */
export function secondsOf(time: unknown): number | undefined {
  if (time === undefined || time === null) return undefined;
  const ms = Date.parse(String(time));
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1_000);
}
