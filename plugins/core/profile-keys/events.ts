import { profileKey, profileValues } from 'longshore/sdk';

export const eventsWindowHours = profileKey({
  name: 'events.windowHours',
  schema: profileValues.limit(1, 876_000),
  default: null,
  unit: 'hours',
  description: 'How far back events are shown.',
  sources: ['CON-32', 'CMP-107'],
});

export const eventsKeepDays = profileKey({
  name: 'events.keepDays',
  schema: profileValues.limit(1, 36_500),
  default: 30,
  unit: 'days',
  description: 'For how long events are kept after they were last seen; null: as long as there is room.',
  sources: ['CON-32', 'CMP-107'],
});

export const eventsKeepMost = profileKey({
  name: 'events.keepMost',
  schema: profileValues.count(1_000, 10_000_000),
  default: 100_000,
  unit: 'events',
  description: 'Most events of a cluster that are kept: beyond it those go that were last seen the longest ago.',
  sources: ['CMP-107'],
});

export const eventKeys = [eventsWindowHours, eventsKeepDays, eventsKeepMost];
