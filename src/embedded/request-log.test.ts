import { describe, expect, it } from 'vitest';
import { createRequestLog, type RequestRecord } from './request-log.ts';

const record = (name: string): RequestRecord => ({
  time: 0,
  method: 'GET',
  path: '/',
  query: '',
  verb: 'get',
  group: '',
  resource: 'pods',
  subresource: '',
  namespace: undefined,
  name,
  user: '',
  groups: [],
  userAgent: '',
});

describe('createRequestLog', () => {
  it('keeps the newest requests and no more', () => {
    const log = createRequestLog(10);
    for (let count = 0; count < 100; count += 1) log.record(record(String(count)));
    expect(log.entries.map(({ name }) => name)).toEqual(['90', '91', '92', '93', '94', '95', '96', '97', '98', '99']);
    expect(log.count()).toBe(10);
    expect(log.count({ name: '89' })).toBe(0);
  });
});
