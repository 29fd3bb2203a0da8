import { profileKey, profileValues } from 'longshore/sdk';
import { allFields, nodeFields } from '../services/managed-clusters/cluster-form.ts';

const [firstField = '', ...moreFields]: readonly string[] = allFields;
const [firstNodeField = '', ...moreNodeFields]: readonly string[] = Object.values(nodeFields);

export const clusterFields = profileKey({
  name: 'cluster.fields',
  schema: profileValues.someOf(firstField, ...moreFields),
  default: [...allFields],
  description: 'What may be said of a new cluster beside its name; the rest is decided by the platform.',
  sources: ['CMP-01', 'CMP-02', 'CMP-03', 'CMP-04'],
});

export const clusterRequiredFields = profileKey({
  name: 'cluster.requiredFields',
  schema: profileValues.someOf(firstField, ...moreFields),
  default: [],
  description: 'What must be said of a new cluster beside its name.',
  sources: ['CMP-01', 'CMP-02', 'CMP-03'],
});

export const clusterNodeRequiredFields = profileKey({
  name: 'cluster.nodeRequiredFields',
  schema: profileValues.someOf(firstNodeField, ...moreNodeFields),
  default: [],
  description: 'What must be said of new nodes beside their number.',
  sources: ['CMP-02', 'CMP-23'],
});

export const clusterAgreement = profileKey({
  name: 'cluster.agreement',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether who makes a cluster must accept the service agreement.',
  sources: ['CMP-01'],
});

export const clusterNeedsWorkspace = profileKey({
  name: 'cluster.needsWorkspace',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether a new cluster must be of a workspace that is bound to a network.',
  sources: ['CMP-02'],
});

export const clusterStageMinutes = profileKey({
  name: 'cluster.stageMinutes',
  schema: profileValues.count(1, 1_440),
  default: 30,
  unit: 'minutes',
  description: 'Within which machines of a new or expanded cluster must be there; behind that its step has failed.',
  sources: ['CMP-07', 'CMP-14'],
});

export const managedClusterKeys = [
  clusterFields,
  clusterRequiredFields,
  clusterNodeRequiredFields,
  clusterAgreement,
  clusterNeedsWorkspace,
  clusterStageMinutes,
];
