import {
  type ClusterWriter,
  ConflictError,
  NotFoundError,
  type OperationHandle,
  PreconditionError,
} from 'longshore/sdk';
import { podKind } from '../../api.ts';
import type { DrainedPod } from './decide-drain.ts';

/** Evictions that are under way at once. */
const atOnce = 5;

/** Asks pods to go by the eviction API, which minds PodDisruptionBudgets. Throws what is no pod's own trouble. */
export async function askToGo(
  pods: readonly DrainedPod[],
  site: {
    readonly writer: ClusterWriter;
    readonly ticket: OperationHandle;
    readonly gracePeriodSeconds: number | null;
    readonly signal: AbortSignal;
  },
): Promise<ReadonlyMap<string, DrainedPod>> {
  const asked = new Map<string, DrainedPod>();
  const rest = [...pods];
  const work = async (): Promise<void> => {
    for (let pod = rest.shift(); pod && !site.signal.aborted; pod = rest.shift())
      asked.set(pod.uid, await ask(pod, site));
  };
  const done = await Promise.allSettled(Array.from({ length: atOnce }, work));
  const failed = done.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  return asked;
}

async function ask(
  pod: DrainedPod,
  { writer, ticket, gracePeriodSeconds }: Parameters<typeof askToGo>[1],
): Promise<DrainedPod> {
  const { namespace, name, uid } = pod;
  const eviction = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { namespace, name },
    deleteOptions: { preconditions: { uid }, ...(gracePeriodSeconds === null ? {} : { gracePeriodSeconds }) },
  };
  try {
    await writer.create(ticket, podKind, eviction, { subresource: 'eviction' });
    return { ...pod, state: 'LEAVING', message: null };
  } catch (error) {
    // It is gone, or another one has its name: the next look tells.
    if (error instanceof NotFoundError || error instanceof ConflictError)
      return { ...pod, state: 'LEAVING', message: null };
    if (!(error instanceof PreconditionError)) throw error;
    if (error.reason === 'DISRUPTION_BUDGET') return { ...pod, state: 'BLOCKED', message: error.message };
    // Its namespace ends it.
    if (error.reason === 'NAMESPACE_TERMINATING') return { ...pod, state: 'LEAVING', message: null };
    return { ...pod, state: 'FAILED', message: error.message };
  }
}
