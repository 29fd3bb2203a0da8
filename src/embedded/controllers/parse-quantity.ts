const multipliers: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity (`250m`, `64Mi`, `1e3`) as a number of its base unit. Anything else is NaN. */
export function parseQuantity(quantity: string | number | undefined): number {
  if (quantity === undefined) return 0;
  const match = /^([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?|[+-]?\d+\.)([a-zA-Z]*)$/.exec(String(quantity).trim());
  const multiplier = multipliers[match?.[2] ?? ''];
  return match === null || multiplier === undefined ? Number.NaN : Number(match[1]) * multiplier;
}
