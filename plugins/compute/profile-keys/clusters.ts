import { profileKey, profileValues } from 'longshore/sdk';

export const kubernetesVersions = profileKey({
  name: 'kubernetesVersions',
  schema: profileValues.wordsOrAll(),
  default: null,
  description: 'Versions that a new cluster may have; null: all that its engine offers.',
  sources: ['CON-03', 'CMP-01', 'CMP-03'],
});

export const clusterCreatable = profileKey({
  name: 'cluster.creatable',
  schema: profileValues.onOff(),
  default: true,
  description: 'Whether clusters may be made; otherwise a workspace takes one that exists.',
  sources: ['CMP-10', 'CORE-08'],
});

export const clusterDeletable = profileKey({
  name: 'cluster.deletable',
  schema: profileValues.onOff(),
  default: true,
  description: 'Whether a cluster may be deleted, with everything in it.',
  sources: ['CON-02', 'CMP-13'],
});

export const clusterUpdatable = profileKey({
  name: 'cluster.updatable',
  schema: profileValues.onOff(),
  default: true,
  description: "Whether a cluster's network, security group and monitoring may be changed.",
  sources: ['CON-02', 'CMP-13'],
});

export const clusterExpandable = profileKey({
  name: 'cluster.expandable',
  schema: profileValues.onOff(),
  default: true,
  description: 'Whether a cluster may get more nodes.',
  sources: ['CON-02', 'CMP-14'],
});

export const clusterMasterCounts = profileKey({
  name: 'cluster.masterCounts',
  schema: profileValues.someNumbers(1, 99),
  default: null,
  unit: 'nodes',
  description: 'Numbers of control-plane nodes to choose from.',
  sources: ['CMP-03', 'Appendix B'],
});

export const clusterMastersDefault = profileKey({
  name: 'cluster.mastersDefault',
  schema: profileValues.count(1, 99),
  default: 3,
  unit: 'nodes',
  description: 'Control-plane nodes where the form says no number.',
  sources: ['CMP-03', 'Appendix B'],
});

const workersSources = ['CMP-03', 'CMP-14', 'Appendix B'];

/** Most workers by the number of control-plane nodes, at creation and after expansion. */
export const clusterWorkersMax = profileKey({
  name: 'cluster.workersMax',
  schema: profileValues.limit(1, 100_000),
  default: null,
  unit: 'nodes',
  description: 'Most workers of a new cluster with several control-plane nodes.',
  sources: workersSources,
});

export const clusterWorkersMaxWithOneMaster = profileKey({
  name: 'cluster.workersMaxWithOneMaster',
  schema: profileValues.limit(1, 100_000),
  default: null,
  unit: 'nodes',
  description: 'Most workers of a cluster with one control-plane node.',
  sources: workersSources,
});

export const clusterWorkersMaxExpandedWithThreeMasters = profileKey({
  name: 'cluster.workersMaxExpandedWithThreeMasters',
  schema: profileValues.limit(1, 100_000),
  default: null,
  unit: 'nodes',
  description: 'Most workers that a cluster with three control-plane nodes may be expanded to.',
  sources: workersSources,
});

export const clusterWorkersMaxExpandedWithFiveMasters = profileKey({
  name: 'cluster.workersMaxExpandedWithFiveMasters',
  schema: profileValues.limit(1, 100_000),
  default: null,
  unit: 'nodes',
  description: 'Most workers that a cluster with five control-plane nodes may be expanded to.',
  sources: workersSources,
});

export const clusterWorkersDefault = profileKey({
  name: 'cluster.workersDefault',
  schema: profileValues.count(0, 100_000),
  default: 1,
  unit: 'nodes',
  description: 'Workers where the form says no number.',
  sources: ['CMP-03', 'Appendix B'],
});

export const kubeconfigDays = profileKey({
  name: 'kubeconfig.days',
  schema: profileValues.limit(1, 36_500),
  default: null,
  unit: 'days',
  description: 'How long a kubeconfig that was made for somebody is good.',
  sources: ['CMP-15', 'Appendix B'],
});

export const clusterCreationMinutes = profileKey({
  name: 'cluster.creationMinutes',
  schema: profileValues.limit(1, 1_440),
  default: null,
  unit: 'minutes',
  description: 'How long making a cluster usually takes, for people who wait.',
  sources: ['CMP-07', 'Appendix B'],
});

export const clusterCreationStalledMinutes = profileKey({
  name: 'cluster.creationStalledMinutes',
  schema: profileValues.limit(1, 1_440),
  default: null,
  unit: 'minutes',
  description: 'After how long without a first step making a cluster has failed.',
  sources: ['CMP-08', 'Appendix B'],
});

export const clusterServiceMesh = profileKey({
  name: 'cluster.serviceMesh',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether a new cluster has a service mesh where the form says nothing.',
  sources: ['CMP-02', 'CMP-16', 'Appendix B'],
});

export const clusterLogService = profileKey({
  name: 'cluster.logService',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether a new cluster has a log service where the form says nothing.',
  sources: ['CMP-02', 'CMP-16', 'Appendix B'],
});

export const clusterFeaturesBySwitch = profileKey({
  name: 'cluster.featuresBySwitch',
  schema: profileValues.onOff(),
  default: false,
  description:
    'Whether the service mesh and the log service of a cluster are used only once an administrator has switched them on; else whatever is there is used until one switches it off.',
  sources: ['CMP-02', 'CMP-16', 'Appendix A'],
});

export const clusterBandwidthMax = profileKey({
  name: 'cluster.bandwidth.max',
  schema: profileValues.limit(1, 1_000_000),
  default: null,
  unit: 'Mbps',
  description: 'Most bandwidth of the public addresses of a new cluster.',
  sources: ['CMP-03', 'Appendix B'],
});

export const clusterBandwidthDefault = profileKey({
  name: 'cluster.bandwidth.default',
  schema: profileValues.count(1, 1_000_000),
  default: 1,
  unit: 'Mbps',
  description: 'Bandwidth of the public addresses of a new cluster where the form says none.',
  sources: ['CMP-03', 'Appendix B'],
});

export const clusterKeys = [
  clusterServiceMesh,
  clusterLogService,
  clusterFeaturesBySwitch,
  clusterBandwidthMax,
  clusterBandwidthDefault,
  kubernetesVersions,
  clusterCreatable,
  clusterDeletable,
  clusterUpdatable,
  clusterExpandable,
  clusterMasterCounts,
  clusterMastersDefault,
  clusterWorkersMax,
  clusterWorkersMaxWithOneMaster,
  clusterWorkersMaxExpandedWithThreeMasters,
  clusterWorkersMaxExpandedWithFiveMasters,
  clusterWorkersDefault,
  kubeconfigDays,
  clusterCreationMinutes,
  clusterCreationStalledMinutes,
];
