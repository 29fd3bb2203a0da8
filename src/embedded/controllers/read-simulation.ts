import { parseLoad } from '../containers/usage/load-curve.ts';
import type { ClusterObject } from '../store/types.ts';
import type { ContainerRole } from './container-runtime.ts';
import type { Container, Pod } from './kubernetes-shapes.ts';

const prefix = 'embedded.longshore.dev/';
const loadAnnotation = /^embedded\.longshore\.dev\/load(-memory)?(\.|$)/;

/** What a simulated container does. Times are simulated: they are divided by the cluster's speed. */
export interface ContainerProgram {
  /** After how many milliseconds the container ends; undefined: never by itself. */
  readonly exitAfterMs: number | undefined;
  readonly exitCode: number;
  /** The reason of the terminated state. */
  readonly exitReason: 'Completed' | 'Error' | 'OOMKilled';
  /** From when on after the start startup and readiness probes succeed; infinity: never. */
  readonly readyAfterMs: number;
  /** Whether the startup probe ever succeeds. */
  readonly startsUp: boolean;
  /** From when on after the start liveness probes fail; undefined: never. */
  readonly unhealthyAfterMs: number | undefined;
  /** How long the program takes to obey SIGTERM; the grace period ends it anyway. */
  readonly stopMs: number;
  /** The runtime cannot start the program. */
  readonly cannotStart: boolean;
  readonly pullMs: number;
}

/** Obeys at once, starts at once, runs for ever. */
export const plainProgram: ContainerProgram = {
  exitAfterMs: undefined,
  exitCode: 0,
  exitReason: 'Completed',
  readyAfterMs: 0,
  startsUp: true,
  unhealthyAfterMs: undefined,
  stopMs: 1_000,
  cannotStart: false,
  pullMs: 1_000,
};

/** Values of the annotation `simulate`. */
const simulations = ['crash', 'oom', 'unready', 'unhealthy', 'never-started', 'start-error', 'sandbox-error'] as const;
type Simulation = (typeof simulations)[number];

const numbers = ['exit-code', 'after-seconds', 'run-seconds', 'ready-seconds', 'stop-seconds', 'pull-seconds'] as const;
type NumberName = (typeof numbers)[number];

/** How long a container runs that is meant to end but says nothing of its duration. */
const initContainerMs = 500;
const jobContainerMs = 5_000;
const afterSecondsUnsaid = 5;

/**
 * What the container does, by annotations of its pod (`embedded.longshore.dev/…`, usually set on the pod template; the
 * table is in the README of `src/embedded`). What they leave open is read from the command: `sleep`, `exit`, `true` and
 * `false` are understood, init containers and containers of pods that are not restarted end by themselves, and
 * everything else runs for ever.
 */
export function readSimulation(pod: Pod, container: Container, role: ContainerRole): ContainerProgram {
  const pace = paceOf(pod);
  return {
    ...((role === 'main' ? fromAnnotations(pod, container) : undefined) ?? withoutAnnotations(pod, container, role)),
    ...pace,
  };
}

/** Whether the pod's sandbox is to fail. */
export function failsSandbox(pod: Pod): boolean {
  return annotation(pod, 'simulate') === 'sandbox-error';
}

/** What is wrong with the pod's steering annotations, in a sentence that says what would be right. */
export function simulationMistakes(pod: Pod): readonly string[] {
  const mistakes: string[] = [];
  const simulate = annotation(pod, 'simulate');
  if (simulate !== undefined && !isSimulation(simulate)) {
    mistakes.push(`${prefix}simulate must be one of ${simulations.join(', ')}, got ${JSON.stringify(simulate)}`);
  }
  for (const name of numbers) {
    const value = annotation(pod, name);
    if (value !== undefined && numberAnnotation(pod, name) === undefined) {
      mistakes.push(`${prefix}${name} must be a number that is not negative, got ${JSON.stringify(value)}`);
    }
  }
  for (const [key, text] of Object.entries(pod.metadata.annotations ?? {})) {
    if (!loadAnnotation.test(key) || parseLoad(text) !== undefined) continue;
    mistakes.push(`${key} must be a load such as "steady 60" or "sine 20..90 every 10m", got ${JSON.stringify(text)}`);
  }
  const container = annotation(pod, 'container');
  if (container !== undefined && !pod.spec.containers.some(({ name }) => name === container)) {
    mistakes.push(`${prefix}container must name a container of the pod, got ${JSON.stringify(container)}`);
  }
  return mistakes;
}

function isSimulation(value: string): value is Simulation {
  return simulations.some((known) => known === value);
}

/** How fast the pod's containers pull, become ready and stop, whatever else they do. */
function paceOf(pod: Pod): Partial<ContainerProgram> {
  const milliseconds = (name: NumberName): number | undefined => {
    const seconds = numberAnnotation(pod, name);
    return seconds === undefined ? undefined : seconds * 1000;
  };
  const readyAfterMs = annotation(pod, 'simulate') === 'unready' ? undefined : milliseconds('ready-seconds');
  const stopMs = milliseconds('stop-seconds');
  const pullMs = milliseconds('pull-seconds');
  return {
    ...(readyAfterMs === undefined ? {} : { readyAfterMs }),
    ...(stopMs === undefined ? {} : { stopMs }),
    ...(pullMs === undefined ? {} : { pullMs }),
  };
}

function fromAnnotations(pod: Pod, container: Container): ContainerProgram | undefined {
  const isMeant = (annotation(pod, 'container') ?? pod.spec.containers[0]?.name) === container.name;
  const simulate = isMeant ? annotation(pod, 'simulate') : undefined;
  const afterMs = (numberAnnotation(pod, 'after-seconds') ?? afterSecondsUnsaid) * 1000;
  const exitCode = numberAnnotation(pod, 'exit-code');
  if (simulate === 'crash') return endsAfter(afterMs, exitCode ?? 1);
  if (simulate === 'oom') return { ...endsAfter(afterMs, 137), exitReason: 'OOMKilled' };
  const runSeconds = numberAnnotation(pod, 'run-seconds');
  if (runSeconds !== undefined) return endsAfter(runSeconds * 1000, exitCode ?? 0);
  switch (simulate) {
    case 'unready':
      return { ...plainProgram, readyAfterMs: Number.POSITIVE_INFINITY };
    case 'unhealthy':
      return { ...plainProgram, unhealthyAfterMs: afterMs };
    case 'never-started':
      return { ...plainProgram, startsUp: false };
    case 'start-error':
      return { ...plainProgram, cannotStart: true };
    default:
      return undefined;
  }
}

function withoutAnnotations(pod: Pod, container: Container, role: ContainerRole): ContainerProgram {
  const commanded = fromCommand([...(container.command ?? []), ...(container.args ?? [])]);
  if (commanded !== undefined) return commanded;
  if (container.restartPolicy === 'Always' || role === 'ephemeral') return plainProgram;
  if (role === 'init') return endsAfter(initContainerMs, 0);
  return (pod.spec.restartPolicy ?? 'Always') === 'Always' ? plainProgram : endsAfter(jobContainerMs, 0);
}

function annotation(object: ClusterObject, name: string): string | undefined {
  return object.metadata.annotations?.[`${prefix}${name}`];
}

/** A number that is not one is as good as no annotation; an event tells of it. */
function numberAnnotation(object: ClusterObject, name: NumberName): number | undefined {
  const text = annotation(object, name) ?? '';
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

const secondsPerUnit: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

function fromCommand(words: readonly string[]): ContainerProgram | undefined {
  if (words.length === 0) return undefined;
  const text = words.join(' ');
  if (/\b(while|until)\b|tail -[fF]|sleep infinity/.test(text)) return plainProgram;
  const sleep = /(?:^|[\s;&/])sleep (\d+(?:\.\d+)?)([smhd]?)(?=$|[\s;&])/.exec(text);
  const exit = /(?:^|[\s;&])exit (\d+)/.exec(text);
  const isFalse = /(?:^|[\s;&/])false$/.test(text);
  const isTrue = /(?:^|[\s;&/])true$/.test(text);
  if (sleep === null && exit === null && !isFalse && !isTrue) return undefined;
  const sleepMs = sleep === null ? initContainerMs : Number(sleep[1]) * (secondsPerUnit[sleep[2] ?? ''] ?? 1) * 1000;
  return endsAfter(sleepMs, exit === null ? Number(isFalse) : Number(exit[1]) % 256);
}

function endsAfter(exitAfterMs: number, exitCode: number): ContainerProgram {
  return { ...plainProgram, exitAfterMs, exitCode, exitReason: exitCode === 0 ? 'Completed' : 'Error' };
}
