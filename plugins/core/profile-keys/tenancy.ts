import { profileKey, profileValues, type TextRule } from 'longshore/sdk';

/** What every cluster takes as a name, since namespaces are named after tenants (RFC 1123). */
export const identifierWithin: TextRule = {
  min: 1,
  max: 63,
  pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
  says: 'lower-case letters, digits and dashes, beginning with a letter and not ending with a dash',
  examples: ['dev', 'test-2'],
};

/** Texts of people stand in lists and headings. */
export const oneLineWithin: TextRule = {
  min: 0,
  max: 4_096,
  pattern: '^[^\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}]*$',
  says: 'one line without control characters',
  examples: ['Development', '开发环境'],
};

export const tenantIdentifier = profileKey({
  name: 'tenant.identifier',
  schema: profileValues.textRule(63, identifierWithin),
  default: identifierWithin,
  description: 'English identifiers of workspaces, projects and departments, which never change.',
  sources: ['CORE-02', 'CORE-05', 'CORE-08'],
});

export const tenantDisplayName = profileKey({
  name: 'tenant.displayName',
  schema: profileValues.textRule(256, oneLineWithin),
  default: { min: 1, max: 64, examples: ['Development workspace', '开发环境'] },
  description: 'What people call workspaces, projects and departments.',
  sources: ['CORE-02'],
});

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
  tenantIdentifier,
  tenantDisplayName,
  workspaceTerm,
  workspaceNetworkTypes,
  workspaceZonesMin,
  workspaceZonesMax,
  clustersPerWorkspace,
  namespaceBuiltIns,
  namespaceNeedsDepartment,
  quotaRequired,
];
