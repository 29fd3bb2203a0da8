const decimalUnits = ['m', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binaryUnits = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** Thousandths as the shortest exact quantity: `1500m`, `2`; memory in powers of 1024 where it is whole bytes. */
export function printMilliQuantity(milli: number, isBinary: boolean): string {
  if (milli === 0) return '0';
  if (isBinary && milli % 1000 === 0 && milli >= 1_024_000) return reduce(milli / 1000, 1024, binaryUnits);
  return reduce(milli, 1000, decimalUnits);
}

function reduce(value: number, base: number, units: readonly string[]): string {
  let left = value;
  let unit = 0;
  while (left % base === 0 && unit < units.length - 1) {
    left /= base;
    unit += 1;
  }
  return `${left}${units[unit] ?? ''}`;
}
