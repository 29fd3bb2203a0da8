import type { WorkloadObject } from 'longshore/plugins/compute';
import {
  AnswerError,
  type LongOperation,
  type LongOperationStep,
  PreconditionError,
  type ReconcileContext,
  type RunningOperation,
  type StepResult,
} from 'longshore/sdk';
import { stackStartSeconds } from '../profile-keys/templates.ts';
import { progressOf, startable } from '../services/stacks/decide-app.ts';
import { isOfStack } from '../services/stacks/is-of-stack.ts';
import { type StackLoop, stackLoopRef } from '../services/stacks/stack-loop.ts';
import {
  digestOf,
  keyOf,
  objectsOf,
  type StackAppPlan,
  type StackObject,
  stepNames,
} from '../services/stacks/stack-plan.ts';
import type { StackRow } from '../services/stacks/stacks.ts';
import { stacksServiceRef } from '../services/stacks/stacks-service.ts';
import {
  digestIn,
  readStackObject,
  removeObjects,
  type StackWriter,
  superseded,
  writeObjects,
} from '../services/stacks/write-objects.ts';

const name = 'release.stackChanges';
/** How soon it is looked at again what the cluster is doing, in ms. */
const lookEveryMs = 1_000;
/** How soon a cluster that is away is asked again, in ms. */
const awayMs = 15_000;
const again: StepResult = { againAfterMs: lookEveryMs };

interface Look {
  readonly row: StackRow;
  readonly site: StackWriter;
  readonly loop: StackLoop;
  readonly running: RunningOperation;
  readonly context: ReconcileContext;
  /** Name of the step that is being done. */
  readonly step: string;
}

/** Deploys, changes and deletes stacks (REL-44, REL-45), one visible step for each application. */
export const stackChange: LongOperation = {
  name,
  description:
    'Deploys, changes and deletes stacks in the order of their dependencies; without it they stay half made.',
  timeoutMs: 60_000,
  steps: [
    step(stepNames.prepare, 'Makes what all applications need, such as ConfigMaps.', async (look) => {
      const { row, site } = look;
      if (await writeObjects(row.plan.shared, [], row.earlier, site)) return 'done';
      requireInTime(look, 'What all need cannot be written');
      return again;
    }),
    step(stepNames.leftOver, 'Removes what no application of the stack needs any more.', async (look) => {
      const { row } = look;
      const kept = new Set(row.phase === 'DELETING' ? [] : objectsOf(row.plan).map(keyOf));
      const known = new Map([row.plan, ...row.earlier].flatMap(objectsOf).map((object) => [keyOf(object), object]));
      const rest = [...known].filter(([key]) => !kept.has(key)).map(([, object]) => object);
      return remove(rest, 'What is left over is not gone', look);
    }),
    {
      name: stepNames.finish,
      description: 'Says that the stack is deployed, or gone.',
      async run({ record }, { service, fence }) {
        const stacks = service(stacksServiceRef);
        const row = await stacks.rowOfOperation(record.id);
        // What deletes a stack may be killed behind its last write.
        if (row) await stacks.finish(row, fence);
        return 'done';
      },
    },
  ],
  stepNamed(word) {
    const [, verb, app = ''] = /^(start|update|remove)-(.+)$/.exec(word) ?? [];
    if (verb === 'remove') return step(word, `Removes ${app}.`, (look) => removeApp(app, look));
    if (verb === undefined) return undefined;
    return step(word, `Writes ${app} and waits until it is ready.`, (look) => startApp(app, look));
  },
};

function step(word: string, description: string, take: (look: Look) => Promise<StepResult>): LongOperationStep {
  return {
    name: word,
    description,
    async run(running, context) {
      const loop = context.service(stackLoopRef);
      const service = context.service(stacksServiceRef);
      const { record, ticket, principal } = running;
      const row = await service.rowOfOperation(record.id);
      if (!row) throw superseded();
      const cluster = loop.clusters.get(row.cluster);
      if (!cluster) throw new PreconditionError('STACK_CHANGED', `Cluster '${row.cluster}' is not served any more`);
      if (cluster.state !== 'READY') return { againAfterMs: awayMs };
      const { id, namespace } = row;
      const { signal, failpoints } = context;
      const site: StackWriter = {
        ...{ cluster, namespace, id, ticket, signal },
        writer: cluster.writer(principal),
        reach: async (deed) => failpoints.reach(`${name}.${deed}`),
        isOurs: async () => (await service.rowOfOperation(record.id)) !== undefined,
      };
      return take({ row, site, loop, running, context, step: word });
    },
  };
}

/** Writes the application, and all others that may begin by now; done once it is ready. */
async function startApp(app: string, look: Look): Promise<StepResult> {
  const { row, site, running } = look;
  const { plan, earlier } = row;
  const own = plan.apps.find((each) => each.name === app);
  if (!own) throw superseded();
  const progress = new Map<string, string>();
  for (const each of plan.apps) progress.set(each.name, await lookAt(each, look));
  if (!(await writeObjects(own.objects, own.links, earlier, site))) {
    requireInTime(look, `'${app}' cannot be written: what has its names is not gone`);
    return again;
  }

  // Those that come later tell of their own troubles when it is their turn.
  const free = startable(plan.apps, running.record.steps, (name) => progress.get(name) === 'ready');
  const later = plan.apps.slice(plan.apps.indexOf(own) + 1).filter(({ name }) => free.includes(name));
  for (const each of later) {
    try {
      await writeObjects(each.objects, each.links, earlier, site);
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
    }
  }

  const after = await lookAt(own, look);
  if (after === 'ready') return 'done';
  if (after === 'failed') {
    throw new PreconditionError(
      'STACK_APP_FAILED',
      `${own.workload.kind} '${own.workload.name}' has failed; its pods and events tell why`,
    );
  }
  requireInTime(look, `${own.workload.kind} '${own.workload.name}' is not ready`);
  return again;
}

async function removeApp(app: string, look: Look): Promise<StepResult> {
  const { row } = look;
  const known = new Map<string, StackObject>();
  for (const plan of [row.plan, ...row.earlier]) {
    for (const object of plan.apps.find(({ name: each }) => each === app)?.objects ?? [])
      known.set(keyOf(object), object);
  }
  return remove([...known.values()], `'${app}' is not gone`, look);
}

async function remove(objects: readonly StackObject[], what: string, look: Look): Promise<StepResult> {
  const { row, site, context } = look;
  // A write that was under way when the deletion began would make anew what is gone.
  const isQuiet = row.phase !== 'DELETING' || (await context.service(stacksServiceRef).isLetGo(row));
  if ((await removeObjects(objects, site)) && isQuiet) return 'done';
  requireInTime(look, what);
  return again;
}

/** How an application is on its way; what is not written as the text says it is not there yet. */
async function lookAt({ workload, objects }: StackAppPlan, { site, loop }: Look): Promise<string> {
  const planned = objects.find((each) => each.kind === workload.kind) as StackObject;
  const { existing } = await readStackObject(planned, site);
  const isAsWritten = existing !== undefined && digestIn(existing) === digestOf(planned);
  if (!existing || !isOfStack(existing, site.id) || !isAsWritten) return 'waiting';
  return progressOf(loop.parts.statusOf(existing as unknown as WorkloadObject), workload.kind);
}

/** Throws once the step has taken longer than the profile allows. */
function requireInTime({ row, loop, running, context, step: word }: Look, what: string): void {
  const { cluster, namespace } = row;
  const seconds = loop.profiles.at({ cluster, namespace }).get(stackStartSeconds);
  const startedAt = running.record.steps.find((each) => each.name === word)?.startedAt;
  if (!startedAt || context.clock.now() - Date.parse(startedAt) < seconds * 1_000) return;
  throw new PreconditionError('STACK_TOO_SLOW', `${what} after ${seconds} seconds; retry to wait on, or ignore it`);
}
