import { describe, expect, it } from 'vitest';
import { decideJob, type JobInput } from './decide-job.ts';

const base: JobInput = {
  parallelism: 2,
  completions: 3,
  isIndexed: false,
  isSuspended: false,
  backoffLimit: 2,
  succeeded: 0,
  failed: 0,
  isPastRestartLimit: false,
  failedIndexes: undefined,
  maxFailedIndexes: undefined,
  awaitedEndings: 0,
  backOffLeftMsOfIndex: new Map(),
  policyFailure: undefined,
  policySuccess: undefined,
  succeededIndexes: new Set(),
  active: [],
  isPastDeadline: false,
  backOffLeftMs: 0,
};
const active = (...names: string[]) => names.map((name, index) => ({ name, index }));
const complete = {
  do: 'succeed',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};
const fails = (reason: string, message: string): object => ({ do: 'fail', reason, message });
const run = (changes: object): object => ({ do: 'run', create: [], remove: [], againMs: undefined, ...changes });

describe('decideJob', () => {
  it.each([
    { name: 'starts as many as may run at once', input: {}, decision: run({ create: [undefined, undefined] }) },
    { name: 'starts no more than are missing', input: { succeeded: 2 }, decision: run({ create: [undefined] }) },
    { name: 'waits while they run', input: { active: active('a', 'b') }, decision: run({}) },
    { name: 'is complete when enough have succeeded', input: { succeeded: 3 }, decision: complete },
    { name: 'waits after a failure', input: { failed: 1, backOffLeftMs: 500 }, decision: run({ againMs: 500 }) },
    {
      name: 'fails when too many have failed (refused)',
      input: { failed: 3 },
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
      decision: complete,
    },
    {
      name: 'starts nothing more for a work queue that one has emptied',
      input: { completions: undefined, succeeded: 1, active: active('a') },
      decision: run({}),
    },
    {
      name: 'fails at once where a failed pod says so',
      input: { policyFailure: 'why' },
      decision: fails('PodFailurePolicy', 'why'),
    },
    {
      name: 'succeeds early where the success policy says so',
      input: { policySuccess: 'why' },
      decision: { do: 'succeed', reason: 'SuccessPolicy', message: 'why' },
    },
    {
      name: 'looks at failures before successes',
      input: { policySuccess: 'why', isPastDeadline: true },
      decision: fails('DeadlineExceeded', 'Job was active longer than specified deadline'),
    },
    {
      name: 'leaves out indexes that failed for good',
      input: { isIndexed: true, failedIndexes: new Set([0]) },
      decision: run({ create: [1, 2] }),
    },
    {
      name: 'fails when all indexes have ended and one has failed (refused)',
      input: { isIndexed: true, failedIndexes: new Set([0]), succeededIndexes: new Set([1, 2]), succeeded: 2 },
      decision: fails('FailedIndexes', 'Job has failed indexes'),
    },
    {
      name: 'fails when more indexes have failed than may (refused)',
      input: { isIndexed: true, failedIndexes: new Set([0]), maxFailedIndexes: 0 },
      decision: fails('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes'),
    },
    {
      name: 'waits for the back-off of an index while others go on',
      input: { isIndexed: true, failedIndexes: new Set<number>(), backOffLeftMsOfIndex: new Map([[0, 700]]) },
      decision: run({ create: [1] }),
    },
    {
      name: 'waits for pods that are ending where only ended ones are replaced',
      input: { awaitedEndings: 2 },
      decision: run({}),
    },
    {
      name: 'ends surplus pods of one index first',
      input: {
        isIndexed: true,
        parallelism: 1,
        active: [
          { name: 'a', index: 0 },
          { name: 'b', index: 1 },
          { name: 'c', index: 1 },
        ],
      },
      decision: run({ remove: ['b', 'a'] }),
    },
    {
      name: 'ends nothing while as many run as may',
      input: { parallelism: 2, active: active('a', 'b') },
      decision: run({}),
    },
  ])('$name', ({ input, decision }) => {
    expect(decideJob({ ...base, ...input })).toEqual(decision);
  });
});
