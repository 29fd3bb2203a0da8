import { answerKeys } from './answers.ts';
import { eventWebhookKeys } from './event-webhooks.ts';
import { eventKeys } from './events.ts';
import { recordKeys } from './records.ts';
import { signInKeys } from './sign-in.ts';
import { tenancyKeys } from './tenancy.ts';
import { yamlKeys } from './yaml.ts';

/** What profiles set of core. */
export const coreProfileKeys = [
  ...tenancyKeys,
  ...answerKeys,
  ...recordKeys,
  ...eventKeys,
  ...signInKeys,
  ...yamlKeys,
  ...eventWebhookKeys,
];
