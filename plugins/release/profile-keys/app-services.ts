import { profileKey, profileValues, z } from 'longshore/sdk';

export const appServiceName = profileKey({
  name: 'release.serviceName',
  schema: profileValues.textRule(63),
  default: {
    min: 1,
    max: 63,
    pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
    says: "lower-case letters, digits and '-', beginning with a letter and ending with a letter or digit",
    examples: ['vote', 'vote-db', 'v2'],
  },
  description:
    "Names of app services: workloads and labels have them. Never with '--' in them, which parts a name from a deployment unit.",
  sources: ['REL-02'],
});

export const mostAccessSettings = profileKey({
  name: 'release.accessSettings',
  schema: z.int().min(0).max(100),
  default: 20,
  description: 'Access settings, each one Service, that an app service may have at the most.',
  sources: ['REL-01'],
});

export const minGroupsDefault = profileKey({
  name: 'release.minGroups',
  schema: z.int().min(1).max(100),
  default: 3,
  description: 'Groups, beside the beta group, that an app service is released in with FAST where it does not say.',
  sources: ['REL-07', 'Appendix B'],
});

/** Of app services and their versions. */
export const appServiceKeys = [appServiceName, mostAccessSettings, minGroupsDefault];
