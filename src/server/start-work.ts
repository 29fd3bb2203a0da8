import type { Job } from '../work/job.ts';
import { createReconcilerRunner } from '../work/reconciler-runner.ts';
import type { Rooms } from './create-rooms.ts';
import type { Foundation } from './open-foundation.ts';
import type { Runtime } from './runtime.ts';
import { settleOperation } from './settle-operation.ts';

export interface Work {
  drain(deadlineMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** What nobody asked for by a request: the plugins' loops and jobs, and the sweeper of records left open. */
export function startWork(runtime: Runtime, foundation: Foundation, rooms: Rooms): Work {
  const { clock, logger, failpoints } = runtime;
  const { plugins } = foundation;
  const manifests = plugins.manifests();
  const runner = createReconcilerRunner({
    queue: rooms.queue,
    clock,
    logger,
    failpoints,
    service: plugins.service,
    reconcilers: manifests.flatMap((manifest) => manifest.reconcilers ?? []),
    jobs: [sweeper(rooms), ...manifests.flatMap((manifest) => manifest.jobs ?? [])],
  });
  runner.start();
  return { drain: (deadlineMs) => runner.drain(deadlineMs), stop: () => runner.stop() };
}

function sweeper({ operations, clusters }: Rooms): Job {
  return {
    name: 'core.sweepOperations',
    description:
      'Settles records whose process died before it could close them; without it they stay PENDING for ever.',
    cron: '* * * * *',
    zone: 'UTC',
    run: ({ signal }) => operations.sweep((record) => settleOperation(record, clusters), signal),
  };
}
