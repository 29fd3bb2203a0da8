import { toStepReconciler } from '../audit/run-long-operation.ts';
import type { GatewayServices } from '../graph/gateway-services.ts';
import type { Tracing } from '../kernel/tracing.ts';
import { startKindJournals } from '../live/journal/start-kind-journals.ts';
import type { Job } from '../work/job.ts';
import { createLeases } from '../work/leases.ts';
import { createReconcilerRunner } from '../work/reconciler-runner.ts';
import { runLeasedLoops } from '../work/run-leased-loops.ts';
import { callerOfOperation } from './caller-of-operation.ts';
import type { Rooms } from './create-rooms.ts';
import type { Foundation } from './open-foundation.ts';
import type { Runtime } from './runtime.ts';
import { settleOperation } from './settle-operation.ts';

export interface Work {
  drain(deadlineMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** What nobody asked for by a request: the plugins' loops and jobs, and the sweeper of records left open. */
export function startWork(
  runtime: Runtime,
  foundation: Foundation,
  rooms: Rooms,
  services: Pick<GatewayServices, 'permissions' | 'registry'>,
  tracing: Tracing,
): Work {
  const { clock, logger, failpoints } = runtime;
  const { plugins } = foundation;
  const manifests = plugins.manifests();
  const loops = manifests.flatMap(({ reconcilers = [], longOperations = [] }) => [
    ...reconcilers,
    ...longOperations.map((operation) =>
      toStepReconciler(operation, rooms.operations, (record) => callerOfOperation(record, rooms.users, services)),
    ),
  ]);
  const runner = createReconcilerRunner({
    queue: rooms.queue,
    clock,
    logger,
    failpoints,
    tracing,
    service: plugins.service,
    reconcilers: loops,
    jobs: [
      sweeper(rooms, new Set(loops.map(({ name }) => name))),
      signInSweeper(rooms),
      trimmer(runtime, rooms),
      ...manifests.flatMap((manifest) => manifest.jobs ?? []),
    ],
  });
  runner.start();
  const leases = createLeases({ database: foundation.database, clock, logger });
  const leasedLoops = runLeasedLoops({
    loops: manifests.flatMap((manifest) => manifest.leasedLoops ?? []),
    leases,
    database: foundation.database,
    clock,
    logger,
    failpoints,
    service: plugins.service,
  });
  const journals = startKindJournals({
    kinds: manifests.flatMap((manifest) => manifest.journalledKinds ?? []),
    clusters: rooms.clusters,
    leases,
    database: foundation.database,
    journal: rooms.journal,
    clock,
    logger,
  });
  return {
    async drain(deadlineMs) {
      await Promise.all([runner.drain(deadlineMs), leasedLoops.stop(), journals.stop()]);
    },
    async stop() {
      await Promise.all([runner.stop(), leasedLoops.stop(), journals.stop()]);
    },
  };
}

function trimmer({ settings }: Runtime, { journal }: Rooms): Job {
  const { maxAgeHours, maxEntries } = settings.journal;
  return {
    name: 'core.trimJournal',
    description: 'Drops events that nobody can resume behind any more; without it the journal grows for ever.',
    cron: '*/5 * * * *',
    zone: 'UTC',
    async run({ signal }) {
      await journal.trim({ maxAgeMs: maxAgeHours * 3_600_000, maxEntries }, signal);
    },
  };
}

function signInSweeper({ users }: Rooms): Job {
  return {
    name: 'core.sweepSignIn',
    description:
      'Records the ends of impersonations and forgets sessions and tokens that are over; without it their lists grow for ever.',
    cron: '* * * * *',
    zone: 'UTC',
    run: ({ signal }) => users.sweep(signal),
  };
}

function sweeper({ operations, clusters }: Rooms, runners: ReadonlySet<string>): Job {
  return {
    name: 'core.sweepOperations',
    description:
      'Settles records whose process died before it could close them; without it they stay PENDING for ever.',
    cron: '* * * * *',
    zone: 'UTC',
    run: ({ signal }) => operations.sweep((record) => settleOperation(record, clusters), { signal, runners }),
  };
}
