import {
  AnswerError,
  type ChangedThing,
  ForbiddenError,
  idOfObject,
  type MutationOutcome,
  PreconditionError,
  type RequestContext,
  UpstreamError,
} from 'longshore/sdk';
import type { Application, WorkloadObject } from '../../api.ts';
import type { Obstacle } from '../../services/operations/decide-operation.ts';
import { loadWorkloadsOfApplication } from './load-applications.ts';

/** What became of one workload of an application. */
export interface WorkloadResult {
  readonly workload: WorkloadObject;
  readonly outcome: 'DONE' | 'SKIPPED' | 'FAILED';
  /** What stood against it; undefined where it is done. */
  readonly error: AnswerError | undefined;
  readonly changed: ChangedThing | undefined;
}

/** Writes under way at once. */
const concurrency = 4;

/**
 * Does one thing to several workloads, each by itself: what fails leaves the others as they are. Throws the first error where
 * nothing at all was done, so that the record says so.
 */
export async function doToWorkloads(
  workloads: readonly WorkloadObject[],
  work: (workload: WorkloadObject) => Promise<Obstacle | MutationOutcome<WorkloadObject>>,
): Promise<readonly WorkloadResult[]> {
  const results: WorkloadResult[] = [];
  for (let from = 0; from < workloads.length; from += concurrency) {
    const batch = workloads.slice(from, from + concurrency).map((workload) => doToOne(workload, work));
    results.push(...(await Promise.all(batch)));
  }
  const first = results.find(({ outcome }) => outcome === 'FAILED') ?? results.find(({ error }) => error !== undefined);
  if (first?.error && results.every(({ outcome }) => outcome !== 'DONE')) throw first.error;
  return results;
}

async function doToOne(
  workload: WorkloadObject,
  work: (workload: WorkloadObject) => Promise<Obstacle | MutationOutcome<WorkloadObject>>,
): Promise<WorkloadResult> {
  try {
    const answer = await work(workload);
    if ('reason' in answer) {
      const error = new PreconditionError(answer.reason, answer.message);
      return { workload, outcome: 'SKIPPED', error, changed: undefined };
    }
    const { value, before, after } = answer;
    return {
      workload: value,
      outcome: 'DONE',
      error: undefined,
      changed: { before, after, object: idOfObject(workload) },
    };
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    return { workload, outcome: 'FAILED', error, changed: undefined };
  }
}

/** Its workloads, all of them: what is done to an application is not done to the half of it that can be seen just now. */
export async function loadAllWorkloads(
  application: Application,
  context: RequestContext,
): Promise<readonly WorkloadObject[]> {
  const { items, problems } = await loadWorkloadsOfApplication(application, context);
  const [problem] = problems;
  if (!problem) return items;
  const message = `Not all workloads of '${application.name}' can be seen at present: ${problem.message}`;
  throw new UpstreamError(problem.cluster, message);
}

/** Throws `ForbiddenError` unless the caller may do it to each of them. */
export function requireOnEach(action: string, workloads: readonly WorkloadObject[], context: RequestContext): void {
  const hindrance = workloads.find((workload) => !context.access.allowed(action, workload as never));
  if (!hindrance) return;
  const { kind, metadata } = hindrance;
  throw new ForbiddenError(`You may not ${action} ${kind} '${metadata.name}'`);
}
