import type { ContainerPhase, ContainerRuntime, KubeletEffect } from './container-runtime.ts';
import type { Container, ContainerState } from './kubernetes-shapes.ts';
import type { ContainerProgram } from './read-simulation.ts';
import { timestamp } from './timestamp.ts';

/** What a container's next step depends on. */
export interface ContainerWorld {
  readonly nowMs: number;
  readonly speed: number;
  /** `name_namespace(uid)`, as the kubelet names pods in messages. */
  readonly podLabel: string;
  readonly role: 'init' | 'main';
  readonly restartPolicy: string;
  readonly program: ContainerProgram;
  /** Whether the node has the image already. */
  readonly hasImage: boolean;
  /** What is missing of the configuration the container refers to, such as `configmap "settings" not found`. */
  readonly missingConfig: string | undefined;
  readonly newContainerId: () => string;
}

export interface ContainerStep {
  readonly runtime: ContainerRuntime;
  readonly effects: readonly KubeletEffect[];
}

const never = Number.POSITIVE_INFINITY;
const pullMs = 1_000;
const pullPresentMs = 200;
const createMs = 500;
const relistMs = 1_000;
const readinessProbeMs = 500;
const retryConfigMs = 10_000;
const firstBackOffMs = 10_000;
const longestBackOffMs = 300_000;
/** A container that ran for so long is forgiven its earlier ends. */
const forgivenAfterMs = 2 * longestBackOffMs;

/**
 * Moves one container of a simulated pod by at most one phase. Returns the same runtime when nothing is due.
 * Life: pull → create → run → (end → back-off → create)*, in the kubelet's reasons and words.
 */
export function advanceContainer(spec: Container, runtime: ContainerRuntime, world: ContainerWorld): ContainerStep {
  if (spec.image !== runtime.image && runtime.phase !== 'ended') return changeImage(spec, runtime, world);
  if (runtime.dueAtMs > world.nowMs) return { runtime, effects: [] };
  switch (runtime.phase) {
    case 'idle':
    case 'pull-back-off':
      return beginPull(spec, runtime, world);
    case 'pulling':
      return isPullable(spec.image) ? finishPull(spec, runtime, world) : failPull(spec, runtime, world);
    case 'pull-failed':
      return backOffPull(spec, runtime, world);
    case 'misconfigured':
    case 'creating':
      return start(spec, runtime, world);
    case 'running':
      return end(spec, runtime, world);
    case 'stopped':
      return restart(spec, runtime, world);
    case 'back-off':
      return beginPull(spec, runtime, world);
    case 'ended':
      return { runtime, effects: [] };
  }
}

/** Whether the simulated registry has the image: `…does-not-exist…` and the tag `missing` cannot be pulled. */
function isPullable(image: string): boolean {
  return !image.includes('does-not-exist') && !image.endsWith(':missing');
}

/** Nominal back-off before start number `attempt` (from 1): 10 s, doubled each time, at most 5 minutes. */
function backOffMs(attempt: number): number {
  return Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min(Math.max(0, attempt - 1), 20));
}

function beginPull(spec: Container, runtime: ContainerRuntime, world: ContainerWorld): ContainerStep {
  const policy = spec.imagePullPolicy ?? (/(:latest|^[^:@]*)$/.test(spec.image) ? 'Always' : 'IfNotPresent');
  if (world.hasImage && policy !== 'Always') {
    const message = `Container image "${spec.image}" already present on machine and can be accessed by the pod`;
    return to(runtime, world, 'creating', createMs, {}, [event(spec, world, 'Normal', 'Pulled', message)]);
  }
  const duration = world.hasImage ? pullPresentMs : pullMs;
  return to(runtime, world, 'pulling', duration, {}, [
    event(spec, world, 'Normal', 'Pulling', `Pulling image "${spec.image}"`),
  ]);
}

function finishPull(spec: Container, runtime: ContainerRuntime, world: ContainerWorld): ContainerStep {
  const took = world.hasImage ? `${pullPresentMs}ms` : `${pullMs / 1000}s`;
  const size = 20_000_000 + ((spec.image.length * 1_234_567) % 80_000_000);
  const message = `Successfully pulled image "${spec.image}" in ${took} (${took} including waiting). Image size: ${size} bytes.`;
  return to(runtime, world, 'creating', createMs, { failedPulls: 0 }, [
    event(spec, world, 'Normal', 'Pulled', message),
    { do: 'keep-image', image: spec.image },
  ]);
}

function pullError(image: string): string {
  return `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ` + `${image}: not found`;
}

function failPull(spec: Container, runtime: ContainerRuntime, world: ContainerWorld): ContainerStep {
  const message = `Failed to pull image "${spec.image}": rpc error: code = NotFound desc = ${pullError(spec.image)}`;
  const state = waiting('ErrImagePull', `rpc error: code = NotFound desc = ${pullError(spec.image)}`);
  return to(
    runtime,
    world,
    'pull-failed',
    relistMs,
    { ...leaveTerminated(runtime), state, failedPulls: runtime.failedPulls + 1 },
    [event(spec, world, 'Warning', 'Failed', message), event(spec, world, 'Warning', 'Failed', 'Error: ErrImagePull')],
  );
}

function backOffPull(spec: Container, runtime: ContainerRuntime, world: ContainerWorld): ContainerStep {
  const message = `Back-off pulling image "${spec.image}"`;
  const state = waiting(
    'ImagePullBackOff',
    `${message}: ErrImagePull: rpc error: code = NotFound desc = ${pullError(spec.image)}`,
  );
  return to(runtime, world, 'pull-back-off', backOffMs(runtime.failedPulls), { state }, [
    event(spec, world, 'Normal', 'BackOff', message),
    event(spec, world, 'Warning', 'Failed', 'Error: ImagePullBackOff'),
  ]);
}

function start(spec: Container, runtime: ContainerRuntime, world: ContainerWorld): ContainerStep {
  if (world.missingConfig !== undefined) {
    const isNews = runtime.phase !== 'misconfigured';
    const state = waiting('CreateContainerConfigError', world.missingConfig);
    const told = isNews ? [event(spec, world, 'Warning', 'Failed', `Error: ${world.missingConfig}`)] : [];
    return to(runtime, world, 'misconfigured', retryConfigMs, { ...leaveTerminated(runtime), state }, told);
  }
  const { exitAfterMs } = world.program;
  const isRestart = runtime.containerId !== '';
  const next: ContainerRuntime = {
    ...runtime,
    ...leaveTerminated(runtime),
    phase: 'running',
    dueAtMs: exitAfterMs === undefined ? never : world.nowMs + exitAfterMs / world.speed,
    state: { running: { startedAt: timestamp(world.nowMs) } },
    containerId: `containerd://${world.newContainerId()}`,
    restartCount: runtime.restartCount + (isRestart ? 1 : 0),
    startedAtMs: world.nowMs,
    readyAtMs: world.nowMs + readyAfterMs(spec, world),
  };
  return {
    runtime: next,
    effects: [
      event(spec, world, 'Normal', 'Created', 'Container created'),
      event(spec, world, 'Normal', 'Started', 'Container started'),
      { do: 'open-log', container: spec.name },
    ],
  };
}

/** Without a probe a started container is ready at once; with one, after its delay and the first success. */
function readyAfterMs(spec: Container, world: ContainerWorld): number {
  const probes = [spec.startupProbe, spec.readinessProbe].filter((probe) => probe !== undefined);
  if (probes.length === 0) return 0;
  if (world.program.neverReady) return never;
  const delaySeconds = probes.reduce((sum, probe) => sum + (probe.initialDelaySeconds ?? 0), 0);
  return (delaySeconds * 1000 + readinessProbeMs) / world.speed;
}

function end(spec: Container, runtime: ContainerRuntime, world: ContainerWorld): ContainerStep {
  const { exitCode, exitReason } = world.program;
  const restarts = restartsAfter(world, exitCode, spec);
  const ran = (world.nowMs - runtime.startedAtMs) * world.speed;
  const crashes = ran >= forgivenAfterMs ? 1 : runtime.crashes + 1;
  const state = terminated(runtime, world, exitCode, exitReason);
  const changes = { state, crashes, readyAtMs: never };
  const closing: KubeletEffect = { do: 'close-log', container: spec.name, exitCode };
  // The first restart comes at once (as soon as the end is noticed), later ones after the back-off.
  return restarts
    ? to(runtime, world, 'stopped', relistMs, changes, [closing])
    : { runtime: { ...runtime, ...changes, phase: 'ended', dueAtMs: never }, effects: [closing] };
}

function restartsAfter(world: ContainerWorld, exitCode: number, spec: Container): boolean {
  if (spec.restartPolicy === 'Always') return true;
  if (world.restartPolicy === 'Never') return false;
  return exitCode !== 0 || (world.restartPolicy === 'Always' && world.role === 'main');
}

function restart(spec: Container, runtime: ContainerRuntime, world: ContainerWorld): ContainerStep {
  if (runtime.crashes < 2) return beginPull(spec, runtime, world);
  const delayMs = backOffMs(runtime.crashes - 1);
  const text = `restarting failed container=${spec.name} pod=${world.podLabel}`;
  const state = waiting('CrashLoopBackOff', `back-off ${describeSeconds(delayMs)} ${text}`);
  const told = `Back-off restarting failed container ${spec.name} in pod ${world.podLabel}`;
  return to(runtime, world, 'back-off', delayMs, { ...leaveTerminated(runtime), state }, [
    event(spec, world, 'Warning', 'BackOff', told),
  ]);
}

/** A container whose image was changed in place is stopped and started with the new one. */
function changeImage(spec: Container, runtime: ContainerRuntime, world: ContainerWorld): ContainerStep {
  const next: ContainerRuntime = {
    ...runtime,
    image: spec.image,
    phase: 'idle',
    dueAtMs: 0,
    failedPulls: 0,
    crashes: 0,
    readyAtMs: never,
  };
  if (runtime.phase !== 'running') return { runtime: next, effects: [] };
  const message = `Container ${spec.name} definition changed, will be restarted`;
  return {
    runtime: { ...next, state: terminated(runtime, world, 0, 'Completed') },
    effects: [event(spec, world, 'Normal', 'Killing', message), { do: 'close-log', container: spec.name, exitCode: 0 }],
  };
}

/** A terminated state moves to lastState as soon as another takes its place. */
function leaveTerminated(runtime: ContainerRuntime): { readonly lastState: ContainerState } {
  return { lastState: runtime.state.terminated === undefined ? runtime.lastState : runtime.state };
}

function terminated(
  runtime: ContainerRuntime,
  world: ContainerWorld,
  exitCode: number,
  reason: string,
): ContainerState {
  return {
    terminated: {
      exitCode,
      reason,
      startedAt: timestamp(runtime.startedAtMs),
      finishedAt: timestamp(world.nowMs),
      containerID: runtime.containerId,
    },
  };
}

function waiting(reason: string, message: string): ContainerState {
  return { waiting: { reason, message } };
}

function describeSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

function to(
  runtime: ContainerRuntime,
  world: ContainerWorld,
  phase: ContainerPhase,
  durationMs: number,
  changes: Partial<ContainerRuntime>,
  effects: readonly KubeletEffect[],
): ContainerStep {
  return { runtime: { ...runtime, ...changes, phase, dueAtMs: world.nowMs + durationMs / world.speed }, effects };
}

function event(
  spec: Container,
  world: ContainerWorld,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): KubeletEffect {
  const list = world.role === 'init' ? 'initContainers' : 'containers';
  return { do: 'record-event', type, reason, message, fieldPath: `spec.${list}{${spec.name}}` };
}
