import { describe, expect, it } from 'vitest';
import { decideJob, type JobInput } from './decide-job.ts';

const base: JobInput = {
  parallelism: 2,
  completions: 3,
  isIndexed: false,
  isSuspended: false,
  backoffLimit: 2,
  succeeded: 0,
  failures: 0,
  succeededIndexes: new Set(),
  active: [],
  isPastDeadline: false,
  backOffLeftMs: 0,
};
const active = (...names: string[]) => names.map((name, index) => ({ name, index }));
const run = (changes: object): object => ({ do: 'run', create: [], remove: [], againMs: undefined, ...changes });

describe('decideJob', () => {
  it.each([
    { name: 'starts as many as may run at once', input: {}, decision: run({ create: [undefined, undefined] }) },
    { name: 'starts no more than are missing', input: { succeeded: 2 }, decision: run({ create: [undefined] }) },
    { name: 'waits while they run', input: { active: active('a', 'b') }, decision: run({}) },
    { name: 'is complete when enough have succeeded', input: { succeeded: 3 }, decision: { do: 'complete' } },
    { name: 'waits after a failure', input: { failures: 1, backOffLeftMs: 500 }, decision: run({ againMs: 500 }) },
    {
      name: 'fails when too many have failed (refused)',
      input: { failures: 3 },
      decision: { do: 'fail', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' },
    },
    {
      name: 'fails when its time is over (refused)',
      input: { isPastDeadline: true },
      decision: { do: 'fail', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' },
    },
    {
      name: 'ends its pods while it is suspended',
      input: { isSuspended: true, active: active('a') },
      decision: run({ remove: ['a'] }),
    },
    {
      name: 'takes the free indexes of an indexed job',
      input: { isIndexed: true, succeeded: 1, succeededIndexes: new Set([0]), active: [{ name: 'a', index: 1 }] },
      decision: run({ create: [2] }),
    },
    {
      name: 'ends a work queue when one has succeeded and none runs',
      input: { completions: undefined, succeeded: 1 },
      decision: { do: 'complete' },
    },
    {
      name: 'starts nothing more for a work queue that one has emptied',
      input: { completions: undefined, succeeded: 1, active: active('a') },
      decision: run({}),
    },
  ])('$name', ({ input, decision }) => {
    expect(decideJob({ ...base, ...input })).toEqual(decision);
  });
});
