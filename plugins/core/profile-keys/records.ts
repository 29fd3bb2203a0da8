import { profileKey, profileValues } from 'longshore/sdk';

export const operationRecordsKeepDays = profileKey({
  name: 'operationRecords.keepDays',
  // An idempotency key leads to its record for a day.
  schema: profileValues.count(2, 36_500),
  default: 400,
  unit: 'days',
  description: 'For how long operation records are kept after they began; those that are under way stay.',
  sources: ['CON-32', 'CORE-18'],
});

export const recordKeys = [operationRecordsKeepDays];
