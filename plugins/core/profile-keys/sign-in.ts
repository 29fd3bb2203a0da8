import { profileKey, profileValues } from 'longshore/sdk';

export const serviceTokenMaxDays = profileKey({
  name: 'serviceToken.maxDays',
  schema: profileValues.count(1, 3_650),
  default: 90,
  unit: 'days',
  description: 'How long a service token may be good at the most.',
  sources: ['CORE-09'],
});

export const serviceTokenMaxPerOwner = profileKey({
  name: 'serviceToken.maxPerOwner',
  schema: profileValues.count(0, 1_000),
  default: 50,
  description: 'Service tokens that one owner may have at a time.',
  sources: ['CORE-09'],
});

export const impersonationMaxMinutes = profileKey({
  name: 'impersonation.maxMinutes',
  schema: profileValues.count(1, 480),
  default: 60,
  unit: 'minutes',
  description: 'How long an administrator may act as somebody else at the most.',
  sources: ['CORE-09'],
});

export const signInKeys = [serviceTokenMaxDays, serviceTokenMaxPerOwner, impersonationMaxMinutes];
