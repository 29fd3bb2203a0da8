import { Cron } from 'croner';
import { zoneOffsetMs } from './zone-offset.ts';

/** The times of a schedule. */
export interface CronTimes {
  /** The first time after this one; undefined when the schedule has none. Milliseconds since the epoch. */
  next(afterMs: number): number | undefined;
}

const dayMs = 86_400_000;
/** A leap day may be eight years away; what does not come within that never comes. */
const farthestMs = 9 * 366 * dayMs;
const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 0,
};

/**
 * Reads a schedule as Kubernetes does (`batch/v1` CronJobSpec, CronJob concept page): what clocks in the zone show
 * counts, so that a time which they skip in spring is skipped, and one which they show twice in autumn comes twice.
 * Throws on a schedule or zone that is none.
 */
export function createCronTimes(schedule: string, timeZone: string): CronTimes {
  const everyMs = delayOf(schedule);
  if (everyMs !== undefined) return { next: (afterMs) => Math.floor((afterMs + everyMs) / 1000) * 1000 };
  const clockTimes = new Cron(schedule.startsWith('@') ? schedule : plainPattern(schedule), {
    paused: true,
    // What clocks show is reckoned with as if it were UTC.
    timezone: 'UTC',
    mode: '5-part',
    domAndDow: isAnyDay(schedule),
  });

  function nextShown(afterMs: number, offsetMs: number): number | undefined {
    const shown = clockTimes.nextRun(new Date(afterMs + offsetMs))?.getTime();
    return shown === undefined ? undefined : shown - offsetMs;
  }

  return {
    next(afterMs) {
      let fromMs = afterMs;
      while (fromMs - afterMs < farthestMs) {
        const offsets = new Set([zoneOffsetMs(fromMs, timeZone), zoneOffsetMs(fromMs + dayMs, timeZone)]);
        const first = [...offsets].map((offsetMs) => nextShown(fromMs, offsetMs)).filter((time) => time !== undefined);
        if (first.length === 0) return undefined;
        for (const time of first) offsets.add(zoneOffsetMs(time, timeZone));
        const candidates = [...offsets]
          .map((offsetMs) => ({ offsetMs, time: nextShown(fromMs, offsetMs) ?? Number.POSITIVE_INFINITY }))
          .sort((left, right) => left.time - right.time);
        const real = candidates.find(({ offsetMs, time }) => zoneOffsetMs(time, timeZone) === offsetMs);
        if (real !== undefined) return real.time;
        // No clock shows any of these: what comes after the gap is looked for.
        fromMs = Math.max(fromMs + 1, Math.min(...candidates.map(({ time }) => time)));
      }
      return undefined;
    },
  };
}

/** `@every 1h30m`, at least a second; undefined for all other schedules. */
function delayOf(schedule: string): number | undefined {
  if (!schedule.startsWith('@every ')) return undefined;
  const parts = [...schedule.slice('@every '.length).matchAll(/(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/g)];
  const sumMs = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0);
  return Math.max(1000, Math.floor(sumMs / 1000) * 1000);
}

const bounds: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
];

/** With every day of the month or every day of the week the other one decides; else either of the two is enough. */
function isAnyDay(schedule: string): boolean {
  const [, , ofMonth = '*', , ofWeek = '*'] = schedule.trim().split(/\s+/);
  return [ofMonth, ofWeek].some((field) => field.split(',').some((part) => /^[*?][^/]*(\/0*1)?$/.test(part)));
}

/** The same schedule without the liberties that the library does not take: `?`, `5/15`, steps beyond the end, empty parts. */
function plainPattern(schedule: string): string {
  const fields = schedule.trim().split(/\s+/);
  return fields
    .map((field, at) => {
      const [min, max] = bounds[at] ?? [0, 0];
      const parts = field.split(',').filter((part) => part !== '');
      return parts.map((part) => plainPart(part.replaceAll('+', ''), min, max)).join(',');
    })
    .join(' ');
}

function plainPart(part: string, min: number, max: number): string {
  const [range = '', step] = part.split('/');
  const isAll = /^[*?]/.test(range);
  if (step === undefined) return isAll ? '*' : range;
  const [first = '', last = String(max)] = isAll ? [String(min), String(max)] : range.split('-');
  if (Number(step) === 1 && isAll) return '*';
  return Number(step) > max - min ? first : `${first}-${last}/${Number(step)}`;
}
