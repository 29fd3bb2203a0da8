import { profileKey, profileValues, z } from 'longshore/sdk';

const nameOfHost = {
  pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
  says: "lower-case letters, digits and '-', beginning with a letter and ending with a letter or digit",
};

export const templateName = profileKey({
  name: 'template.name',
  schema: profileValues.textRule(63),
  default: { min: 1, max: 63, ...nameOfHost, examples: ['vote', 'shop-front'] },
  description: 'Names of orchestration templates.',
  sources: ['REL-40'],
});

export const templateApps = profileKey({
  name: 'template.apps',
  schema: z.int().min(1).max(60),
  default: 30,
  description: 'Applications that one orchestration template may have at the most.',
  sources: ['REL-40'],
});

export const stackName = profileKey({
  name: 'stack.name',
  schema: profileValues.textRule(30, { min: 1, max: 30, ...nameOfHost, examples: ['vote'] }),
  default: { min: 1, max: 30, ...nameOfHost, examples: ['vote', 'vote-2'] },
  description: 'Names of deployments of templates: the beginning of the names of all that they make.',
  sources: ['REL-44'],
});

export const stackStartSeconds = profileKey({
  name: 'stack.startSeconds',
  schema: z.int().min(10).max(86_400),
  default: 900,
  unit: 'seconds',
  description: 'Within which an application of a stack must be ready or gone; behind that its step has failed.',
  sources: ['REL-44'],
});

/** Of orchestration templates and what is deployed of them. */
export const templateKeys = [templateName, templateApps, stackName, stackStartSeconds];
