import { describe, expect, it } from 'vitest';
import { mayCarryOn } from './may-carry-on.ts';

const operation = (action: string) =>
  ({ action, target: { plugin: 'compute', type: 'Node', cluster: 'east', name: 'n1' }, tenants: {} }) as never;
const registry = {
  rootFields: new Map([['Mutation.drainNode', { guard: { action: 'DRAIN', subjects: ['core/Node'] } }]]),
} as never;
const access = (role: string, isAllowed: boolean) =>
  ({ principal: { roles: [role] }, allowed: () => isAllowed }) as never;

describe('going on with an operation', () => {
  it.each([
    ['whoever may begin it', 'DEVELOPER', true, 'drainNode', true],
    ['nobody who may not any more (refused)', 'DEVELOPER', false, 'drainNode', false],
    [
      'no administrator where a profile has switched it off meanwhile (CORE-16, refused)',
      'ADMIN',
      false,
      'drainNode',
      false,
    ],
    ['administrators, where a loop began it', 'ADMIN', false, 'compute.loop', true],
    ['nobody else, where a loop began it (refused)', 'DEVELOPER', true, 'compute.loop', false],
  ])('is for %s', (_who, role, isAllowed, action, expected) => {
    expect(mayCarryOn(operation(action), access(role, isAllowed), registry)).toBe(expected);
  });
});
