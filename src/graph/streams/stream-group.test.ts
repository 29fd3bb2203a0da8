import { describe, expect, it } from 'vitest';
import type { RequestContext } from '../request-context.ts';
import { createRequestReads, type RequestReads } from '../reuse/request-reads.ts';
import { createStreamGroup, type ExecuteMessage } from './stream-group.ts';
import { createStreamGroups } from './stream-groups.ts';

const principal = { id: 'somebody' } as RequestContext['principal'];

/** A subscriber whose executions are counted; `look` is what its resolvers touch. */
function subscriber(answer: () => object, look: (reads: RequestReads) => void = () => undefined) {
  const counted = { executions: 0 };
  const contextOf = () => ({ reads: createRequestReads(principal) }) as RequestContext;
  const execute: ExecuteMessage = (message) => {
    counted.executions += 1;
    const context = contextOf();
    context.reads.begin();
    look(context.reads);
    return { result: { data: { cursor: message.cursor, ...answer() } }, context };
  };
  return { counted, execute, context: contextOf() };
}

const modified = (item: object) => ({ type: 'MODIFIED', cursor: 'c', item, reason: undefined }) as const;

describe('a group of subscribers', () => {
  it('executes once per change, and leaves a place for each one’s cursor', async () => {
    const group = createStreamGroup();
    const { counted, execute, context } = subscriber(() => ({ name: 'web' }));
    const pod = {};
    const first = await group.render(modified(pod), context, execute);
    expect(await group.render(modified(pod), context, execute)).toBe(first);
    expect(counted.executions).toBe(1);
    expect(first).toMatchObject({ pieces: ['{"data":{"cursor":"', '","name":"web"}}'] });
    await group.render(modified({}), context, execute);
    expect(counted.executions).toBe(2);
  });

  it('tells kinds of messages of one object apart', async () => {
    const group = createStreamGroup();
    const { counted, execute, context } = subscriber(() => ({}));
    const pod = {};
    await group.render(modified(pod), context, execute);
    await group.render({ ...modified(pod), type: 'DELETED' }, context, execute);
    await group.render({ ...modified(pod), type: 'HEARTBEAT', item: undefined }, context, execute);
    await group.render({ ...modified(pod), type: 'RESYNC', item: undefined, reason: 'SLOW_READER' }, context, execute);
    await group.render(
      { ...modified(pod), type: 'RESYNC', item: undefined, reason: 'CURSOR_EXPIRED' },
      context,
      execute,
    );
    expect(counted.executions).toBe(5);
  });

  it('executes again where something else that was read has changed', async () => {
    const group = createStreamGroup();
    let revision = 1;
    const { counted, execute, context } = subscriber(
      () => ({}),
      (reads) => reads.read('nodes', () => revision),
    );
    const pod = {};
    await group.render(modified(pod), context, execute);
    await group.render(modified(pod), context, execute);
    expect(counted.executions).toBe(1);
    revision = 2;
    await group.render(modified(pod), context, execute);
    expect(counted.executions).toBe(2);
  });

  it.each<[string, (reads: RequestReads) => void, () => object]>([
    ['what is of one caller alone', (reads) => reads.touch(), () => ({})],
    ['errors', () => undefined, () => ({})],
  ])('shares no %s (refused)', async (what, look, answer) => {
    const group = createStreamGroup();
    const { counted, execute, context } = subscriber(answer, look);
    const failing: ExecuteMessage = (message) => {
      const done = execute(message);
      return what === 'errors' ? { ...done, result: { data: null, errors: [new Error('no') as never] } } : done;
    };
    const pod = {};
    await group.render(modified(pod), context, failing);
    await group.render(modified(pod), context, failing);
    expect(counted.executions).toBe(2);
  });

  it('executes once for all who come while the result is being waited for', async () => {
    const group = createStreamGroup();
    const { counted, execute, context } = subscriber(() => ({ name: 'web' }));
    const { promise, resolve } = Promise.withResolvers<never>();
    const slow: ExecuteMessage = (message) => ({ ...execute(message), result: promise });
    const pod = {};
    const all = [1, 2, 3].map(() => group.render(modified(pod), context, slow));
    resolve({ data: { name: 'web' } } as never);
    const [first, ...others] = await Promise.all(all);
    expect(others).toEqual([first, first]);
    expect(counted.executions).toBe(1);
  });

  it('executes for each of them where it turns out to be of one caller alone (refused)', async () => {
    const group = createStreamGroup();
    const { counted, execute, context } = subscriber(
      () => ({ name: 'web' }),
      (reads) => reads.touch(),
    );
    const slow: ExecuteMessage = (message) => {
      const { result, context: own } = execute(message);
      return { result: Promise.resolve(result), context: own };
    };
    const pod = {};
    await Promise.all([1, 2, 3].map(() => group.render(modified(pod), context, slow)));
    expect(counted.executions).toBe(3);
  });

  it('shares what had to wait once it is there', async () => {
    const group = createStreamGroup();
    const { counted, execute, context } = subscriber(() => ({ name: 'web' }));
    const slow: ExecuteMessage = (message) => {
      const { result, context: own } = execute(message);
      return { result: Promise.resolve(result), context: own };
    };
    const pod = {};
    const first = await group.render(modified(pod), context, slow);
    expect(await group.render(modified(pod), context, slow)).toBe(first);
    expect(counted.executions).toBe(1);
  });

  it('lasts as long as somebody is in it', () => {
    const groups = createStreamGroups();
    const operation = {} as never;
    const one = groups.join(operation, 'rights');
    const other = groups.join(operation, 'rights');
    expect(other.group).toBe(one.group);
    expect(groups.join(operation, 'other rights').group).not.toBe(one.group);
    one.leave();
    expect(groups.join(operation, 'rights').group).toBe(one.group);
    other.leave();
  });
});
