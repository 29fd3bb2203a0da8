import { profileKey, profileValues, z } from 'longshore/sdk';

export const confirmBy = profileKey({
  name: 'release.confirmBy',
  schema: z.enum(['OWNER_OR_OPS', 'MEMBERS', 'ADMIN']),
  default: 'OWNER_OR_OPS',
  description:
    'Who may confirm a beta group or a pause: owner and operators of the app service, everybody who may release it, or administrators alone. Administrators always may.',
  sources: ['REL-30', 'CORE-17'],
});

export const cancelWhilePaused = profileKey({
  name: 'release.cancelWhilePaused',
  schema: profileValues.onOff(),
  default: true,
  description: 'Whether a release can be cancelled while it waits for a confirmation, and not only before its start.',
  sources: ['REL-32', 'CON-29'],
});

export const podReadySeconds = profileKey({
  name: 'release.podReadySeconds',
  schema: z.int().min(0).max(3600),
  default: 30,
  description: 'Seconds that a pod of the new version must have been ready without a break to count as updated.',
  sources: ['REL-27'],
});

export const groupTimeoutSeconds = profileKey({
  name: 'release.groupTimeoutSeconds',
  schema: z.int().min(30).max(86_400),
  default: 900,
  description: 'Seconds within which the pods of a group must be updated; behind that the release has failed.',
  sources: ['REL-28'],
});

export const orderServices = profileKey({
  name: 'release.orderServices',
  schema: z.int().min(1).max(500),
  default: 200,
  description: 'App services that one release order may have at the most.',
  sources: ['REL-19'],
});

/** Of orders and their groups. */
export const orderKeys = [confirmBy, cancelWhilePaused, podReadySeconds, groupTimeoutSeconds, orderServices];
