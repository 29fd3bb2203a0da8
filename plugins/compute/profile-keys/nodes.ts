import { profileKey, profileValues } from 'longshore/sdk';

export const nodeEditable = profileKey({
  name: 'node.editable',
  schema: profileValues.onOff(),
  default: true,
  description: 'Whether nodes may be changed, or only seen.',
  sources: ['CORE-16'],
});

export const nodeNamePrefix = profileKey({
  name: 'node.namePrefix',
  schema: profileValues.textRule(200),
  default: {
    min: 1,
    max: 200,
    pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
    says: "lower-case letters, digits and '-', beginning and ending with a letter or digit",
    examples: ['web', 'web-2', 'n'],
  },
  description: 'What names of new nodes begin with; a number follows.',
  sources: ['CMP-02', 'CMP-23', 'Appendix B'],
});

const sources = ['CMP-03', 'CMP-23', 'Appendix B'];
const disk = (name: string, description: string, fallback: number | null = null) =>
  profileKey({ name, schema: profileValues.limit(1, 65_536), default: fallback, unit: 'GiB', description, sources });

export const nodeSystemDiskMin = disk('node.systemDisk.min', 'Smallest system disk of a node.');
export const nodeSystemDiskDefault = disk('node.systemDisk.default', 'System disk where the form says none.');
export const nodeDataDiskMin = disk('node.dataDisk.min', 'Smallest data disk of a node.');
export const nodeDataDiskDefault = disk('node.dataDisk.default', 'Data disk where the form says none.');
export const nodeEtcdDiskDefault = disk('node.etcdDisk.default', 'Disk of etcd where the form says none.');
export const monitorDiskDefault = disk(
  'monitor.disk.default',
  'Disk of each monitoring replica where the form says none.',
);
export const logDiskDefault = disk('log.disk.default', 'Disk of each log replica where the form says none.');

const flavor = (name: string, unit: string, description: string) =>
  profileKey({
    name,
    schema: profileValues.limit(1, 1_048_576),
    default: null,
    unit,
    description,
    sources: ['CMP-03', 'Appendix B'],
  });

export const nodeFlavorMinCores = flavor('node.flavor.minCores', 'cores', 'Fewest cores of a node.');
export const nodeFlavorMinMemory = flavor('node.flavor.minMemory', 'GiB', 'Least memory of a node.');
export const nodeEtcdDiscoveryCores = flavor(
  'node.etcdDiscovery.cores',
  'cores',
  'Cores of the node that bootstraps etcd where the form says none.',
);
export const nodeEtcdDiscoveryMemory = flavor(
  'node.etcdDiscovery.memory',
  'MiB',
  'Memory of the node that bootstraps etcd where the form says none.',
);

export const nodeDnsServers = profileKey({
  name: 'node.dnsServers',
  schema: profileValues.words(),
  default: [],
  description: 'Name servers of nodes where the form says none.',
  sources: ['CMP-03', 'Appendix B'],
});

export const nodeKeys = [
  nodeEditable,
  nodeNamePrefix,
  nodeSystemDiskMin,
  nodeSystemDiskDefault,
  nodeDataDiskMin,
  nodeDataDiskDefault,
  nodeEtcdDiskDefault,
  monitorDiskDefault,
  logDiskDefault,
  nodeFlavorMinCores,
  nodeFlavorMinMemory,
  nodeEtcdDiscoveryCores,
  nodeEtcdDiscoveryMemory,
  nodeDnsServers,
];
