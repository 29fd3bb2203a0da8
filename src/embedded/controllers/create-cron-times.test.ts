import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCronTimes } from './create-cron-times.ts';

function timesOf(schedule: string, zone: string, from: string, count: number): (string | undefined)[] {
  const times = createCronTimes(schedule, zone);
  const found: (string | undefined)[] = [];
  let last: number | undefined = Date.parse(from);
  for (let at = 0; at < count && last !== undefined; at += 1) {
    last = times.next(last);
    found.push(last === undefined ? undefined : new Date(last).toISOString().replace(':00.000Z', 'Z'));
  }
  return found;
}

describe('createCronTimes', () => {
  it.each([
    {
      name: 'skips a time that clocks leap over in spring',
      schedule: '30 2 * * *',
      zone: 'America/New_York',
      from: '2026-03-07T12:00:00Z',
      times: ['2026-03-09T06:30Z', '2026-03-10T06:30Z'],
    },
    {
      name: 'keeps the hours around the leap',
      schedule: '0 1-3 * * *',
      zone: 'America/New_York',
      from: '2026-03-08T05:00:00Z',
      times: ['2026-03-08T06:00Z', '2026-03-08T07:00Z', '2026-03-09T05:00Z'],
    },
    {
      name: 'comes twice when clocks show its time twice in autumn',
      schedule: '30 1 * * *',
      zone: 'America/New_York',
      from: '2026-11-01T04:00:00Z',
      times: ['2026-11-01T05:30Z', '2026-11-01T06:30Z', '2026-11-02T06:30Z'],
    },
    {
      name: 'goes through both hours in short steps',
      schedule: '*/30 * * * *',
      zone: 'Europe/Berlin',
      from: '2026-10-25T00:15:00Z',
      times: ['2026-10-25T00:30Z', '2026-10-25T01:00Z', '2026-10-25T01:30Z', '2026-10-25T02:00Z'],
    },
    {
      name: 'knows zones that are ahead by halves of an hour',
      schedule: '0 9 * * 1-5',
      zone: 'Asia/Kolkata',
      from: '2026-01-02T12:00:00Z',
      times: ['2026-01-05T03:30Z'],
    },
    {
      name: 'takes either day where both are restricted',
      schedule: '0 0 13 * FRI',
      zone: 'UTC',
      from: '2026-01-08T12:00:00Z',
      times: ['2026-01-09T00:00Z', '2026-01-13T00:00Z', '2026-01-16T00:00Z'],
    },
    {
      name: 'takes a number with a step as a range to the end',
      schedule: '5/20 12 ? * ?',
      zone: 'UTC',
      from: '2026-01-08T12:00:00Z',
      times: ['2026-01-08T12:05Z', '2026-01-08T12:25Z', '2026-01-08T12:45Z', '2026-01-09T12:05Z'],
    },
    {
      name: 'adds up what @every says',
      schedule: '@every 1h30m',
      zone: 'Europe/Berlin',
      from: '2026-01-08T12:07:00Z',
      times: ['2026-01-08T13:37Z', '2026-01-08T15:07Z'],
    },
    {
      name: 'reads @midnight in its zone',
      schedule: '@midnight',
      zone: 'Asia/Tokyo',
      from: '2026-01-08T12:00:00Z',
      times: ['2026-01-08T15:00Z'],
    },
    {
      name: 'waits eight years for a leap day',
      schedule: '0 0 29 2 *',
      zone: 'UTC',
      from: '2096-03-01T00:00:00Z',
      times: ['2104-02-29T00:00Z'],
    },
    {
      name: 'never comes on a day that no month has (refused)',
      schedule: '0 0 31 2 *',
      zone: 'UTC',
      from: '2026-01-08T12:00:00Z',
      times: [undefined],
    },
  ])('$name', ({ schedule, zone, from, times }) => {
    expect(timesOf(schedule, zone, from, times.length)).toEqual(times);
  });

  it('throws on a zone that is none (refused)', () => {
    expect(() => createCronTimes('* * * * *', 'Nowhere/Land').next(0)).toThrow('Nowhere/Land');
  });

  it('finds the minutes whose clock time matches, and no others', () => {
    const minuteMs = 60_000;
    const zones = ['UTC', 'America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
    const field = (max: number) => fc.oneof(fc.constant('*'), fc.integer({ min: 0, max }).map(String));
    const springOrAutumn = fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25');
    fc.assert(
      fc.property(field(59), field(23), fc.constantFrom(...zones), springOrAutumn, (minute, hour, zone, day) => {
        const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
        const matches = (timeMs: number): boolean => {
          const [shownHour, shownMinute] = clock.format(timeMs).split(':').map(Number);
          return (hour === '*' || shownHour === Number(hour)) && (minute === '*' || shownMinute === Number(minute));
        };
        const fromMs = Date.parse(`${day}T00:00:00Z`) - 1200 * minuteMs;
        let expected = fromMs + minuteMs;
        while (!matches(expected)) expected += minuteMs;
        expect(createCronTimes(`${minute} ${hour} * * *`, zone).next(fromMs)).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });
});
