const bounds: readonly (readonly [number, number, readonly string[]])[] = [
  [0, 59, []],
  [0, 23, []],
  [1, 31, []],
  [1, 12, ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']],
  [0, 7, ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']],
];
const descriptors = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);

/** Whether the text is a schedule the CronJob controller understands: five fields or a descriptor. */
export function isCronSchedule(text: string): boolean {
  const schedule = text.trim();
  if (descriptors.has(schedule)) return true;
  if (/^@every \d+(h|m|s)(\d+(m|s))*$/.test(schedule)) return true;
  const fields = schedule.split(/\s+/);
  return fields.length === 5 && fields.every((field, at) => isField(field, at));
}

function isField(field: string, at: number): boolean {
  const [min, max, names] = bounds[at] ?? [0, 0, []];
  const toNumber = (word: string): number => {
    const named = names.indexOf(word.toLowerCase());
    if (named >= 0) return named + (at === 3 ? 1 : 0);
    return /^\d+$/.test(word) ? Number(word) : Number.NaN;
  };
  return field.split(',').every((part) => {
    const [range = '', step, ...rest] = part.split('/');
    if (rest.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
    if (range === '*' || range === '?') return true;
    const [from = '', to = from, ...more] = range.split('-');
    const low = toNumber(from);
    const high = toNumber(to);
    return more.length === 0 && low >= min && high <= max && low <= high;
  });
}
