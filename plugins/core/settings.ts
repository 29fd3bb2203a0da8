import { z } from 'longshore/sdk';

const name = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);

const zone = z.strictObject({
  name: name.describe('Name of the availability zone, unique in its region.'),
  deploymentUnits: z.array(name).default([]).describe('Deployment units in the zone.'),
});

const region = z.strictObject({
  name: name.describe('Name of the region, unique.'),
  displayName: z.string().min(1).max(64).optional().describe('What people call it; its name where absent.'),
  zones: z.array(zone).min(1).describe('Its availability zones.'),
});

const whole = (min: number, max: number, standard: number) => z.int().min(min).max(max).default(standard);

const eventWebhooks = z.strictObject({
  maxAttempts: whole(1, 100, 10).describe(
    'How often an event that a receiver refuses is tried before it is a dead letter.',
  ),
  stopAfterHours: whole(1, 720, 72).describe(
    'How long a receiver may take nothing before its webhook is stopped, in hours.',
  ),
  deadLetterDays: whole(1, 365, 14).describe(
    'How long dead letters are kept, in days; 1,000 of a webhook at the most.',
  ),
  secretOverlapHours: whole(1, 720, 24).describe(
    'How long the secret before a rotation signs beside the new one, in hours.',
  ),
});

/** `pluginSettings.core`. Strict, so that a misspelt key stops the start instead of being ignored. */
export const coreSettings = z.strictObject({
  deploymentUnitLabel: z
    .string()
    .regex(/^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/)
    .default('longshore.dev/deployment-unit')
    .describe('Key of the label that names the deployment unit of a node.'),
  regions: z
    .array(region)
    .default([])
    .superRefine((regions, context) => {
      for (const list of [regions, ...regions.map(({ zones }) => zones)]) {
        const names = list.map((each) => each.name);
        const twice = names.find((each, index) => names.indexOf(each) !== index);
        if (twice !== undefined) context.addIssue({ code: 'custom', message: `'${twice}' is there twice` });
      }
    })
    .describe('Regions that are open, with their zones and deployment units. Empty: workspaces may name any.'),
  eventWebhooks: eventWebhooks.prefault({}).describe('How patient deliveries to event webhooks are.'),
});
