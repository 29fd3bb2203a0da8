import { describe, expect, it } from 'vitest';
import { decideGarbage } from './decide-garbage.ts';

describe('decideGarbage', () => {
  const reference = { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'a' };
  it.each([
    { name: 'keeps what has a living owner', fates: ['alive'], hasDependents: false, decision: { do: 'keep' } },
    {
      name: 'touches nothing as long as one owner cannot be looked up',
      fates: ['gone', 'unknown'],
      hasDependents: false,
      decision: { do: 'keep' },
    },
    {
      name: 'deletes what has none left',
      fates: ['gone'],
      hasDependents: true,
      decision: { do: 'delete', policy: 'Background' },
    },
    {
      name: 'forgets the owners that are gone as long as one lives',
      fates: ['gone', 'alive'],
      hasDependents: false,
      decision: { do: 'unlink', keep: [reference] },
    },
    {
      name: 'goes leaves first where the owner waits',
      fates: ['waits-for-dependents'],
      hasDependents: true,
      decision: { do: 'delete', policy: 'Foreground' },
    },
    {
      name: 'goes at once where the owner waits and nothing depends on it',
      fates: ['waits-for-dependents'],
      hasDependents: false,
      decision: { do: 'delete', policy: 'Background' },
    },
  ] as const)('$name', ({ fates, hasDependents, decision }) => {
    const owners = fates.map((fate) => ({ reference, fate }));
    expect(decideGarbage(owners, hasDependents)).toEqual(decision);
  });
});
