/** An absolute number, or a percentage of so many pods (`IntOrString`). */
export function resolveShare(share: number | string, of: number, rounding: 'up' | 'down'): number {
  if (typeof share === 'number') return share;
  const exact = (Number.parseFloat(share) * of) / 100;
  return rounding === 'up' ? Math.max(0, Math.ceil(exact - 1e-9)) : Math.floor(exact + 1e-9);
}
