import type { ClusterObject } from '../store/types.ts';
import type { Container, Pod } from './kubernetes-shapes.ts';

const prefix = 'embedded.longshore.dev/';

/** What a simulated container does after its start. Times are simulated: they are divided by the cluster's speed. */
export interface ContainerProgram {
  /** After how many milliseconds the container ends; undefined: never by itself. */
  readonly exitAfterMs: number | undefined;
  readonly exitCode: number;
  /** The reason of the terminated state. */
  readonly exitReason: 'Completed' | 'Error' | 'OOMKilled';
  /** Readiness probes of this container never succeed. */
  readonly neverReady: boolean;
}

const runsForever: ContainerProgram = {
  exitAfterMs: undefined,
  exitCode: 0,
  exitReason: 'Completed',
  neverReady: false,
};
/** How long a container runs that is meant to end but says nothing of its duration. */
const initContainerMs = 500;
const jobContainerMs = 5_000;
const crashAfterSeconds = 5;

/**
 * What the container does, by annotations of its pod (`embedded.longshore.dev/…`, usually set on the pod template):
 *
 * - `simulate: crash` ends the first container with `exit-code` (default 1) after `after-seconds` (default 5);
 *   `simulate: oom` likewise, killed for its memory; `simulate: unready` never lets it become ready;
 * - `run-seconds: "30"` ends all containers after that time with `exit-code` (default 0);
 * - otherwise `sleep`, `exit`, `true` and `false` in the command are understood, init containers and containers of
 *   pods that are not restarted end by themselves, and everything else runs for ever.
 */
export function readSimulation(pod: Pod, container: Container, role: 'init' | 'main'): ContainerProgram {
  if (role === 'main') {
    const simulated = fromAnnotations(pod, container);
    if (simulated !== undefined) return simulated;
  }
  const commanded = fromCommand([...(container.command ?? []), ...(container.args ?? [])]);
  if (commanded !== undefined) return commanded;
  if (container.restartPolicy === 'Always') return runsForever;
  if (role === 'init') return endsAfter(initContainerMs, 0);
  return (pod.spec.restartPolicy ?? 'Always') === 'Always' ? runsForever : endsAfter(jobContainerMs, 0);
}

function fromAnnotations(pod: Pod, container: Container): ContainerProgram | undefined {
  const isFirst = pod.spec.containers[0]?.name === container.name;
  const simulate = annotation(pod, 'simulate');
  const afterMs = (numberAnnotation(pod, 'after-seconds') ?? crashAfterSeconds) * 1000;
  if (isFirst && simulate === 'crash') return endsAfter(afterMs, numberAnnotation(pod, 'exit-code') ?? 1);
  if (isFirst && simulate === 'oom') return { ...endsAfter(afterMs, 137), exitReason: 'OOMKilled' };
  const runSeconds = numberAnnotation(pod, 'run-seconds');
  if (runSeconds !== undefined) return endsAfter(runSeconds * 1000, numberAnnotation(pod, 'exit-code') ?? 0);
  return isFirst && simulate === 'unready' ? { ...runsForever, neverReady: true } : undefined;
}

function annotation(object: ClusterObject, name: string): string | undefined {
  return object.metadata.annotations?.[`${prefix}${name}`];
}

/** A number that is not one is as good as no annotation. */
function numberAnnotation(object: ClusterObject, name: string): number | undefined {
  const value = Number(annotation(object, name) ?? Number.NaN);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

const secondsPerUnit: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

function fromCommand(words: readonly string[]): ContainerProgram | undefined {
  if (words.length === 0) return undefined;
  const text = words.join(' ');
  if (/\b(while|until)\b|tail -[fF]|sleep infinity/.test(text)) return runsForever;
  const sleep = /(?:^|[\s;&/])sleep (\d+(?:\.\d+)?)([smhd]?)(?=$|[\s;&])/.exec(text);
  const exit = /(?:^|[\s;&])exit (\d+)/.exec(text);
  const isFalse = /(?:^|[\s;&/])false$/.test(text);
  const isTrue = /(?:^|[\s;&/])true$/.test(text);
  if (sleep === null && exit === null && !isFalse && !isTrue) return undefined;
  const sleepMs = sleep === null ? initContainerMs : Number(sleep[1]) * (secondsPerUnit[sleep[2] ?? ''] ?? 1) * 1000;
  return endsAfter(sleepMs, exit === null ? Number(isFalse) : Number(exit[1]) % 256);
}

function endsAfter(exitAfterMs: number, exitCode: number): ContainerProgram {
  return { exitAfterMs, exitCode, exitReason: exitCode === 0 ? 'Completed' : 'Error', neverReady: false };
}
