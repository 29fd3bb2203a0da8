interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const bounds: readonly Bounds[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];
const descriptors = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);

/**
 * Why the CronJob controller would not understand the schedule, in its parser's words; undefined for five good fields
 * or a descriptor. A leading time zone is skipped: it is refused on other grounds.
 */
export function problemOfCronSchedule(text: string): string | undefined {
  const schedule = text.replace(/^(CRON_)?TZ=\S*\s*/, '').trim();
  if (schedule.startsWith('@')) return problemOfDescriptor(schedule);
  const fields = schedule.split(/\s+/);
  if (fields.length !== bounds.length) {
    return `expected exactly ${bounds.length} fields, found ${fields.length}: [${fields.join(' ')}]`;
  }
  for (const [at, field] of fields.entries()) {
    const limits = bounds[at];
    if (limits === undefined) continue;
    for (const part of field.split(',')) {
      const problem = part === '' ? undefined : problemOfPart(part, limits);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function problemOfDescriptor(schedule: string): string | undefined {
  if (descriptors.has(schedule)) return undefined;
  if (/^@every (\d+(\.\d+)?(h|m|s|ms|us|ns))+$/.test(schedule)) return undefined;
  return schedule.startsWith('@every ')
    ? `failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(schedule.slice('@every '.length))}`
    : `unrecognized descriptor: ${schedule}`;
}

function problemOfPart(part: string, { min, max, names }: Bounds): string | undefined {
  const [range = '', step, ...more] = part.split('/');
  const [first = '', last, ...rest] = range.split('-');
  let from = min;
  let to = max;
  if (first !== '*' && first !== '?') {
    const start = numberOf(first, names);
    if (typeof start === 'string') return start;
    from = start;
    if (rest.length > 0) return `too many hyphens: ${part}`;
    const end = last === undefined ? start : numberOf(last, names);
    if (typeof end === 'string') return end;
    to = last === undefined && step !== undefined ? max : end;
  }
  if (more.length > 0) return `too many slashes: ${part}`;
  if (step !== undefined) {
    const every = numberOf(step, []);
    if (typeof every === 'string') return every;
    if (every === 0) return `step of range should be a positive number: ${part}`;
  }
  if (from < min) return `beginning of range (${from}) below minimum (${min}): ${part}`;
  if (to > max) return `end of range (${to}) above maximum (${max}): ${part}`;
  return from > to ? `beginning of range (${from}) beyond end of range (${to}): ${part}` : undefined;
}

/** The number, or why it is none. */
function numberOf(word: string, names: readonly string[]): number | string {
  const named = names.indexOf(word.toLowerCase());
  if (named >= 0 && word !== '') return named;
  if (!/^[+-]?\d+$/.test(word)) {
    return `failed to parse int from ${word}: strconv.Atoi: parsing ${JSON.stringify(word)}: invalid syntax`;
  }
  const number = Number(word);
  return number < 0 ? `negative number (${number}) not allowed: ${word}` : number;
}
