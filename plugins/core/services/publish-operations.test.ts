import type { Logger, OperationRecord } from 'longshore/sdk';
import { describe, expect, it, vi } from 'vitest';
import { type OperationNews, publishOperations } from './publish-operations.ts';

function setUp() {
  const records = new Map<string, OperationRecord>();
  const warnings: string[] = [];
  const news: OperationNews[] = [];
  let announce: (id: string) => void = () => {};
  const ended = vi.fn();
  const operations = {
    get: async (id: string) => {
      if (id === 'broken') throw new Error('database away');
      return records.get(id);
    },
    onChange(listener: (id: string) => void) {
      announce = listener;
      return ended;
    },
  };
  const logger = { warn: (_context: object, message: string) => warnings.push(message) } as unknown as Logger;
  const end = publishOperations(operations, logger, (each) => news.push(each));
  const change = (id: string, status: OperationRecord['status']) => {
    records.set(id, { id, status } as OperationRecord);
    announce(id);
  };
  return { change, announce: (id: string) => announce(id), news, warnings, end, ended };
}

const shown = (news: readonly OperationNews[]) =>
  news.map(({ type, record }) => `${type} ${record.id} ${record.status}`);

describe('publishOperations', () => {
  it('tells of a record when it is made and when it is closed', async () => {
    const { change, news } = setUp();
    change('a', 'PENDING');
    await expect.poll(() => news.length).toBe(1);
    change('a', 'SUCCEEDED');
    await expect.poll(() => shown(news)).toEqual(['ADDED a PENDING', 'MODIFIED a SUCCEEDED']);
  });

  it('tells each status once, also where announcements overtake the reading', async () => {
    const { change, news } = setUp();
    change('a', 'PENDING');
    change('a', 'FAILED');
    change('b', 'PENDING');
    await expect.poll(() => shown(news)).toEqual(['MODIFIED a FAILED', 'ADDED b PENDING']);
  });

  it('passes over what is not there and goes on after a failure', async () => {
    const { change, announce, news, warnings } = setUp();
    announce('nothing');
    announce('broken');
    change('a', 'PENDING');
    await expect.poll(() => shown(news)).toEqual(['ADDED a PENDING']);
    expect(warnings).toHaveLength(1);
  });

  it('can be ended', () => {
    const { end, ended } = setUp();
    end();
    expect(ended).toHaveBeenCalledOnce();
  });
});
