import type { ContainerStatus } from '../../../controllers/kubernetes-shapes.ts';
import type { RecreateContainer, RecreateState, RecreateStrategy } from './kinds.ts';

export interface RecreationInput {
  readonly containers: readonly RecreateContainer[];
  readonly strategy: RecreateStrategy;
  readonly before: readonly RecreateState[];
  readonly statuses: readonly ContainerStatus[];
  readonly nowMs: number;
}

export interface Recreation {
  readonly states: readonly RecreateState[];
  /** The container to end now. */
  readonly kill: string | undefined;
  readonly isOver: boolean;
  /** When a container that runs again will have run for long enough, in milliseconds from now. */
  readonly nextMs: number | undefined;
}

/**
 * Where each container of a request stands, and which one is ended next: one after the other where they are ordered, else
 * one right behind the other. A container that was restarted by itself meanwhile counts as recreated.
 */
export function decideRecreation(input: RecreationInput): Recreation {
  const observed = input.containers.map((container) => observe(container, input));
  const states = observed.map(({ state }) => state);
  const waits = observed.map(({ nextMs }) => nextMs).filter((wait) => wait !== undefined);
  const nextMs = waits.length === 0 ? undefined : Math.min(...waits);
  const isFailed = input.strategy.failurePolicy !== 'Ignore' && states.some(({ phase }) => phase === 'Failed');
  const isDone = states.every(({ phase }) => phase === 'Succeeded' || phase === 'Failed');
  if (isFailed || isDone) return { states, kill: undefined, isOver: true, nextMs: undefined };
  const next = states.find(({ phase }) => phase === 'Pending' || (phase === 'Recreating' && isOrdered(input)));
  if (next?.phase !== 'Pending' || next.message !== undefined)
    return { states, kill: undefined, isOver: false, nextMs };
  const killed: RecreateState = { name: next.name, phase: 'Recreating', isKilled: true };
  return {
    states: states.map((state) => (state === next ? killed : state)),
    kill: next.name,
    isOver: false,
    nextMs,
  };
}

function isOrdered({ strategy }: RecreationInput): boolean {
  return strategy.orderedRecreate === true;
}

interface Observed {
  readonly state: RecreateState;
  readonly nextMs?: number;
}

function observe(container: RecreateContainer, { strategy, before, statuses, nowMs }: RecreationInput): Observed {
  const { name, statusContext } = container;
  const previous = before.find((state) => state.name === name);
  if (previous?.phase === 'Failed' || previous?.phase === 'Succeeded') return { state: previous };
  const killed = previous?.isKilled === true ? { isKilled: true } : {};
  const status = statuses.find((each) => each.name === name);
  if ((status?.containerID ?? '') === '') {
    return { state: { name, phase: 'Pending', ...killed, message: 'not found container on Node' } };
  }
  const recreating: RecreateState = { name, phase: 'Recreating', ...killed };
  const startedAt = status?.state.running?.startedAt;
  if (startedAt === undefined) return { state: recreating };
  if (strategy.forceRecreate === true && previous?.isKilled !== true) return { state: { name, phase: 'Pending' } };
  const isAnother =
    status?.containerID !== statusContext?.containerID ||
    (status?.restartCount ?? 0) > (statusContext?.restartCount ?? 0);
  // Told to end, it takes the time that it may.
  if (!isAnother) return { state: previous?.isKilled === true ? recreating : { name, phase: 'Pending' } };
  if (status?.ready !== true) return { state: recreating };
  const leftMs = Date.parse(startedAt) + (strategy.minStartedSeconds ?? 0) * 1000 - nowMs;
  return leftMs > 0 ? { state: recreating, nextMs: leftMs } : { state: { name, phase: 'Succeeded', ...killed } };
}
