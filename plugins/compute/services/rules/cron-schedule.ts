/** Far more than every minute, hour, day and month by itself; the cluster has no bound of its own. */
const longestSchedule = 1_000;
const longestZone = 100;

/**
 * What is wrong with a schedule as Kubernetes reads it: the standard parser of robfig/cron v3, with its zone in a field of its own
 * (batch/v1 CronJobSpec). Undefined where nothing is. Pure.
 */
export function scheduleProblem(schedule: string): string | undefined {
  if (schedule.length > longestSchedule) return `must have at most ${longestSchedule} characters`;
  if (schedule.includes('TZ')) return 'must not name a zone: timeZone does';
  if (schedule.startsWith('@'))
    return isDescriptor(schedule) ? undefined : `must be ${descriptors.join(', ')} or @every 1h30m`;
  const given = schedule.trim().split(/\s+/);
  if (schedule.trim() === '' || given.length !== fields.length) {
    return 'must have five fields: minute, hour, day of the month, month, day of the week';
  }
  for (const [index, field] of fields.entries()) {
    for (const part of (given[index] ?? '').split(',')) {
      // Nothing between two commas is nothing to the cluster too.
      const problem = part === '' ? undefined : partProblem(part, field);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

/** The same of the IANA zone of a schedule: `Local` would be whatever the controller runs in. */
export function timeZoneProblem(timeZone: string): string | undefined {
  const says = 'must be an IANA zone such as Asia/Shanghai';
  // ICU takes offsets such as +08:00 for zones; the cluster has a file for each zone.
  const isName = timeZone.split('/').every((part) => /^[A-Za-z_][A-Za-z._0-9+-]{0,13}$/.test(part));
  if (timeZone.length > longestZone || !isName || timeZone.toLowerCase() === 'local') return says;
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
    const isMisspelt = known !== timeZone && known.toLowerCase() === timeZone.toLowerCase();
    return isMisspelt ? `${says}: ${known}` : undefined;
  } catch {
    return says;
  }
}

const descriptors = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];
const every = '@every ';
/** As Go reads a duration. */
const duration = /^[+-]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/;

function isDescriptor(schedule: string): boolean {
  if (schedule.startsWith(every)) return duration.test(schedule.slice(every.length));
  return descriptors.includes(schedule);
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Words for its numbers, the first for `min`. */
  readonly words: readonly string[];
}

const fields: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, words: [] },
  { name: 'hour', min: 0, max: 23, words: [] },
  { name: 'day of the month', min: 1, max: 31, words: [] },
  {
    name: 'month',
    min: 1,
    max: 12,
    words: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { name: 'day of the week', min: 0, max: 6, words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

/** One of a field's parts: `*`, `7`, `1-5`, each with a step or not. */
function partProblem(part: string, { name, min, max, words }: Field): string | undefined {
  const says = `must have ${name} from ${min} to ${max}, ranges of it such as ${min}-${max} or steps such as */2; ${JSON.stringify(part)} is none`;
  const [range = '', step, ...moreSteps] = part.split('/');
  const [first = '', last, ...moreLasts] = range.split('-');
  if (moreSteps.length > 0 || (step !== undefined && !(numberOf(step) ?? 0))) return says;
  if (first === '*' || first === '?') return undefined;
  const wordOrNumber = (text: string): number => {
    const at = words.indexOf(text.toLowerCase());
    return at >= 0 ? at + min : (numberOf(text) ?? Number.NaN);
  };
  const start = wordOrNumber(first);
  const end = last === undefined ? (step === undefined ? start : max) : wordOrNumber(last);
  return moreLasts.length === 0 && start >= min && start <= end && end <= max ? undefined : says;
}

/** As Go reads a whole number; undefined for what is none, or below 0. */
function numberOf(text: string): number | undefined {
  return /^\+?\d{1,15}$/.test(text) ? Number(text) : undefined;
}
