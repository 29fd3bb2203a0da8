/** An IntOrString such as `maxSurge`: a number as it is, a percentage of `total` rounded up or down. Nonsense is 0. */
export function resolveIntOrPercent(value: number | string, total: number, rounding: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  if (percent === undefined) return /^\d+$/.test(value) ? Number(value) : 0;
  const exact = (Number(percent) * total) / 100;
  return rounding === 'up' ? Math.ceil(exact) : Math.floor(exact);
}
