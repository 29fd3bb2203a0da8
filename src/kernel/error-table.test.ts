import { describe, expect, it } from 'vitest';
import {
  AnswerError,
  answerCodes,
  CapabilityMissingError,
  ConflictError,
  ForbiddenError,
  InUseError,
  NotFoundError,
  PreconditionError,
  QuotaExceededError,
  UpstreamError,
  ValidationError,
} from './answer-error.ts';
import { errorRowOf, errorTable } from './error-table.ts';
import { RequestError, requestCodes } from './request-error.ts';

const answers = [
  new ValidationError([{ path: ['replicas'], message: 'replicas must be 0 to 1000, got -1', code: 'too_small' }]),
  new NotFoundError('x'),
  new ForbiddenError('x'),
  new ConflictError('x'),
  new InUseError('x', ['id']),
  new PreconditionError('ROLLOUT_RUNNING', 'x'),
  new CapabilityMissingError('snapshots', 'x', { hint: 'Install the snapshot controller.' }),
  new QuotaExceededError('x'),
  new UpstreamError("cluster 'embedded'", 'x'),
];

describe('errorTable', () => {
  it('has a row for every code and no other', () => {
    expect(Object.keys(errorTable).sort()).toEqual([...new Set([...answerCodes, ...requestCodes])].sort());
  });

  it('knows every answer by its code', () => {
    expect(answers.map(({ code }) => code).sort()).toEqual([...answerCodes].sort());
    for (const answer of answers) {
      expect(answer).toBeInstanceOf(AnswerError);
      expect(errorRowOf(answer)).toBe(errorTable[answer.code]);
      // The name is what logs and payload types are read by; a bundler may rename the class.
      expect(answer.name).toMatch(/^[A-Z]\w+Error$/);
    }
    expect(new Set(answers.map(({ name }) => name)).size).toBe(answers.length);
  });

  it.each(requestCodes)('knows the refusal %s', (code) => {
    expect(errorRowOf(new RequestError(code, 'x'))).toBe(errorTable[code]);
  });

  it.each([
    new Error('x'),
    new TypeError('x'),
    'text',
    undefined,
    null,
    { code: 'NOT_FOUND' },
  ])('takes anything else for INTERNAL: %s', (error) => {
    expect(errorRowOf(error)).toBe(errorTable.INTERNAL);
  });

  it('never calls retryable what the caller must change', () => {
    for (const row of Object.values(errorTable)) {
      if (row.isRetryable) expect(['reread', 'backoff']).toContain(row.loop);
    }
  });
});

describe('AnswerError', () => {
  it('keeps what the payload shows', () => {
    const [validation, , , , inUse, precondition, capability, , upstream] = answers;
    expect(validation).toMatchObject({
      message: 'replicas must be 0 to 1000, got -1',
      issues: [{ path: ['replicas'] }],
    });
    expect(inUse).toMatchObject({ references: ['id'] });
    expect(precondition).toMatchObject({ reason: 'ROLLOUT_RUNNING' });
    expect(capability).toMatchObject({ capability: 'snapshots', hint: 'Install the snapshot controller.' });
    expect(upstream).toMatchObject({ upstream: "cluster 'embedded'" });
    expect(new ConflictError('x', { managers: [{ manager: 'helm', field: 'spec' }] }).managers).toHaveLength(1);
    expect(new ConflictError('x').managers).toEqual([]);
  });

  it('tells the first ten things that are wrong in its message, and how many more there are', () => {
    const issues = Array.from({ length: 12 }, (_, index) => ({ path: [index], message: `m${index}`, code: 'bad' }));
    const error = new ValidationError(issues);
    expect(error.message).toBe('m0; m1; m2; m3; m4; m5; m6; m7; m8; m9; and 2 more');
    expect(error.issues).toHaveLength(12);
    expect(new ValidationError(issues.slice(0, 10)).message).toBe('m0; m1; m2; m3; m4; m5; m6; m7; m8; m9');
  });

  it('keeps its cause', () => {
    const cause = new Error('409');
    expect(new ConflictError('x', { cause }).cause).toBe(cause);
    expect(new ValidationError([], { cause }).cause).toBe(cause);
    expect(new RequestError('OVERLOADED', 'x', { cause, retryAfterSeconds: 3 })).toMatchObject({
      cause,
      retryAfterSeconds: 3,
    });
  });
});
