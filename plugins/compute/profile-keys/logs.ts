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

export const logKeys = [logDownloadMaxMiB];
