import { profileKey, profileValues } from 'longshore/sdk';

export const eventWebhooksMaxPerOwner = profileKey({
  name: 'eventWebhooks.maxPerOwner',
  schema: profileValues.count(0, 1_000),
  default: 20,
  description: 'Event webhooks that one owner may have at a time.',
  sources: ['CORE-41'],
});

export const eventWebhookKeys = [eventWebhooksMaxPerOwner];
