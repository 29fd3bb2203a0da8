import type { Observed, ReleaseTarget } from '../../engines/engine.ts';

/** What a release looks at: where its order is for some units only, the others are none of its business (REL-19). */
export function ownUnits(target: Pick<ReleaseTarget, 'isPartial' | 'units'>, observed: Observed): Observed {
  if (!target.isPartial) return observed;
  const names = new Set(target.units.map(({ unit }) => unit));
  return observed.filter(({ unit }) => names.has(unit));
}
