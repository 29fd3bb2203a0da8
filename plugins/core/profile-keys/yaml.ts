import { profileKey, profileValues } from 'longshore/sdk';

export const yamlViewOnlyKinds = profileKey({
  name: 'yaml.viewOnlyKinds',
  schema: profileValues.words(),
  default: ['core/Secret'],
  description:
    'Kinds whose YAML may be seen, but not edited, as group and kind: `batch/Job`, `core/Pod`. A Secret is never edited as YAML, since its values are not shown there.',
  sources: ['CORE-29'],
});

export const applicationLabel = profileKey({
  name: 'label.application',
  schema: profileValues.textOrNone(),
  default: 'app.kubernetes.io/name',
  description: 'Label that says to which application an object belongs; null: objects are attached to none.',
  sources: ['CORE-28'],
});

export const workloadLabel = profileKey({
  name: 'label.workload',
  schema: profileValues.textOrNone(),
  default: 'ecns.es.io/workload',
  description:
    'Label that workloads made by a form carry, in their selector and pod template too: `<kind>-<name>`; null: none.',
  sources: ['CORE-28'],
});

export const yamlKeys = [yamlViewOnlyKinds, applicationLabel, workloadLabel];
