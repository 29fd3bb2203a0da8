import { profileKey, profileValues } from 'longshore/sdk';

export const applicationScopes = profileKey({
  name: 'application.scopes',
  schema: profileValues.someOf('NAMESPACE', 'WORKSPACE'),
  default: ['NAMESPACE', 'WORKSPACE'],
  description:
    'What an application is: a group of what lies in one namespace, an entry in the catalogue of a workspace, or either.',
  sources: ['CMP-37', 'CMP-38', 'CON-33'],
});

export const applicationFields = profileKey({
  name: 'application.fields',
  schema: profileValues.someOf('ALIAS', 'DESCRIPTION', 'OWNER', 'TECH_STACK', 'CODE_REPOSITORY', 'OTHER_INFORMATION'),
  default: ['ALIAS', 'DESCRIPTION', 'OWNER', 'TECH_STACK', 'CODE_REPOSITORY', 'OTHER_INFORMATION'],
  description: 'What may be said of an application beside its name.',
  sources: ['CMP-37', 'CMP-38'],
});

export const applicationRequiredFields = profileKey({
  name: 'application.requiredFields',
  schema: profileValues.someOf('ALIAS', 'DESCRIPTION', 'OWNER', 'TECH_STACK'),
  default: [],
  description: 'What must be said of an application beside its name.',
  sources: ['CMP-37'],
});

export const applicationTechStackVersion = profileKey({
  name: 'application.techStackVersion',
  schema: profileValues.textOrNone(),
  default: null,
  description: 'The one version that a tech stack must have to run in containers; null: any.',
  sources: ['CMP-37'],
});

export const applicationWorkloadsAtOnce = profileKey({
  name: 'application.workloadsAtOnce',
  schema: profileValues.count(1, 100),
  default: 20,
  unit: 'workloads',
  description: 'Most workloads that are made in an application by one call.',
  sources: ['CMP-40'],
});

export const applicationKeys = [
  applicationScopes,
  applicationFields,
  applicationRequiredFields,
  applicationTechStackVersion,
  applicationWorkloadsAtOnce,
];
