import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { CapabilityMissingError, NotFoundError, UpstreamError } from '../../kernel/answer-error.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { RequestError } from '../../kernel/request-error.ts';
import { maskError } from './mask-error.ts';

const mask = (error: unknown) => maskError(error, 'r-1', silentLogger);
const thrownInResolver = (original: Error) =>
  new GraphQLError(original.message, { originalError: original, path: ['pods', 0] });

describe('maskError', () => {
  it.each([
    {
      name: 'a refusal',
      error: new RequestError('OVERLOADED', 'later', { retryAfterSeconds: 1 }),
      code: 'OVERLOADED',
      message: 'later',
    },
    {
      name: 'a dead cluster',
      error: new UpstreamError("cluster 'a'", 'no answer'),
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'no answer',
    },
    {
      name: 'a missing engine',
      error: new CapabilityMissingError('vpc', 'no Kube-OVN'),
      code: 'CAPABILITY_MISSING',
      message: 'no Kube-OVN',
    },
    {
      name: 'a missing thing',
      error: new NotFoundError('There is no pod'),
      code: 'BAD_USER_INPUT',
      message: 'There is no pod',
    },
  ])('tells $name with its code', ({ error, code, message }) => {
    for (const seen of [error, thrownInResolver(error)]) {
      expect(mask(seen)).toMatchObject({
        message,
        extensions: { code, requestId: 'r-1' },
      });
    }
  });

  it('tells a word of graphql itself about the document', () => {
    const message = 'Cannot query field';
    expect(mask(new GraphQLError(message))).toMatchObject({
      message,
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });

  it.each([
    { name: 'an unknown error', error: new Error('password=hunter2 at /srv/app.ts') },
    { name: 'a thrown string', error: 'hunter2' },
    { name: 'nothing', error: undefined },
    { name: 'an error wrapped many times', error: thrownInResolver(thrownInResolver(new TypeError('hunter2'))) },
  ])('hides $name behind a neutral text', ({ error }) => {
    const masked = mask(error);
    expect(JSON.stringify(masked)).not.toContain('hunter2');
    expect(masked.extensions).toEqual({ code: 'INTERNAL', requestId: 'r-1' });
    expect(masked.stack ?? '').not.toContain('hunter2');
  });

  it.each([
    { name: 'a value of the wrong type', message: 'Int cannot represent non-integer value: "hunter2"' },
    { name: 'a null where there may be none', message: 'Cannot return null for non-nullable field Pod.hunter2.' },
  ])('hides what graphql says about $name that a resolver gave', ({ message }) => {
    const path = ['pods', 0];
    const plain = new GraphQLError(message, { path });
    for (const seen of [plain, new GraphQLError(message, { path, originalError: new GraphQLError(message) })]) {
      expect(mask(seen)).toMatchObject({
        message: 'Something went wrong on our side',
        extensions: { code: 'INTERNAL' },
        path,
      });
    }
  });

  it('tells what graphql says about an argument, though that is found while executing', () => {
    const message = 'Argument "Query.pods(first:)" has invalid value: Expected a value';
    expect(mask(new GraphQLError(message, { path: ['pods'] }))).toMatchObject({
      message,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  it.each([
    { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status: 413 } },
    { code: 'BAD_REQUEST', http: { status: 405, headers: { Allow: 'POST' } } },
  ])('keeps status and headers of what HTTP refuses with $code', ({ code, http }) => {
    const { extensions } = mask(new GraphQLError('too much', { extensions: { code, http } }));
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: 'r-1', http });
  });

  it('believes nobody else who claims a status (refused)', () => {
    const { extensions } = mask(new GraphQLError('x', { extensions: { code: 'FORBIDDEN', http: { status: 200 } } }));
    expect(extensions).toEqual({ code: 'FORBIDDEN', requestId: 'r-1' });
  });

  it('keeps the path, so that a client knows which field is null', () => {
    expect(mask(thrownInResolver(new Error('x'))).path).toEqual(['pods', 0]);
  });
});
