import type { ContainerPhase, ContainerRole, ContainerRuntime, KubeletEffect } from './container-runtime.ts';
import { containerEvent } from './kubelet-event.ts';
import type { Container, ContainerState } from './kubernetes-shapes.ts';
import type { ContainerProgram } from './read-simulation.ts';
import { beginProbes, nextProbeMs, runProbes } from './run-probes.ts';
import { askToStop, closeLog, endContainer, terminatedState } from './stop-container.ts';
import { timestamp } from './timestamp.ts';

/** What a container's next step depends on. */
export interface ContainerWorld {
  readonly nowMs: number;
  readonly speed: number;
  /** `name_namespace(uid)`, as the kubelet names pods in messages. */
  readonly podLabel: string;
  readonly role: ContainerRole;
  readonly restartPolicy: string;
  /** How long a container may take to end that is restarted. */
  readonly graceMs: number;
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
const pullPresentMs = 200;
const createMs = 500;
const relistMs = 1_000;
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
    case 'back-off':
      return beginPull(spec, runtime, world);
    case 'pulling':
      return isPullable(spec.image) ? finishPull(spec, runtime, world) : failPull(spec, runtime, world);
    case 'pull-failed':
      return backOffPull(spec, runtime, world);
    case 'misconfigured':
    case 'creating':
      return start(spec, runtime, world);
    case 'running':
      return runtime.exitAtMs <= world.nowMs ? exit(spec, runtime, world) : probe(spec, runtime, world);
    case 'stopping':
      return finishStop(spec, runtime, world);
    case 'stopped':
      return restart(spec, runtime, world);
    case 'ended':
      return { runtime, effects: [] };
  }
}

/** Stops a running container and starts it anew, which counts as a restart. */
export function restartContainer(
  spec: Container,
  runtime: ContainerRuntime,
  world: ContainerWorld,
  message: string,
): ContainerStep {
  const end = { exitCode: world.program.stopMs > world.graceMs ? 137 : 143, reason: 'Error' };
  const request = { nowMs: world.nowMs, speed: world.speed, graceMs: world.graceMs, end };
  return {
    runtime: askToStop(spec, runtime, world.program, request),
    effects: [containerEvent(spec, world.role, 'Normal', 'Killing', message)],
  };
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
  if (policy === 'Never') {
    const message = `Container image "${spec.image}" is not present with pull policy of Never`;
    const changes = { ...leaveTerminated(runtime), state: waiting('ErrImageNeverPull', message) };
    return to(runtime, world, 'pull-back-off', retryConfigMs, changes, [
      event(spec, world, 'Warning', 'ErrImageNeverPull', message),
      event(spec, world, 'Warning', 'Failed', 'Error: ErrImageNeverPull'),
    ]);
  }
  const durationMs = world.hasImage ? pullPresentMs : world.program.pullMs;
  return to(runtime, world, 'pulling', durationMs, {}, [
    event(spec, world, 'Normal', 'Pulling', `Pulling image "${spec.image}"`),
  ]);
}

function finishPull(spec: Container, runtime: ContainerRuntime, world: ContainerWorld): ContainerStep {
  const took = world.hasImage ? `${pullPresentMs}ms` : `${world.program.pullMs / 1000}s`;
  const message = `Successfully pulled image "${spec.image}" in ${took} (${took} including waiting). Image size: ${imageSize(spec.image)} bytes.`;
  return to(runtime, world, 'creating', createMs, { failedPulls: 0 }, [
    event(spec, world, 'Normal', 'Pulled', message),
    { do: 'keep-image', image: spec.image },
  ]);
}

/** A size in bytes that belongs to the image's name. */
export function imageSize(image: string): number {
  return 20_000_000 + ((image.length * 1_234_567) % 80_000_000);
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
  const containerId = `containerd://${world.newContainerId()}`;
  const restartCount = runtime.restartCount + (runtime.containerId === '' ? 0 : 1);
  const created = event(spec, world, 'Normal', 'Created', 'Container created');
  if (world.program.cannotStart) {
    const failing = { ...runtime, containerId, createdImage: spec.image, restartCount };
    return failStart(spec, failing, world, [created]);
  }
  const { exitAfterMs } = world.program;
  const started: ContainerRuntime = {
    ...runtime,
    ...leaveTerminated(runtime),
    phase: 'running',
    exitAtMs: exitAfterMs === undefined ? never : world.nowMs + exitAfterMs / world.speed,
    state: { running: { startedAt: timestamp(world.nowMs) } },
    containerId,
    createdImage: spec.image,
    restartCount,
    startedAtMs: world.nowMs,
    stop: undefined,
  };
  return {
    runtime: withNextDue(beginProbes(spec, started, world.program, world.speed)),
    effects: [
      created,
      event(spec, world, 'Normal', 'Started', 'Container started'),
      { do: 'open-log', container: spec.name },
    ],
  };
}

function failStart(
  spec: Container,
  runtime: ContainerRuntime,
  world: ContainerWorld,
  told: readonly KubeletEffect[],
): ContainerStep {
  const program = spec.command?.[0] ?? spec.args?.[0] ?? `/${spec.name}`;
  const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "${program}": stat ${program}: no such file or directory`;
  const failed: ContainerState = {
    terminated: {
      exitCode: 128,
      reason: 'StartError',
      message,
      startedAt: timestamp(0),
      finishedAt: timestamp(world.nowMs),
      containerID: runtime.containerId,
    },
  };
  const effects = [...told, event(spec, world, 'Warning', 'Failed', `Error: ${message}`)];
  if (!restartsAfter(world, 128, spec)) {
    return { runtime: { ...runtime, state: failed, phase: 'ended', dueAtMs: never }, effects };
  }
  const changes = { lastState: failed, state: waiting('RunContainerError', message), crashes: runtime.crashes + 1 };
  return to(runtime, world, 'stopped', relistMs, changes, effects);
}

function probe(spec: Container, runtime: ContainerRuntime, world: ContainerWorld): ContainerStep {
  const verdict = runProbes(spec, runtime, world.program, world.speed, world.nowMs);
  const effects =
    verdict.unhealthy === undefined ? [] : [event(spec, world, 'Warning', 'Unhealthy', verdict.unhealthy)];
  if (verdict.kills === undefined) return { runtime: withNextDue(verdict.runtime), effects };
  const probed = verdict.kills === 'liveness' ? spec.livenessProbe : spec.startupProbe;
  const graceMs = (probed?.terminationGracePeriodSeconds ?? world.graceMs / 1000) * 1000;
  const killing = `Container ${spec.name} failed ${verdict.kills} probe, will be restarted`;
  const step = restartContainer(spec, verdict.runtime, { ...world, graceMs }, killing);
  return { runtime: step.runtime, effects: [...effects, ...step.effects] };
}

function withNextDue(runtime: ContainerRuntime): ContainerRuntime {
  return { ...runtime, dueAtMs: Math.min(runtime.exitAtMs, nextProbeMs(runtime)) };
}

/** The program has ended by itself. */
function exit(spec: Container, runtime: ContainerRuntime, world: ContainerWorld): ContainerStep {
  const { exitCode, exitReason } = world.program;
  return settleEnd(spec, runtime, world, { exitCode, reason: exitReason });
}

/** A container that was stopped to be started again. */
function finishStop(spec: Container, runtime: ContainerRuntime, world: ContainerWorld): ContainerStep {
  return settleEnd(spec, runtime, world, runtime.stop ?? { exitCode: 137, reason: 'Error' });
}

function settleEnd(
  spec: Container,
  runtime: ContainerRuntime,
  world: ContainerWorld,
  end: { readonly exitCode: number; readonly reason: string },
): ContainerStep {
  const ended = endContainer(runtime, end, world.nowMs);
  const closing = closeLog(spec.name, end.exitCode);
  const ran = (world.nowMs - runtime.startedAtMs) * world.speed;
  const crashes = ran >= forgivenAfterMs ? 1 : runtime.crashes + 1;
  if (!restartsAfter(world, end.exitCode, spec)) return { runtime: { ...ended, crashes }, effects: [closing] };
  // The first restart comes at once (as soon as the end is noticed), later ones after the back-off.
  return to({ ...ended, crashes }, world, 'stopped', relistMs, {}, [closing]);
}

/** A container may have a restart policy of its own (KEP-5307). */
function restartsAfter(world: ContainerWorld, exitCode: number, spec: Container): boolean {
  if (world.role === 'ephemeral') return false;
  if (spec.restartPolicy === 'Always') return true;
  const policy = spec.restartPolicy ?? world.restartPolicy;
  if (policy === 'Never') return false;
  return exitCode !== 0 || (policy === 'Always' && world.role === 'main');
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
    hasStartedUp: false,
    startup: undefined,
    readiness: undefined,
    liveness: undefined,
    stop: undefined,
  };
  if (runtime.phase !== 'running') return { runtime: next, effects: [] };
  const message = `Container ${spec.name} definition changed, will be restarted`;
  const state = terminatedState(runtime, { exitCode: 0, reason: 'Completed' }, world.nowMs);
  return {
    runtime: { ...next, state },
    effects: [event(spec, world, 'Normal', 'Killing', message), closeLog(spec.name, 0)],
  };
}

/** A terminated state moves to lastState as soon as another takes its place. */
function leaveTerminated(runtime: ContainerRuntime): { readonly lastState: ContainerState } {
  return { lastState: runtime.state.terminated === undefined ? runtime.lastState : runtime.state };
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
  return containerEvent(spec, world.role, type, reason, message);
}
