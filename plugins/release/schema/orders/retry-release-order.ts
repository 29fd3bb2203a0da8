import { podKind } from 'longshore/plugins/compute';
import {
  idOfObject,
  type LongshoreBuilder,
  NotFoundError,
  type OperationHandle,
  origin,
  PreconditionError,
  type RequestContext,
  registerMutation,
  type ValidationIssue,
} from 'longshore/sdk';
import { releaseOrderSubject } from '../../api.ts';
import { allowedIn } from '../../services/orders/decide-action.ts';
import { orderDeskRef } from '../../services/orders/order-desk.ts';
import { uuidOf } from '../../services/orders/order-nodes.ts';
import {
  act,
  actorOf,
  type ChosenReleases,
  checkReleaseIds,
  loadChosen,
  orderSuccess,
  outcomeOf,
  replayOrder,
  requireServices,
} from './change-order.ts';
import { chosenInputs } from './order-actions.ts';
import { loadPods, type ReleasePod } from './release-pods.ts';

/** Pods that are made anew at once; more is a group, which is retried as a whole. */
const mostPods = 50;

/** Going on where an order failed, by group, by pod and by task (REL-22, REL-28, REL-33). */
export function registerRetryReleaseOrder(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'retryReleaseOrder',
    description:
      'Goes on with a release order, or with single releases of it, where it failed: the task that failed is done again, and pods of its group that failed are made anew. On a way back that failed the way back goes on. One that could not be planned is planned again.',
    allow: { action: 'RETRY', subject: releaseOrderSubject },
    input: (t) => ({
      ...chosenInputs(t),
      podIds: t.idList({
        description: `Global ids of pods of these releases that are deleted first, so that they are made anew, up to ${mostPods} (REL-28): only those that failed, or have the version and are not ready.`,
      }),
      ignoreTaskId: t.id({
        description: 'Global id of a task that failed: its release alone goes on without it. Not with other arguments.',
      }),
    }),
    validate: (input) => [...checkReleaseIds(input), ...checkRetry(input)],
    load: ({ id, releaseIds }, context) => loadChosen(id, releaseIds, context),
    run: async ({ podIds, ignoreTaskId }, chosen, ticket, context) => {
      if (ignoreTaskId) return ignoreTask(String(ignoreTaskId), chosen, ticket, context);
      if (chosen.order.state === 'INIT_FAILED' && !chosen.named && !podIds?.length) {
        await requireServices(chosen, context);
        const desk = context.service(orderDeskRef);
        const { before, after } = await desk.retryInitialization(chosen.order.uuid, actorOf(context), ticket);
        return outcomeOf(before, after);
      }
      if (podIds?.length) await deletePods(new Set(podIds.map(String)), chosen, ticket, context);
      return act('RETRY', chosen, ticket, context);
    },
    replay: replayOrder,
    success: orderSuccess('It goes on.'),
  });
}

type Ids = readonly (string | number)[] | null | undefined;

function checkRetry({
  releaseIds,
  podIds,
  ignoreTaskId,
}: {
  readonly releaseIds?: Ids;
  readonly podIds?: Ids;
  readonly ignoreTaskId?: string | number | null | undefined;
}): readonly ValidationIssue[] {
  return [
    ...((podIds?.length ?? 0) > mostPods
      ? [{ path: ['podIds'], code: 'too_many', message: `podIds names ${mostPods} pods at the most` }]
      : []),
    ...(ignoreTaskId && (releaseIds || podIds)
      ? [{ path: ['ignoreTaskId'], code: 'alone', message: 'ignoreTaskId stands alone: it is of one release' }]
      : []),
  ];
}

async function ignoreTask(id: string, chosen: ChosenReleases, ticket: OperationHandle, context: RequestContext) {
  const uuid = uuidOf(id, 'ReleaseTask');
  const task = uuid === undefined ? undefined : await context.service(orderDeskRef).task(uuid);
  const releases = chosen.releases.filter((release) => release.uuid === task?.releaseId);
  if (!task || releases.length === 0) throw new NotFoundError('There is no such task in the order.');
  const alone = { ...chosen, releases, named: [task.releaseId] };
  return act('IGNORE_TASK', alone, ticket, context, { taskId: task.id });
}

/** A pod that serves somebody is not taken away for being named. */
const isRetried = ({ state, readySince }: ReleasePod): boolean =>
  state === 'FAILED' || (state === 'UPDATING' && readySince === undefined);

/** Nothing is deleted where one of them is not to be. */
async function deletePods(
  ids: ReadonlySet<string>,
  { releases }: ChosenReleases,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<void> {
  const failed = releases.filter(({ row }) => allowedIn.RETRY.includes(row.state));
  const names = [...new Set(releases.map(({ row }) => row.state))].join(', ');
  if (failed.length === 0) {
    throw new PreconditionError('RELEASE_STATE', `RETRY is not possible: nothing of it has failed, it is ${names}.`);
  }
  await requireServices({ releases: failed }, context);
  const seen = (await Promise.all(failed.map((release) => loadPods(release, context)))).flat();
  const chosen = seen.filter(({ pod }) => ids.has(idOfObject(pod)));
  const pods = chosen.map(({ pod }) => pod);
  if (new Set(pods.map(idOfObject)).size < ids.size) {
    throw new NotFoundError('There is no such pod in these releases.');
  }
  const fine = chosen.find((each) => !isRetried(each));
  if (fine) {
    const { name } = fine.pod.metadata;
    const message = `Pod ${name} is ${fine.state}: only pods that failed, or are not ready, are made anew.`;
    throw new PreconditionError('RELEASE_STATE', message);
  }
  for (const pod of pods) context.access.requireAllowed('DELETE', pod);
  for (const pod of pods) {
    const { namespace, name, uid } = pod.metadata;
    const writer = context.cluster(pod[origin].cluster).writer(context.principal);
    try {
      await writer.delete(ticket, podKind, namespace, name, { uid });
    } catch (error) {
      // What went by itself meanwhile is made anew all the same.
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
}
