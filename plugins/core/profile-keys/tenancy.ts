import { profileKey, profileValues } from 'longshore/sdk';

/** What the product calls a workspace. */
export const workspaceTerm = profileKey({
  name: 'workspace.term',
  schema: profileValues.oneOf('WORKSPACE', 'ENVIRONMENT'),
  default: 'WORKSPACE',
  description: 'What consoles call a workspace: an edition may know it as an environment.',
  sources: ['CORE-01'],
});

export const workspaceNetworkTypes = profileKey({
  name: 'workspace.networkTypes',
  schema: profileValues.someOf('VPC', 'CLASSIC'),
  default: ['VPC', 'CLASSIC'],
  description: 'Kinds of network that a workspace may have.',
  sources: ['CORE-02', 'CON-39'],
});

export const workspaceZonesMin = profileKey({
  name: 'workspace.zones.min',
  schema: profileValues.count(1, 100),
  default: 1,
  unit: 'zones',
  description: 'Fewest availability zones of a workspace.',
  sources: ['CORE-02', 'Appendix B'],
});

export const workspaceZonesMax = profileKey({
  name: 'workspace.zones.max',
  schema: profileValues.limit(1, 100),
  default: null,
  unit: 'zones',
  description: 'Most availability zones of a workspace.',
  sources: ['CORE-02', 'Appendix B'],
});

export const clustersPerWorkspace = profileKey({
  name: 'clustersPerWorkspace',
  schema: profileValues.limit(1, 10_000),
  default: null,
  unit: 'clusters',
  description: 'Most clusters that a workspace may hold.',
  sources: ['CON-02', 'CMP-09'],
});

export const namespaceBuiltIns = profileKey({
  name: 'namespace.builtIns',
  schema: profileValues.words(),
  default: ['default', 'kube-public', 'kube-system'],
  description: 'Namespaces of the cluster itself that consoles list.',
  sources: ['CMP-31'],
});

export const namespaceNeedsDepartment = profileKey({
  name: 'namespace.needsDepartment',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether a namespace must belong to a department and a project.',
  sources: ['CORE-06'],
});

export const quotaRequired = profileKey({
  name: 'quota.required',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether a namespace must have a quota; otherwise everything in it is unlimited unless it has one.',
  sources: ['CON-35', 'CMP-33', 'CMP-34'],
});

export const tenancyKeys = [
  workspaceTerm,
  workspaceNetworkTypes,
  workspaceZonesMin,
  workspaceZonesMax,
  clustersPerWorkspace,
  namespaceBuiltIns,
  namespaceNeedsDepartment,
  quotaRequired,
];
