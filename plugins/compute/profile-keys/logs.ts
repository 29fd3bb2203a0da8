import { profileKey, profileValues } from 'longshore/sdk';

export const logDownloadMaxMiB = profileKey({
  name: 'logs.downloadMaxMiB',
  schema: profileValues.count(1, 1_048_576),
  default: 1_024,
  unit: 'MiB',
  description:
    'Most of a log that is handed out as one file, before compression; the file ends with a word where there was more.',
  sources: ['CMP-102'],
});

export const logSearchSpanDays = profileKey({
  name: 'logs.searchSpanDays',
  schema: profileValues.count(1, 3_650),
  default: 31,
  unit: 'days',
  description: 'Longest span of one search of collected logs.',
  sources: ['CMP-102', 'CMP-106'],
});

export const logKeys = [logDownloadMaxMiB, logSearchSpanDays];
