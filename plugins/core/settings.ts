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
});
