import type { PodObject } from '../api.ts';

/** What `kubectl get pods` shows of a pod beside its name. */
export interface PodSummary {
  /** The word in kubectl's column STATUS, e.g. `Running`, `CrashLoopBackOff`, `Init:0/1`, `Terminating`. */
  readonly reason: string;
  readonly readyContainers: number;
  /** Containers and sidecars; plain init containers do not count. */
  readonly totalContainers: number;
  readonly restartCount: number;
  /** RFC 3339: when a container last ended and was started again. */
  readonly lastRestartedAt: string | undefined;
}

type PodStatus = NonNullable<PodObject['status']>;
type ContainerStatus = NonNullable<PodStatus['containerStatuses']>[number];

const summaries = new WeakMap<PodObject, PodSummary>();

/** Computed once per version of a pod: objects are replaced on change, never edited. */
export function podSummary(pod: PodObject): PodSummary {
  let summary = summaries.get(pod);
  if (!summary) {
    summary = summarizePod(pod);
    summaries.set(pod, summary);
  }
  return summary;
}

/** The rules of kubectl's printer (`printPod` in pkg/printers/internalversion/printers.go), in its order. */
export function summarizePod(pod: PodObject): PodSummary {
  const phase = pod.status?.phase ?? 'Unknown';
  const init = summarizeInit(pod);
  const isGated = pod.status?.conditions?.some(
    (condition) => condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated',
  );
  let reason = pod.status?.reason || phase;
  if (isGated) reason = 'SchedulingGated';
  if (init.reason !== undefined) reason = init.reason;

  let { readyContainers, restarts } = init;
  if (init.reason === undefined || hasCondition(pod, 'Initialized')) {
    const main = summarizeMain(pod, reason);
    reason = main.reason;
    readyContainers += main.readyContainers;
    restarts = addRestarts(init.sidecarRestarts, main.restarts);
  }
  return {
    reason: deletionReason(pod, phase) ?? reason,
    readyContainers,
    totalContainers: (pod.spec?.containers.length ?? 0) + sidecarNames(pod).size,
    restartCount: restarts.count,
    lastRestartedAt: restarts.last,
  };
}

/** A pod on a lost node cannot be told to be terminating. */
function deletionReason(pod: PodObject, phase: string): string | undefined {
  if (pod.metadata.deletionTimestamp === undefined) return undefined;
  if (pod.status?.reason === 'NodeLost') return 'Unknown';
  return phase === 'Succeeded' || phase === 'Failed' ? undefined : 'Terminating';
}

interface Restarts {
  readonly count: number;
  readonly last: string | undefined;
}

const noRestarts: Restarts = { count: 0, last: undefined };

function addRestarts(a: Restarts, b: Restarts): Restarts {
  return { count: a.count + b.count, last: later(a.last, b.last) };
}

function restartsOf(status: ContainerStatus): Restarts {
  return { count: status.restartCount, last: status.lastState?.terminated?.finishedAt };
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Date.parse(b) > Date.parse(a) ? b : a;
}

/** Up to the first init container that is not done; `reason` is undefined where all are. */
function summarizeInit(pod: PodObject) {
  const sidecars = sidecarNames(pod);
  const statuses = pod.status?.initContainerStatuses ?? [];
  const total = pod.spec?.initContainers?.length ?? 0;
  let restarts = noRestarts;
  let sidecarRestarts = noRestarts;
  let readyContainers = 0;
  for (const [index, status] of statuses.entries()) {
    const isSidecar = sidecars.has(status.name);
    restarts = addRestarts(restarts, restartsOf(status));
    if (isSidecar) sidecarRestarts = addRestarts(sidecarRestarts, restartsOf(status));
    if (status.state?.terminated?.exitCode === 0) continue;
    if (isSidecar && status.started === true) {
      if (status.ready) readyContainers += 1;
      continue;
    }
    return { reason: initReason(status, index, total), restarts, sidecarRestarts, readyContainers };
  }
  return { reason: undefined, restarts, sidecarRestarts, readyContainers };
}

function initReason(status: ContainerStatus, index: number, total: number): string {
  const { terminated, waiting } = status.state ?? {};
  if (terminated) return `Init:${terminated.reason || endOf(terminated)}`;
  if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`;
  return `Init:${index}/${total}`;
}

/** From the last container to the first: the first one that says something has the last word. */
function summarizeMain(pod: PodObject, phaseReason: string) {
  let reason = phaseReason;
  let restarts = noRestarts;
  let readyContainers = 0;
  for (const status of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    const { waiting, terminated, running } = status.state ?? {};
    restarts = addRestarts(restarts, restartsOf(status));
    if (waiting?.reason) reason = waiting.reason;
    else if (terminated) reason = terminated.reason || endOf(terminated);
    else if (status.ready && running) readyContainers += 1;
  }
  if (reason === 'Completed' && readyContainers > 0) reason = hasCondition(pod, 'Ready') ? 'Running' : 'NotReady';
  return { reason, restarts, readyContainers };
}

function endOf(terminated: { readonly signal?: number; readonly exitCode: number }): string {
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

function hasCondition(pod: PodObject, type: string): boolean {
  return pod.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}

/** Init containers that go on running beside the main ones (`restartPolicy: Always`). */
function sidecarNames(pod: PodObject): ReadonlySet<string> {
  const sidecars = (pod.spec?.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
  return new Set(sidecars.map((container) => container.name));
}
