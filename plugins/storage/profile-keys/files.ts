import { profileKey, profileValues } from 'longshore/sdk';

export const fileBrowserIdleMinutes = profileKey({
  name: 'fileBrowser.idleMinutes',
  schema: profileValues.limit(1, 10_080),
  default: 30,
  unit: 'minutes',
  description: 'After how long in which nothing is done the file browser of a volume closes by itself.',
  sources: ['STO-21'],
});

export const fileBrowserMaxHours = profileKey({
  name: 'fileBrowser.maxHours',
  schema: profileValues.limit(1, 8_760),
  default: null,
  unit: 'hours',
  description: 'How long a file browser is open at the most; the cluster itself ends its pod.',
  sources: ['STO-21'],
});

export const fileBrowserDownloadMaxMiB = profileKey({
  name: 'fileBrowser.downloadMaxMiB',
  schema: profileValues.count(1, 1_048_576),
  default: 1_024,
  unit: 'MiB',
  description: 'Largest file of a volume that is handed out.',
  sources: ['STO-21'],
});

export const fileBrowserUploadMaxMiB = profileKey({
  name: 'fileBrowser.uploadMaxMiB',
  schema: profileValues.count(1, 1_048_576),
  default: 1_024,
  unit: 'MiB',
  description: 'Largest file that is put into a volume.',
  sources: ['STO-21'],
});

export const fileBrowserKeys = [
  fileBrowserIdleMinutes,
  fileBrowserMaxHours,
  fileBrowserDownloadMaxMiB,
  fileBrowserUploadMaxMiB,
];
