import { GraphQLError, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import type { RequestContext } from '../request-context.ts';
import { createRequestReads } from '../reuse/request-reads.ts';
import { createMessageRenderer } from './message-renderer.ts';
import type { ExecuteMessage } from './stream-group.ts';
import { createStreamGroups } from './stream-groups.ts';

const principal = { id: 'somebody' } as RequestContext['principal'];
const document = parse('subscription { changes { cursor name } }');
const operation = getOperationAST(document);

/** A subscriber whose messages are what `answer` makes of their item. */
function rendererOf(answer: (item: unknown) => { data: object; errors?: readonly GraphQLError[] }) {
  if (!operation) throw new Error('no operation');
  const contextOf = () => {
    const reads = createRequestReads(principal);
    reads.begin();
    return { reads, requestId: 'r-1', logger: silentLogger, access: { canonical: 'rights' } } as RequestContext;
  };
  const execute: ExecuteMessage = ({ cursor, item }) => {
    const { data, errors } = answer(item);
    return { result: { data: { changes: { cursor, ...data } }, ...(errors ? { errors } : {}) }, context: contextOf() };
  };
  return createMessageRenderer({
    document,
    operation,
    variables: {},
    context: contextOf(),
    execute,
    groups: createStreamGroups(),
  });
}

const message = (item: object, previous?: object) =>
  ({ type: 'MODIFIED', cursor: 'mine', item, previous, reason: undefined }) as const;

describe('whether a change is news', () => {
  it('is found out once for all subscribers', async () => {
    const looked: unknown[] = [];
    const renderer = rendererOf((item) => {
      looked.push(item);
      return { data: { name: (item as { name: string }).name } };
    });
    const [now, before] = [{ name: 'web' }, { name: 'old' }];
    for (let count = 0; count < 3; count += 1) expect(await renderer.render(message(now, before))).toContain('web');
    expect(looked).toEqual([now, before]);
  });

  it('is found out again against another state before', async () => {
    const renderer = rendererOf((item) => ({ data: { name: (item as { name: string }).name } }));
    const now = { name: 'web' };
    expect(await renderer.render(message(now, { name: 'web' }))).toBeUndefined();
    expect(await renderer.render(message(now, { name: 'old' }))).toContain('web');
  });
});

describe('what a subscriber is sent', () => {
  it('has the subscriber’s own cursor, also where a field failed', async () => {
    const failing = rendererOf(() => ({
      data: { name: null },
      errors: [new GraphQLError('a secret of ours', { path: ['changes', 'name'] })],
    }));
    const answer = JSON.parse((await failing.render(message({}))) ?? '');
    expect(answer.data).toEqual({ changes: { cursor: 'mine', name: null } });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'INTERNAL', requestId: 'r-1' } }]);
    expect(JSON.stringify(answer)).not.toContain('secret');
    const sound = rendererOf(() => ({ data: { name: 'web' } }));
    expect(JSON.parse((await sound.render(message({}))) ?? '')).toEqual({
      data: { changes: { cursor: 'mine', name: 'web' } },
    });
  });

  it('is nothing where the state before looks the same, and the message where it does not or failed', async () => {
    const byName = rendererOf((item) => ({ data: { name: (item as { name: string }).name } }));
    expect(await byName.render(message({ name: 'web' }, { name: 'web' }))).toBeUndefined();
    expect(await byName.render(message({ name: 'web' }, { name: 'old' }))).toContain('web');
    const failing = rendererOf(() => ({ data: {}, errors: [new GraphQLError('no')] }));
    expect(await failing.render(message({}, {}))).toContain('errors');
  });
});
