import type { TaskKind } from '../../api.ts';
import { putBackTraffic, takeOffTraffic } from '../traffic/pod-bindings.ts';
import { applyServices, cleanServices } from '../traffic/service-tasks.ts';
import { finishTraffic, prepareTraffic, shiftTraffic } from '../traffic/shift-traffic.ts';
import type { TaskFacts, TaskLook, TaskWork } from './task-look.ts';

/** Collection of logs is said by the pods themselves (compute's `longshore.dev/log-collection`): it comes and goes with the versions of a service. */
const withThePods: TaskWork = async () => ({ is: 'skipped' });

const works: Readonly<Record<TaskKind, TaskWork>> = {
  APPLY_SERVICES: ({ target, reader }) => applyServices(target, reader),
  APPLY_LOG_CONFIG: withThePods,
  SHIFT_TRAFFIC({ phase, target, reader }) {
    if (phase === 'PRE') return prepareTraffic(target, reader);
    return shiftTraffic(target, phase === 'POST' ? 100 : (target.traffic?.percent ?? 0), reader);
  },
  TAKE_OFF_TRAFFIC: takeOffTraffic,
  PUT_BACK_TRAFFIC: ({ target, reader }) => putBackTraffic(target, reader),
  async CLEAN_WORKLOADS({ engine, target, reader }) {
    const write = engine.finish(target, await engine.observe(target, reader));
    return write ? { is: 'write', write } : { is: 'done' };
  },
  async CLEAN_SERVICES({ target, previous, reader }) {
    const plain = await finishTraffic(target, reader);
    if (plain.is !== 'done') return plain;
    // Now that all its pods have what a Service binds them by.
    const applied = await applyServices(target, reader);
    return applied.is === 'done' ? cleanServices(target, previous, reader) : applied;
  },
  DELETE_LOG_CONFIG: withThePods,
  async UNDO_SERVICES({ target, previous, reader }) {
    const plain = await finishTraffic(target, reader);
    if (plain.is !== 'done') return plain;
    const bound = await putBackTraffic(target, reader);
    if (bound.is !== 'done') return bound;
    const applied = previous ? await applyServices(previous, reader) : { is: 'done' as const };
    if (applied.is !== 'done') return applied;
    return cleanServices(previous ?? { ...target, access: [] }, target, reader);
  },
  UNDO_LOG_CONFIG: withThePods,
};

/** Looks at what there is of a task and what is left of it. Rejects with answer errors where the cluster cannot be asked. */
export async function lookAtTask(facts: TaskFacts): Promise<TaskLook> {
  const look = await works[facts.kind](facts);
  return look.is === 'done' && !facts.hasBegun ? { is: 'skipped' } : look;
}
