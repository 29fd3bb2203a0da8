import type { ContainerRuntime, ProbeRun } from './container-runtime.ts';
import type { Container, Probe } from './kubernetes-shapes.ts';
import type { ContainerProgram } from './read-simulation.ts';

/** What a look at the probes has found. */
export interface ProbeVerdict {
  readonly runtime: ContainerRuntime;
  /** A probe that failed just now, in the words of its event. */
  readonly unhealthy: string | undefined;
  /** The probe that has used up the container's chances. */
  readonly kills: 'liveness' | 'startup' | undefined;
}

/** A probe comes a moment after the start at the earliest. */
const firstProbeMs = 500;
/** A failure that has been told so often is looked at less often; its event would not be written anyway. */
const patientAfterFailures = 30;
const patientPeriodMs = 300_000;

/** The probes a container begins with. Probes whose outcome is known to be good are not run. */
export function beginProbes(
  spec: Container,
  runtime: ContainerRuntime,
  program: ContainerProgram,
  speed: number,
): ContainerRuntime {
  if (spec.startupProbe === undefined) return afterStartup(spec, runtime, program, speed, runtime.startedAtMs);
  return { ...runtime, hasStartedUp: false, startup: firstRun(spec.startupProbe, runtime.startedAtMs, speed) };
}

/** Runs the first probe that is due. The runtime stays the same when none is. */
export function runProbes(
  spec: Container,
  runtime: ContainerRuntime,
  program: ContainerProgram,
  speed: number,
  nowMs: number,
): ProbeVerdict {
  const isReady = nowMs >= runtime.startedAtMs + program.readyAfterMs / speed;
  if (spec.startupProbe !== undefined && isDue(runtime.startup, nowMs)) {
    const { startup } = runtime;
    if (isReady && program.startsUp) return quiet(afterStartup(spec, runtime, program, speed, nowMs));
    const failures = startup.failures + 1;
    const isLast = failures >= (spec.startupProbe.failureThreshold ?? 3);
    return {
      runtime: { ...runtime, startup: nextRun(spec.startupProbe, { ...startup, failures }, speed) },
      unhealthy: `Startup probe failed: ${output(spec.startupProbe)}`,
      kills: isLast ? 'startup' : undefined,
    };
  }
  if (spec.livenessProbe !== undefined && isDue(runtime.liveness, nowMs)) {
    const failures = runtime.liveness.failures + 1;
    const isLast = failures >= (spec.livenessProbe.failureThreshold ?? 3);
    return {
      runtime: { ...runtime, liveness: nextRun(spec.livenessProbe, { ...runtime.liveness, failures }, speed) },
      unhealthy: `Liveness probe failed: ${output(spec.livenessProbe)}`,
      kills: isLast ? 'liveness' : undefined,
    };
  }
  if (spec.readinessProbe !== undefined && isDue(runtime.readiness, nowMs)) {
    const { readiness } = runtime;
    if (!isReady) {
      const run = { ...readiness, failures: readiness.failures + 1, successes: 0 };
      return {
        runtime: { ...runtime, readiness: nextRun(spec.readinessProbe, run, speed) },
        unhealthy: `Readiness probe failed: ${output(spec.readinessProbe)}`,
        kills: undefined,
      };
    }
    const successes = readiness.successes + 1;
    if (successes >= (spec.readinessProbe.successThreshold ?? 1)) {
      return quiet({ ...runtime, readiness: undefined, readyAtMs: nowMs });
    }
    return quiet({ ...runtime, readiness: nextRun(spec.readinessProbe, { ...readiness, successes }, speed) });
  }
  return quiet(runtime);
}

/** When the next probe is due; infinity when none is of interest. */
export function nextProbeMs({ startup, readiness, liveness }: ContainerRuntime): number {
  return Math.min(...[startup, readiness, liveness].map((run) => run?.dueAtMs ?? Number.POSITIVE_INFINITY));
}

/** From here on the container counts as started; the other probes begin. */
function afterStartup(
  spec: Container,
  runtime: ContainerRuntime,
  program: ContainerProgram,
  speed: number,
  nowMs: number,
): ContainerRuntime {
  const { readinessProbe, livenessProbe } = spec;
  const delayed = (probe: Probe): number =>
    Math.max(nowMs + firstProbeMs / speed, runtime.startedAtMs + ((probe.initialDelaySeconds ?? 0) * 1000) / speed);
  const hasLivenessEnd = livenessProbe !== undefined && program.unhealthyAfterMs !== undefined;
  return {
    ...runtime,
    hasStartedUp: true,
    startup: undefined,
    readyAtMs: readinessProbe === undefined ? nowMs : Number.POSITIVE_INFINITY,
    readiness:
      readinessProbe === undefined ? undefined : { dueAtMs: delayed(readinessProbe), failures: 0, successes: 0 },
    liveness: hasLivenessEnd
      ? {
          dueAtMs: Math.max(delayed(livenessProbe), runtime.startedAtMs + (program.unhealthyAfterMs ?? 0) / speed),
          failures: 0,
          successes: 0,
        }
      : undefined,
  };
}

function firstRun(probe: Probe, startedAtMs: number, speed: number): ProbeRun {
  const delayMs = Math.max(firstProbeMs, (probe.initialDelaySeconds ?? 0) * 1000);
  return { dueAtMs: startedAtMs + delayMs / speed, failures: 0, successes: 0 };
}

function nextRun(probe: Probe, run: ProbeRun, speed: number): ProbeRun {
  const periodMs = (probe.periodSeconds ?? 10) * 1000;
  const waitMs = run.failures > patientAfterFailures ? Math.max(periodMs, patientPeriodMs) : periodMs;
  return { ...run, dueAtMs: run.dueAtMs + waitMs / speed };
}

function isDue(run: ProbeRun | undefined, nowMs: number): run is ProbeRun {
  return run !== undefined && run.dueAtMs <= nowMs;
}

function quiet(runtime: ContainerRuntime): ProbeVerdict {
  return { runtime, unhealthy: undefined, kills: undefined };
}

/** What the kubelet quotes of a probe that fails. */
function output(probe: Probe): string {
  if (probe.httpGet !== undefined) return 'HTTP probe failed with statuscode: 503';
  if (probe.grpc !== undefined) return 'service unhealthy (responded with "NOT_SERVING")';
  if (probe.tcpSocket !== undefined) return `dial tcp :${probe.tcpSocket.port ?? ''}: connect: connection refused`;
  return 'command terminated with exit code 1';
}
