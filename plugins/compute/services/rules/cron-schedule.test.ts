import { describe, expect, it } from 'vitest';
import { createCronTimes } from '../../../../src/embedded/controllers/create-cron-times.ts';
import { scheduleProblem, timeZoneProblem } from './cron-schedule.ts';

describe('scheduleProblem', () => {
  it.each([
    '0 3 * * *',
    '*/5 * * * *',
    '0-30/10,45 8-18 * * MON-FRI',
    '0 0 1 jan,Jul ?',
    '5/15 * * * *',
    '0 0 ? * 0',
    '  0   3 * *\t* ',
    '+5 03 * * *',
    '0,,30 * * * *',
    '0 0 31 2 *',
    '@daily',
    '@midnight',
    '@every 1h30m',
    '@every 1.5h',
  ])('has nothing against %j (CMP-66)', (schedule) => {
    expect(scheduleProblem(schedule)).toBeUndefined();
    expect(() => createCronTimes(schedule, 'UTC')).not.toThrow();
  });

  it.each([
    ['', 'five fields'],
    ['* * * *', 'five fields'],
    ['0 * * * * *', 'five fields'],
    ['60 * * * *', 'minute from 0 to 59'],
    ['-1 * * * *', 'minute'],
    ['* 24 * * *', 'hour from 0 to 23'],
    ['* * 0 * *', 'day of the month from 1 to 31'],
    ['* * * 13 *', 'month from 1 to 12'],
    ['* * * * 7', 'day of the week from 0 to 6'],
    ['* * * * 5-1', 'day of the week'],
    ['* * * * fri-mon', 'day of the week'],
    ['*/0 * * * *', 'minute'],
    ['1/2/3 * * * *', 'minute'],
    ['1-2-3 * * * *', 'minute'],
    ['1.5 * * * *', 'minute'],
    ['* * L * *', 'day of the month'],
    ['* * * * 5#2', 'day of the week'],
    ['* * * January *', 'month'],
    ['@reboot', '@yearly'],
    ['@Daily', '@yearly'],
    [' @daily', 'five fields'],
    ['@every', '@yearly'],
    ['@every 5', '@yearly'],
    ['TZ=Asia/Shanghai 0 3 * * *', 'timeZone'],
    ['CRON_TZ=UTC 0 3 * * *', 'timeZone'],
  ])('refuses %j: it says %s (CMP-66) (refused)', (schedule, says) => {
    expect(scheduleProblem(schedule)).toContain(says);
  });

  it('looks at no more of a schedule than one can have (CMP-66) (refused)', () => {
    const everything = [60, 24, 31, 12, 7].map((count) => Array.from({ length: count }, (_, at) => at + 1).join(','));
    expect(everything.join(' ').length).toBeLessThan(1_000);
    expect(scheduleProblem(`${'*/1,'.repeat(100_000)}1 * * * *`)).toBe('must have at most 1000 characters');
    expect(timeZoneProblem('A/'.repeat(100_000))).toBe('must be an IANA zone such as Asia/Shanghai');
  });
});

describe('timeZoneProblem', () => {
  it.each([
    'UTC',
    'Etc/UTC',
    'Asia/Shanghai',
    'America/Argentina/Buenos_Aires',
    'US/Pacific',
    'Etc/GMT+5',
  ])('has nothing against %s (CMP-66)', (timeZone) => {
    expect(timeZoneProblem(timeZone)).toBeUndefined();
  });

  it.each([
    '',
    'Local',
    'local',
    'asia/shanghai',
    'Mars/Olympus',
    '+08:00',
    '+0800',
    'Asia/',
    '../UTC',
    'Asia/Shanghai ',
  ])('refuses %j (CMP-66) (refused)', (timeZone) => {
    expect(timeZoneProblem(timeZone)).toContain('must be an IANA zone');
  });
});
