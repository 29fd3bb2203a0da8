import type { OrderState } from '../../api.ts';
import { type ActionEntry, objectionTo, planOrderAction, type ReleaseAction, releaseActions } from './decide-action.ts';

/** What can be done to a whole order by its state, whoever asks; the same rules that refuse an action decide it. Pure. */
export function possibleOrderActions(state: OrderState, entries: readonly ActionEntry[]): readonly ReleaseAction[] {
  if (state === 'INITIALIZING') return ['CANCEL'];
  if (state === 'INIT_FAILED') return ['CANCEL', 'RETRY'];
  return releaseActions.filter((action) => {
    try {
      return planOrderAction(action, entries.map(withFailedTask)).length > 0;
    } catch {
      return false;
    }
  });
}

/** What can be done to one release alone. */
export function possibleReleaseActions(state: OrderState, entry: ActionEntry): readonly ReleaseAction[] {
  // Before it is planned nothing can be begun.
  if (state === 'INITIALIZING' || state === 'INIT_FAILED') return ['CANCEL'];
  const asked = withFailedTask(entry);
  return releaseActions.filter((action) => objectionTo(action, asked.view, asked.context) === undefined);
}

/** A task can be ignored where one has failed. */
function withFailedTask({ view, context }: ActionEntry): ActionEntry {
  return { view, context: { ...context, taskId: view.tasks.find(({ state }) => state === 'FAILED')?.id } };
}
