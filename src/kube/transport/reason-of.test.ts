import { describe, expect, it } from 'vitest';
import { ForbiddenError } from '../../kernel/answer-error.ts';
import { ConnectionError } from './connection-error.ts';
import { isExpected, reasonOf } from './reason-of.ts';

describe('reasonOf', () => {
  it.each([
    new ForbiddenError('The gateway may not list pods.'),
    new ConnectionError('deadline', 'no answer within 10 s'),
  ])('repeats what is meant for callers: $message', (error) => {
    expect([isExpected(error), reasonOf(error)]).toEqual([true, error.message]);
  });

  it.each([
    new TypeError("Cannot read properties of undefined (reading 'spec')"),
    'a string',
    undefined,
  ])('keeps the words of what nobody expected to itself: %s (refused)', (error) => {
    expect([isExpected(error), reasonOf(error)]).toEqual([false, 'the gateway met an unexpected error']);
  });
});
