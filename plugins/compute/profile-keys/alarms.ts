import { profileKey, profileValues } from 'longshore/sdk';

export const alarmsPoliciesMax = profileKey({
  name: 'alarms.policiesMax',
  schema: profileValues.count(1, 10_000),
  default: 50,
  unit: 'policies',
  description: 'Most alarm policies about one application, and about one cluster: each is looked at all the time.',
  sources: ['CMP-64'],
});

export const alarmsKeepDays = profileKey({
  name: 'alarms.keepDays',
  schema: profileValues.limit(1, 36_500),
  default: 90,
  unit: 'days',
  description:
    'For how long alarms are kept after they were over; null: as long as there is room. Those that are firing stay.',
  sources: ['CMP-64', 'CON-32'],
});

export const alarmsKeepMost = profileKey({
  name: 'alarms.keepMost',
  schema: profileValues.count(1, 100_000),
  default: 1_000,
  unit: 'alarms',
  description: 'Most alarms of one policy that are kept: beyond it those go that fired the longest ago.',
  sources: ['CMP-64'],
});

export const alarmKeys = [alarmsPoliciesMax, alarmsKeepDays, alarmsKeepMost];
