import { asObject } from '../machinery/json.ts';
import { qualityOfService } from '../registry/pod-spec/quality-of-service.ts';
import { letsPass } from './advance-pod.ts';
import type { ContainerRole, ContainerRuntime, PodRuntime } from './container-runtime.ts';
import type {
  Condition,
  Container,
  ContainerStatus,
  Pod,
  PodStatus,
  ResourceRequirements,
} from './kubernetes-shapes.ts';
import { findCondition, setCondition } from './set-condition.ts';
import { fnv1a32 } from './template-hash.ts';
import { timestamp } from './timestamp.ts';

/** What the kubelet reports of a pod, from where its containers stand. Conditions of others are kept. */
export function buildPodStatus(pod: Pod, runtime: PodRuntime, nowMs: number): PodStatus {
  const initSpecs = pod.spec.initContainers ?? [];
  const init = runtime.init.map((container, index) =>
    containerStatus(runtime, container, initSpecs[index], 'init', nowMs),
  );
  const main = runtime.main.map((container, index) =>
    containerStatus(runtime, container, pod.spec.containers[index], 'main', nowMs),
  );
  const ephemeral = runtime.ephemeral.map((container, index) =>
    containerStatus(runtime, container, pod.spec.ephemeralContainers?.[index], 'ephemeral', nowMs),
  );
  const hasSandbox = runtime.podIP !== '';
  const phase = runtime.failure === undefined ? podPhase(pod, runtime) : 'Failed';
  const { resize: _done, ...before } = (pod.status ?? {}) as PodStatus & { readonly resize?: unknown };
  return {
    ...before,
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    phase,
    ...runtime.failure,
    conditions: podConditions(pod, runtime, [...main, ...sidecarsOf(init, initSpecs)], phase, timestamp(nowMs)),
    hostIP: runtime.hostIP,
    hostIPs: [{ ip: runtime.hostIP }],
    ...(hasSandbox ? { podIP: runtime.podIP, podIPs: [{ ip: runtime.podIP }] } : {}),
    startTime: timestamp(runtime.startedAtMs),
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: main,
    ...(ephemeral.length === 0 ? {} : { ephemeralContainerStatuses: ephemeral }),
    // The class is that of the pod's birth, whatever a resize makes of its requests.
    qosClass: pod.status?.qosClass ?? qualityOfService(asObject(pod.spec) ?? {}),
  };
}

function sidecarsOf(statuses: readonly ContainerStatus[], specs: readonly Container[]): ContainerStatus[] {
  return statuses.filter((_, index) => specs[index]?.restartPolicy === 'Always');
}

function containerStatus(
  runtime: PodRuntime,
  container: ContainerRuntime,
  spec: Container | undefined,
  role: ContainerRole,
  nowMs: number,
): ContainerStatus {
  const isRunning = container.phase === 'running' || container.phase === 'stopping';
  const hasSucceeded = container.phase === 'ended' && container.state.terminated?.exitCode === 0;
  const hasExisted = container.containerId !== '';
  const allocated = role === 'main' ? runtime.allocated[container.name] : spec?.resources;
  const actual: ResourceRequirements | undefined = role === 'main' ? runtime.actual[container.name] : spec?.resources;
  return {
    name: container.name,
    // A container keeps its image's names until another is created in its place, however long the pull takes.
    image: hasExisted ? container.createdImage : container.image,
    imageID: hasExisted ? imageId(container.createdImage) : '',
    ...(hasExisted ? { containerID: container.containerId } : {}),
    ready: isRunning ? container.readyAtMs <= nowMs && role !== 'ephemeral' : role === 'init' && hasSucceeded,
    started: isRunning && container.hasStartedUp,
    restartCount: container.restartCount,
    state: container.state,
    lastState: container.lastState,
    ...(allocated?.requests === undefined ? {} : { allocatedResources: allocated.requests }),
    ...(actual === undefined || !hasExisted ? {} : { resources: actual }),
  };
}

/** A digest that belongs to the image's name, as a registry would give it. */
function imageId(image: string): string {
  const repository = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  return `${repository}@sha256:${imageDigest(image)}`;
}

/** 64 hexadecimal digits that belong to the image's name. */
export function imageDigest(image: string): string {
  const known = digests.get(image);
  if (known !== undefined) return known;
  let digest = '';
  for (let part = 0; part < 8; part += 1) digest += fnv1a32(`${part}/${image}`).toString(16).padStart(8, '0');
  if (digests.size >= rememberedDigests) digests.clear();
  digests.set(image, digest);
  return digest;
}

const rememberedDigests = 1_000;
const digests = new Map<string, string>();

/** The phase by the kubelet's rules over all containers. */
function podPhase(pod: Pod, runtime: PodRuntime): 'Pending' | 'Running' | 'Succeeded' | 'Failed' {
  const initSpecs = pod.spec.initContainers ?? [];
  const hasFailedInit = runtime.init.some(
    (container) => container.phase === 'ended' && (container.state.terminated?.exitCode ?? 0) !== 0,
  );
  if (hasFailedInit) return 'Failed';
  const isInitialized = initSpecs.every((spec, index) => {
    const container = runtime.init[index];
    return container !== undefined && letsPass(spec, container);
  });
  const isOver = runtime.main.every((container) => container.phase === 'ended');
  if (isOver) {
    return runtime.main.every((container) => container.state.terminated?.exitCode === 0) ? 'Succeeded' : 'Failed';
  }
  // A container that never started keeps the whole pod pending; one that waits for its restart does not.
  const isWaiting = runtime.main.some(
    ({ state, lastState }) => state.waiting !== undefined && lastState.terminated === undefined,
  );
  return !isInitialized || isWaiting ? 'Pending' : 'Running';
}

function podConditions(
  pod: Pod,
  runtime: PodRuntime,
  containers: readonly ContainerStatus[],
  phase: string,
  now: string,
): readonly Condition[] {
  const incomplete = (pod.spec.initContainers ?? [])
    .filter((spec, index) => {
      const container = runtime.init[index];
      return container === undefined || !letsPass(spec, container);
    })
    .map((spec) => spec.name);
  const unready = containers.filter((status) => !status.ready).map((status) => status.name);
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  const over = { reason: phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed' };
  const notReady = { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const containersReady = isOver ? over : unready.length > 0 ? notReady : undefined;
  const initialized =
    incomplete.length === 0
      ? undefined
      : { reason: 'ContainersNotInitialized', message: `containers with incomplete status: [${incomplete.join(' ')}]` };
  const isSandboxed = runtime.podIP !== '' && !isOver;
  return [
    verdict(pod, 'PodReadyToStartContainers', isSandboxed ? undefined : {}),
    {
      ...verdict(pod, 'Initialized', phase === 'Succeeded' || runtime.main.some(hasStarted) ? undefined : initialized),
      ...(phase === 'Succeeded' ? { reason: 'PodCompleted' } : {}),
    },
    verdict(pod, 'Ready', containersReady ?? closedGates(pod)),
    verdict(pod, 'ContainersReady', containersReady),
    verdict(pod, 'PodScheduled', undefined),
    ...resizeConditions(pod, runtime),
    ...disruption(pod, runtime),
  ].reduce<readonly Condition[]>(
    (conditions, condition) => setCondition(conditions, condition, now),
    (pod.status?.conditions ?? []).filter(({ type }) => !resizeTypes.has(type) || type === runtime.resize?.condition),
  );
}

const resizeTypes = new Set(['PodResizePending', 'PodResizeInProgress']);

function hasStarted({ state, lastState }: ContainerRuntime): boolean {
  return state.running !== undefined || state.terminated !== undefined || lastState.terminated !== undefined;
}

/** A resize that is done has no condition at all. */
function resizeConditions(pod: Pod, { resize }: PodRuntime): readonly Condition[] {
  if (resize === undefined) return [];
  const { reason, message } = resize;
  const why = { ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }) };
  const { reason: _none, message: _nothing, ...condition } = verdict(pod, resize.condition, undefined);
  return [{ ...condition, ...why }];
}

/** An eviction by the kubelet is a disruption, which a Job does not hold against its pods. */
function disruption(pod: Pod, { failure }: PodRuntime): readonly Condition[] {
  if (failure?.reason !== 'Evicted') return [];
  const { message } = failure;
  return [{ ...verdict(pod, 'DisruptionTarget', undefined), reason: 'TerminationByKubelet', message }];
}

interface Objection {
  readonly reason?: string;
  readonly message?: string;
}

function verdict(pod: Pod, type: string, objection: Objection | undefined): Condition {
  const generation = pod.metadata.generation;
  return {
    type,
    status: objection === undefined ? 'True' : 'False',
    lastProbeTime: null,
    ...objection,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
}

/** Readiness gates are opened by others (engines that update in place); a closed one keeps the pod unready. */
function closedGates(pod: Pod): Objection | undefined {
  const messages = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const condition = findCondition(pod.status?.conditions, conditionType);
    if (condition === undefined)
      return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    if (condition.status === 'True') return [];
    return [`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`];
  });
  return messages.length === 0 ? undefined : { reason: 'ReadinessGatesNotReady', message: messages.join(', ') };
}
