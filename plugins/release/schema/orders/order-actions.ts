import { type InputFieldBuilder, type LongshoreBuilder, type RaisedWarning, registerMutation } from 'longshore/sdk';
import { releaseOrderSubject } from '../../api.ts';
import { act, type ChosenReleases, checkReleaseIds, loadChosen, orderSuccess, replayOrder } from './change-order.ts';
import { registerConfirmReleaseOrder } from './confirm-release-order.ts';

const subject = releaseOrderSubject;

export const chosenInputs = (t: InputFieldBuilder) => ({
  id: t.id({ required: true, description: 'Global id of the release order.' }),
  releaseIds: t.idList({
    description:
      'Global ids of releases of it that alone this is for; where not given it is for all to which it can be done.',
  }),
});

/** What people do to release orders on their way (REL-23, REL-30 to REL-35). A state that does not allow it is RELEASE_STATE. */
export function registerOrderActions(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'startReleaseOrder',
    description:
      'Starts a release order that is READY, or single releases of it (REL-23). Each begins as soon as all that it depends on is released.',
    allow: { action: 'START', subject },
    input: chosenInputs,
    validate: checkReleaseIds,
    load: ({ id, releaseIds }, context) => loadChosen(id, releaseIds, context),
    run: (_input, chosen, ticket, context) => act('START', chosen, ticket, context),
    replay: replayOrder,
    success: orderSuccess('It was started.'),
  });
  registerConfirmReleaseOrder(builder);
  registerMutation(builder, {
    name: 'cancelReleaseOrder',
    description:
      'Ends a release order, or single releases of it, where it is; nothing in the cluster is touched. Before its start always, while it is PAUSED as the profile says (`release.cancelWhilePaused`), and with `rollback` where the way back has failed (REL-32, REL-35).',
    allow: { action: 'CANCEL', subject },
    input: (t) => ({
      ...chosenInputs(t),
      rollback: t.boolean({ description: 'Gives up a rollback that failed; false where not given.' }),
    }),
    validate: checkReleaseIds,
    load: ({ id, releaseIds }, context) => loadChosen(id, releaseIds, context),
    warn: { codes: ['SEVERAL_VERSIONS_ONLINE'], find: ({ rollback }, chosen) => severalVersions(chosen, rollback) },
    run: ({ rollback }, chosen, ticket, context) =>
      act(rollback ? 'ABANDON_ROLLBACK' : 'CANCEL', chosen, ticket, context),
    replay: replayOrder,
    success: orderSuccess('It was cancelled.'),
  });
  registerMutation(builder, {
    name: 'rollBackReleaseOrder',
    description:
      'Takes a release order, or single releases of it, back to what ran before (REL-34): what that comes to for each is its `rollbackPreview`. What was not begun is cancelled. Dependents go back before what they depend on.',
    allow: { action: 'ROLL_BACK', subject },
    mustConfirm: true,
    consequence:
      'What was released is taken back; an app service that was never released before is removed from the cluster.',
    input: chosenInputs,
    validate: checkReleaseIds,
    load: ({ id, releaseIds }, context) => loadChosen(id, releaseIds, context),
    run: (_input, chosen, ticket, context) => act('ROLL_BACK', chosen, ticket, context),
    replay: replayOrder,
    success: orderSuccess('It goes back.'),
  });
}

/** What was begun and is given up leaves pods of both versions. */
function severalVersions({ releases }: ChosenReleases, rollback: boolean | null | undefined): readonly RaisedWarning[] {
  const state = rollback ? 'ROLLBACK_FAILED' : 'PAUSED';
  return releases
    .filter(({ row }) => row.state === state)
    .slice(0, 1)
    .map(() => ({
      code: 'SEVERAL_VERSIONS_ONLINE',
      message: 'Pods that were updated stay as they are: several versions may be online until the next release.',
      path: ['id'],
    }));
}
