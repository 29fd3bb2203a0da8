import { profileKey, profileValues } from 'longshore/sdk';

export const storageEnabled = profileKey({
  name: 'storage.enabled',
  schema: profileValues.onOff(),
  default: true,
  description: 'Whether there is storage that may be asked for; without it nothing of it may be changed.',
  sources: ['STO-13', 'CMP-45'],
});

export const volumeKeys = [storageEnabled];
