import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GroupState, ServiceReleaseState } from '../../api.ts';
import type { ActionEntry } from './decide-action.ts';
import { planConfirmation } from './plan-confirmation.ts';

interface Drawn {
  readonly name: string;
  readonly state: ServiceReleaseState;
  readonly at: number;
  readonly groups: readonly { readonly state: GroupState; readonly confirmedBy: string | null }[];
}

const entryOf = ({ name, state, at, groups }: Drawn): ActionEntry =>
  ({
    view: {
      release: { state, groupPosition: at },
      groups: groups.map((group, position) => ({
        ...group,
        id: `${name}-${position}`,
        position,
        isBeta: position === 0,
      })),
      tasks: [],
      siblings: [],
    },
    context: { service: { name } },
  }) as unknown as ActionEntry;

const confirmed = { state: 'SUCCEEDED', confirmedBy: 'user:ann' } as const;
const waiting = { state: 'WAITING_CONFIRM', confirmedBy: null } as const;
const pending = { state: 'PENDING', confirmedBy: null } as const;
const front = entryOf({ name: 'front', state: 'PAUSED', at: 1, groups: [confirmed, waiting, pending] });
const redis = entryOf({ name: 'redis', state: 'GROUPS', at: 1, groups: [confirmed, { ...pending, state: 'RUNNING' }] });

const plan = (...ids: string[]) => planConfirmation([front, redis], ids).map(({ context }) => context.service.name);

describe('what a confirmation confirms (REL-30, REL-31)', () => {
  it.each<[string, string[], string[]]>([
    ['the group that waits', ['front-1'], ['front']],
    ['nothing, where somebody has confirmed it already', ['front-0'], []],
    ['the one that waits, beside those that somebody has confirmed', ['front-0', 'redis-0', 'front-1'], ['front']],
    ['each once, however often it is named', ['front-1', 'front-1'], ['front']],
  ])('is %s', (_what, ids, expected) => {
    expect(plan(...ids)).toEqual(expected);
  });

  it.each([
    ['has not begun', 'front-2', "Group 3 of 'front' is PENDING. What waits now: Group 2 of 'front'."],
    ['is being updated', 'redis-1', "Group 2 of 'redis' is RUNNING. What waits now: Group 2 of 'front'."],
  ])('is refused where a group %s, with what waits now', (_what, id, said) => {
    expect(() => plan(id, 'front-1')).toThrow(`Nothing was confirmed: ${said}`);
  });

  it('is refused with few words where there is much to say', () => {
    const many = Array.from({ length: 200 }, (_, at) =>
      entryOf({ name: `service-${at}`, state: 'FAILED', at: 0, groups: [pending] }),
    );
    const ids = many.map((_, at) => `service-${at}-0`);
    expect(() => planConfirmation(many, ids)).toThrow(/and 195 more\. None of them waits now\.$/);
  });

  it('is never anything that was not named, and all of what waits and was named, or nothing (property)', () => {
    const group = fc.record({
      state: fc.constantFrom<GroupState>('PENDING', 'RUNNING', 'WAITING_CONFIRM', 'SUCCEEDED', 'FAILED', 'CANCELLED'),
      confirmedBy: fc.constantFrom(null, 'user:ann'),
    });
    const release = fc.record({
      state: fc.constantFrom<ServiceReleaseState>('PAUSED', 'GROUPS', 'FAILED', 'CANCELLED', 'ROLLING_BACK'),
      at: fc.nat(3),
      groups: fc.array(group, { minLength: 1, maxLength: 4 }),
    });
    const order = fc.array(release, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(order, fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1 }), (releases, named) => {
        const entries = releases.map((each, at) => entryOf({ ...each, name: String(at) }));
        const ids = named.map(([at, position]) => `${at}-${position}`);
        const open = entries.flatMap(({ view }) =>
          view.groups
            .filter(({ id, confirmedBy }) => ids.includes(id) && confirmedBy === null)
            .map((each) => ({ view, each })),
        );
        const doWait = open.filter(
          ({ view, each }) =>
            view.release.state === 'PAUSED' &&
            each.state === 'WAITING_CONFIRM' &&
            each.position === view.release.groupPosition,
        );
        const run = () => planConfirmation(entries, ids);
        if (doWait.length < open.length) expect(run).toThrow('Nothing was confirmed');
        else expect(run().map(({ view }) => view)).toEqual(doWait.map(({ view }) => view));
      }),
    );
  });
});
