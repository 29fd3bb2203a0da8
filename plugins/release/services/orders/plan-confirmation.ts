import { ConflictError } from 'longshore/sdk';
import type { ActionEntry } from './decide-action.ts';
import { nameOfGroup } from './decide-release.ts';
import type { GroupRow } from './model.ts';

/** So many are named in a message; who waits for more reads `waitingGroups`. */
const mostNamed = 5;

const waits = ({ release }: ActionEntry['view'], group: GroupRow): boolean =>
  release.state === 'PAUSED' && group.position === release.groupPosition && group.state === 'WAITING_CONFIRM';

/**
 * Which releases go on where these groups are confirmed (REL-30, REL-31). A group waits once, so what somebody has confirmed already is
 * passed over: two people may click. Any other group that does not wait was not what the caller saw: then nothing is confirmed, lest a late
 * click confirm a group that nobody has looked at. Pure. Throws `ConflictError` with what waits now.
 */
export function planConfirmation(entries: readonly ActionEntry[], groupIds: readonly string[]): readonly ActionEntry[] {
  const wanted = new Set(groupIds);
  const open = entries.map((entry) => ({
    entry,
    groups: entry.view.groups.filter(({ id, confirmedBy }) => wanted.has(id) && confirmedBy === null),
  }));
  const late = open.flatMap(({ entry, groups }) =>
    groups
      .filter((group) => !waits(entry.view, group))
      .map((group) => `${nameOfGroup(group)} of '${entry.context.service.name}' is ${group.state}`),
  );
  if (late.length === 0) return open.filter(({ groups }) => groups.length > 0).map(({ entry }) => entry);
  throw new ConflictError(`Nothing was confirmed: ${list(late)}. ${whatWaits(entries)}`);
}

function whatWaits(entries: readonly ActionEntry[]): string {
  const waiting = entries.flatMap(({ view, context }) =>
    view.groups
      .filter((group) => waits(view, group))
      .map((group) => `${nameOfGroup(group)} of '${context.service.name}'`),
  );
  return waiting.length === 0 ? 'None of them waits now.' : `What waits now: ${list(waiting)}.`;
}

function list(items: readonly string[]): string {
  const more = items.length - mostNamed;
  return more > 0 ? `${items.slice(0, mostNamed).join(', ')} and ${more} more` : items.join(', ');
}
