import { randomUUID } from 'node:crypto';
import { type OperationHandle, systemPrincipal } from 'longshore/sdk';
import { createOperationRecords } from '../../../src/audit/create-operation-records.ts';
import { toStepReconciler } from '../../../src/audit/run-long-operation.ts';
import type { TestDatabase } from '../../../src/data/testing/open-test-database.ts';
import { createFailpoints } from '../../../src/kernel/failpoints.ts';
import { silentLogger } from '../../../src/kernel/logger.ts';
import { createManualClock } from '../../../src/kernel/manual-clock.ts';
import { createWorkQueue } from '../../../src/work/work-queue.ts';
import type { Stack } from '../api.ts';
import { stackChange } from '../long-operations/stack-change.ts';
import { stackStartSeconds } from '../profile-keys/templates.ts';
import { renderStack } from '../services/stacks/render-stack.ts';
import { stackLoopRef } from '../services/stacks/stack-loop.ts';
import { createStacksService, stacksServiceRef } from '../services/stacks/stacks-service.ts';
import { createFakeObjects } from './fake-objects.ts';
import { Killed } from './play-orders.ts';
import { readText } from './read-text.ts';

const leaseMs = 30_000;
/** What the profile gives an application: each look of the loop takes a while. */
export const secondsToStart = 20;
const start = Date.parse('2026-06-01T00:00:00Z');
const ann = { ...systemPrincipal, id: 'user:ann', name: 'ann', kind: 'USER' as const };

/**
 * The whole of stacks but GraphQL and a real cluster: tables, the long operation with its steps, queue with leases, on a clock of its own. The loop is driven by
 * hand, so that it can be killed anywhere and each run is the same.
 */
export function playStacks(database: TestDatabase) {
  const clock = createManualClock(start);
  const armed = createFailpoints();
  let isInLoop = false;
  let onFailpoint: (name: string) => void = () => undefined;
  const failpoints = {
    ...armed,
    reach(name: string) {
      if (isInLoop) onFailpoint(name);
      return armed.reach(name);
    },
  };
  const cluster = createFakeObjects(() => clock.now());
  let clusterState: 'READY' | 'UNREACHABLE' | undefined = 'READY';
  const queue = createWorkQueue(database, clock);
  const topics = { publish: async () => undefined } as never;
  const operations = createOperationRecords({ database, clock, logger: silentLogger, failpoints });
  operations.locateTargets((_target, result) => (result ? { targetId: result.id } : undefined));
  const stacks = createStacksService({ database, clock, topics, operations, operation: stackChange });
  const profile = {
    get: (key: { readonly default: unknown }) => (key === stackStartSeconds ? secondsToStart : key.default),
  } as never;
  const loop = {
    clusters: {
      get: (name: string) =>
        clusterState && {
          name,
          state: clusterState,
          resolveKind: async (apiVersion: string, kind: string) => ({ version: apiVersion, kind }),
          reader: () => cluster.reader,
          writer: () => cluster.writer,
        },
    },
    profiles: { at: () => profile },
    parts: { statusOf: cluster.statusOf },
  };
  const services = new Map<unknown, unknown>([
    [stacksServiceRef, stacks],
    [stackLoopRef, loop],
  ]);
  const reconciler = toStepReconciler(stackChange, operations, () => ann);

  const namespace = randomUUID();
  const place = { cluster: 'east', namespace };
  const target = { plugin: 'release', type: 'Stack', id: 'poll', name: 'poll' };
  const asked = async (action: string, work: (ticket: OperationHandle) => Promise<Stack>): Promise<string> => {
    const run = await operations.run({ action, principal: ann, requestId: 'r', target }, async (ticket) => {
      const value = await work(ticket);
      return { value, result: { type: action, id: value.id } };
    });
    return run.record.id;
  };
  async function planOf(id: string, content: string) {
    const read = await readText('KUBERNETES', content);
    if (read.issues.length > 0) throw new Error(JSON.stringify(read.issues));
    const parts = {
      labelOf: (_kind: string, name: string) => ({ app: name }),
      withDirectories: (spec: object) => spec,
    };
    return renderStack({ read, id, name: 'poll', namespace, profile, parts: parts as never, scale: null });
  }

  /** One look of a worker at whatever is due; false where nothing is. */
  async function step(holder = 'one'): Promise<boolean> {
    const [claimed] = await queue.claim({ reconcilers: [stackChange.name], holder, limit: 1, leaseMs });
    if (!claimed) return false;
    const { fence, attempt } = claimed;
    isInLoop = true;
    try {
      const result = await reconciler.reconcile(fence.key, {
        ...{ fence, attempt, clock, failpoints, logger: silentLogger },
        signal: new AbortController().signal,
        service: (ref) => services.get(ref) as never,
      });
      if (result.kind === 'settled') await queue.settle(claimed);
      else await queue.postpone(claimed, clock.now() + result.afterMs);
    } catch (error) {
      // A process that is killed gives nothing back.
      if (!(error instanceof Killed)) await queue.postpone(claimed, clock.now() + 1_000, 'failed');
    } finally {
      isInLoop = false;
    }
    return true;
  }

  return {
    ...{ clock, cluster, failpoints, operations, stacks, step, namespace },
    setClusterState: (state: typeof clusterState) => {
      clusterState = state;
    },
    /** Called at each point that the loop passes; what it throws is thrown there. */
    onFailpoint: (listener: (name: string) => void) => {
      onFailpoint = listener;
    },
    /** Ids of the stack and of the operation. */
    async deploy(content: string): Promise<{ readonly id: string; readonly operation: string }> {
      const id = randomUUID();
      const plan = await planOf(id, content);
      const operation = await asked('deployTemplate', (ticket) =>
        stacks.deploy(
          {
            ...{ id, name: 'poll', projectId: randomUUID(), workspaceId: null, ...place, content, plan },
            ...{ format: 'KUBERNETES', scale: null, templateId: null, createdBy: ann.id },
          },
          ticket,
        ),
      );
      return { id, operation };
    },
    async update(id: string, content: string): Promise<string> {
      const row = await stacks.row(id);
      const plan = await planOf(id, content);
      return asked('updateStack', async (ticket) => {
        const { after } = await stacks.update(id, row?.version ?? 0, { content, scale: null, plan }, ticket);
        return after;
      });
    },
    remove: (id: string): Promise<string> => asked('deleteStack', (ticket) => stacks.remove(id, ticket)),
    decide: (operation: string, name: string, decision: 'retry' | 'ignore') =>
      operations.steps.decide(operation, name, decision, { by: ann }),
    /** Works until nothing is left to do, at most so long on the clock. Answers whether it came to rest. */
    async settle(withinMs = 600_000): Promise<boolean> {
      const until = clock.now() + withinMs;
      for (;;) {
        if (await step()) continue;
        const due = await queue.nextDue([stackChange.name]);
        if (due === undefined) return true;
        if (due > until) return false;
        clock.advance(Math.max(1, due - clock.now()));
      }
    },
    /** How an operation stands. */
    async see(operation: string) {
      const record = await operations.get(operation);
      if (!record) throw new Error('there is no such operation');
      const { status, error, steps } = record;
      return {
        status,
        error,
        steps: steps.map((each) => [each.name, each.isIgnored ? 'IGNORED' : each.status].join(' ')),
      };
    },
  };
}

export type StackPlay = ReturnType<typeof playStacks>;
