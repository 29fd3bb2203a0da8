export const layoutKinds = {
  UNKNOWN: 'Its nodes do not say where they are, or of several zones not in which regions these are.',
  SINGLE_ZONE: 'One zone: one data centre.',
  TWO_DATA_CENTRES_ONE_CITY: 'Two zones of one region: two data centres in one city.',
  THREE_DATA_CENTRES_TWO_CITIES: 'Three zones in two regions: three data centres in two cities.',
  SEVERAL_ZONES: 'Three zones or more, of one region.',
  SEVERAL_REGIONS: 'Zones of several regions, other than three in two.',
} as const;
export type LayoutKind = keyof typeof layoutKinds;

/** A zone's name is unique in its region alone. */
export interface ZonePlace {
  /** Undefined where nobody knows. */
  readonly region: string | undefined;
  readonly name: string;
}

/** What a set of different zones is called (CMP-18): a region is a city, a zone is a data centre. Pure. */
export function layoutKindOf(zones: readonly ZonePlace[]): LayoutKind {
  if (zones.length === 0) return 'UNKNOWN';
  if (zones.length === 1) return 'SINGLE_ZONE';
  const regions = new Set(zones.map(({ region }) => region));
  if (regions.has(undefined)) return 'UNKNOWN';
  if (regions.size === 1) return zones.length === 2 ? 'TWO_DATA_CENTRES_ONE_CITY' : 'SEVERAL_ZONES';
  return zones.length === 3 && regions.size === 2 ? 'THREE_DATA_CENTRES_TWO_CITIES' : 'SEVERAL_REGIONS';
}
