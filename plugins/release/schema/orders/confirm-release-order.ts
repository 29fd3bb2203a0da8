import {
  type LongshoreBuilder,
  type MutationTarget,
  NotFoundError,
  type RequestContext,
  registerMutation,
} from 'longshore/sdk';
import { releaseOrderSubject } from '../../api.ts';
import { orderDeskRef } from '../../services/orders/order-desk.ts';
import { uuidOf } from '../../services/orders/order-nodes.ts';
import { act, type ChosenReleases, checkReleaseIds, loadChosen, orderSuccess, replayOrder } from './change-order.ts';

type Ids = readonly (string | number)[];

interface Confirmed extends ChosenReleases {
  /** UUIDs of the groups; undefined for a rollback. */
  readonly groups: readonly string[] | undefined;
}

interface ConfirmInput {
  readonly releaseIds?: Ids | null | undefined;
  readonly groupIds?: Ids | null | undefined;
  readonly rollback?: boolean | null | undefined;
}

/** Confirming groups, and ways back (REL-30, REL-31, REL-34). */
export function registerConfirmReleaseOrder(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'confirmReleaseOrder',
    description:
      'Confirms groups that a release order waits for, beta groups and others (REL-30, REL-31): who may, the profile says (`release.confirmBy`). It confirms what it names and nothing else: where one of them does not wait (any more) nothing is confirmed, and the ConflictError says what waits now; one that somebody has confirmed already is no conflict. With `rollback` it confirms that all is as it was before (REL-34).',
    allow: { action: 'CONFIRM', subject: releaseOrderSubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the release order.' }),
      groupIds: t.idList({
        description:
          'Global ids of the groups that are confirmed, of one or several of its releases, up to 500: all that wait are `waitingGroups` of the order. Required where it is no rollback.',
      }),
      rollback: t.boolean({ description: 'Confirms a rollback, not a group; false where not given.' }),
      releaseIds: t.idList({
        description:
          'With `rollback`: global ids of releases of it that alone this is for; where not given it is for all that wait for it.',
      }),
    }),
    validate: (input) => [...checkReleaseIds(input), ...checkGroups(input)],
    load: ({ id, groupIds, releaseIds }, context) =>
      groupIds ? loadGroups(id, groupIds, context) : loadRollback(id, releaseIds, context),
    run: ({ rollback }, chosen, ticket, context) =>
      act(rollback ? 'CONFIRM_ROLLBACK' : 'CONFIRM', chosen, ticket, context, { groupIds: chosen.groups }),
    replay: replayOrder,
    success: orderSuccess('It was confirmed.'),
  });
}

function checkGroups({ groupIds, rollback, releaseIds }: ConfirmInput) {
  const of = (path: string, code: string, message: string) => [{ path: [path], code, message }];
  if (rollback) {
    return groupIds ? of('groupIds', 'not_with_rollback', 'A rollback has no groups: leave groupIds away') : [];
  }
  if (releaseIds) return of('releaseIds', 'only_with_rollback', 'groupIds says which releases go on');
  if (!groupIds) return of('groupIds', 'required', 'groupIds names the groups that are confirmed');
  if (groupIds.length === 0) return of('groupIds', 'too_few', 'groupIds names at least one group');
  return groupIds.length > 500 ? of('groupIds', 'too_many', 'groupIds names 500 groups at the most') : [];
}

async function loadRollback(
  id: string | number,
  releaseIds: Ids | null | undefined,
  context: RequestContext,
): Promise<MutationTarget<Confirmed>> {
  const { value, ...target } = await loadChosen(id, releaseIds, context);
  return { ...target, value: { ...value, groups: undefined } };
}

/** Throws `NotFoundError` for a group that is not of the order. */
async function loadGroups(id: string | number, ids: Ids, context: RequestContext): Promise<MutationTarget<Confirmed>> {
  const { value, ...target } = await loadChosen(id, undefined, context);
  const wanted = [...new Set(ids.map((each) => uuidOf(each, 'ReleaseGroup') ?? ''))];
  const rows = wanted.includes('') ? [] : await context.service(orderDeskRef).groups(wanted);
  const owners = new Set(rows.map(({ releaseId }) => releaseId));
  const releases = value.releases.filter(({ uuid }) => owners.has(uuid));
  if (rows.length < wanted.length || releases.length < owners.size) {
    throw new NotFoundError('There is no such group in the order.');
  }
  const named = releases.map(({ uuid }) => uuid);
  return { ...target, value: { order: value.order, releases, named, groups: wanted } };
}
