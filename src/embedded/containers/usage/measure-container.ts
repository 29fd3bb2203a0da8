import { asString, readPath } from '../../machinery/json.ts';
import { unitsOf } from '../../machinery/quantity.ts';
import type { RunningContainer } from '../pod-view.ts';
import { type Load, loadAt, parseLoad } from './load-curve.ts';

/** What a container uses at a moment: cores in billionths, memory in bytes. */
export interface Usage {
  readonly cpuNanos: number;
  readonly memoryBytes: number;
}

export interface Measurement {
  readonly container: RunningContainer;
  readonly atMs: number;
  /** How many running pods share a load that is the whole workload's; at least 1. */
  readonly sharers: number;
}

const prefix = 'embedded.longshore.dev/';
/** What percentages mean where nothing is requested. */
const fallbackRequest = { cpu: '100m', memory: '128Mi' } as const;
const restingCpu: Load = { curve: { kind: 'steady', percent: 20 }, isShared: false };
const restingMemory: Load = { curve: { kind: 'steady', percent: 50 }, isShared: false };
/** No two moments are quite alike: so much to both sides, in parts of the whole. */
const noise = 0.03;

/**
 * What the container uses, by the annotations `load`, `load-memory` and their `….<container>` forms. The same pod uid
 * at the same moment always gives the same. CPU is throttled at the limit; memory stops there too.
 */
export function measureContainer(measurement: Measurement): Usage {
  const cpu = demandOf(measurement, 'cpu', annotated(measurement, 'load') ?? restingCpu);
  const memory = demandOf(measurement, 'memory', annotated(measurement, 'load-memory') ?? restingMemory);
  return {
    cpuNanos: Math.round(Math.min(cpu, limitOf(measurement, 'cpu')) * 1e9),
    memoryBytes: Math.round(Math.min(memory, limitOf(measurement, 'memory'))),
  };
}

function annotated({ container }: Measurement, name: string): Load | undefined {
  const { annotations } = container.pod.metadata;
  const text = annotations?.[`${prefix}${name}.${container.name}`] ?? annotations?.[`${prefix}${name}`];
  return text === undefined ? undefined : parseLoad(text);
}

function demandOf({ container, atMs, sharers }: Measurement, resource: 'cpu' | 'memory', load: Load): number {
  const asked = readPath(container.spec, 'resources', 'requests', resource);
  const request = unitsOf(asked ?? fallbackRequest[resource]);
  const percent = loadAt(load.curve, atMs, container.startedAtMs) / (load.isShared ? sharers : 1);
  const seed = `${container.pod.metadata.uid ?? ''}/${container.name}/${resource}/${atMs}`;
  return ((request * percent) / 100) * (1 + noise * (2 * fractionOf(seed) - 1));
}

function limitOf({ container }: Measurement, resource: string): number {
  const limit = asString(readPath(container.spec, 'resources', 'limits', resource));
  return limit === undefined ? Number.POSITIVE_INFINITY : unitsOf(limit);
}

/** A number in [0, 1) that belongs to the text (FNV-1a, stirred once more). */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 12)) >>> 0) / 0x1_0000_0000;
}
