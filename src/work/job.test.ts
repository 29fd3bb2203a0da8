import { describe, expect, it } from 'vitest';
import { nextRun } from './job.ts';

const nextAfter = (iso: string, cron: string, zone: string) =>
  new Date(nextRun({ name: 'core.test', cron, zone }, Date.parse(iso))).toISOString();

describe('nextRun', () => {
  it.each([
    {
      name: 'is the next full match',
      from: '2026-01-01T00:00:00Z',
      cron: '30 2 * * *',
      zone: 'UTC',
      to: '2026-01-01T02:30:00.000Z',
    },
    {
      name: 'is never now',
      from: '2026-01-01T02:30:00Z',
      cron: '30 2 * * *',
      zone: 'UTC',
      to: '2026-01-02T02:30:00.000Z',
    },
    {
      name: 'is meant in its zone',
      from: '2026-01-01T00:00:00Z',
      cron: '30 2 * * *',
      zone: 'Asia/Shanghai',
      to: '2026-01-01T18:30:00.000Z',
    },
    {
      name: 'follows summer time',
      from: '2026-07-01T00:00:00Z',
      cron: '30 2 * * *',
      zone: 'Europe/Berlin',
      to: '2026-07-01T00:30:00.000Z',
    },
    {
      name: 'comes after the gap of a night that lacks the hour',
      from: '2026-03-29T00:00:00Z',
      cron: '30 2 * * *',
      zone: 'Europe/Berlin',
      to: '2026-03-29T01:00:00.000Z',
    },
    {
      name: 'comes once in a night that has the hour twice',
      from: '2026-10-25T00:31:00Z',
      cron: '30 2 * * *',
      zone: 'Europe/Berlin',
      to: '2026-10-26T01:30:00.000Z',
    },
  ])('$name', ({ from, cron, zone, to }) => {
    expect(nextAfter(from, cron, zone)).toBe(to);
  });

  it.each([
    { cron: 'whenever', zone: 'UTC' },
    { cron: '* * * * * *', zone: 'UTC' },
    { cron: '61 * * * *', zone: 'UTC' },
    { cron: '* * * * *', zone: 'Mars/Olympus' },
  ])("refuses '$cron' in '$zone' (refused)", ({ cron, zone }) => {
    expect(() => nextAfter('2026-01-01T00:00:00Z', cron, zone)).toThrow(
      `job 'core.test' needs a cron expression of five fields and an IANA zone, got '${cron}' in '${zone}'`,
    );
  });

  it('refuses a day that never comes (refused)', () => {
    expect(() => nextAfter('2026-01-01T00:00:00Z', '0 0 30 2 *', 'UTC')).toThrow("job 'core.test' is never due");
  });
});
