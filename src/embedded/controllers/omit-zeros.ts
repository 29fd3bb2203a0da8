/** The object without its members that are 0, as Kubernetes prints counts that are `omitempty`. */
export function omitZeros<T extends Readonly<Record<string, unknown>>>(counts: T): Partial<T> {
  return Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0)) as Partial<T>;
}
