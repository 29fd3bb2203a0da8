import { profileKey, profileValues } from 'longshore/sdk';

export const podCreate = profileKey({
  name: 'pod.create',
  schema: profileValues.onOff(),
  default: true,
  description: 'Whether a pod may be made without a workload.',
  sources: ['CON-08', 'CMP-85'],
});

export const podEditYaml = profileKey({
  name: 'pod.editYaml',
  schema: profileValues.onOff(),
  default: true,
  description: "Whether a pod's YAML may be changed, or only seen.",
  sources: ['CON-08', 'CMP-86'],
});

export const podRuntimes = profileKey({
  name: 'pod.runtimes',
  schema: profileValues.someOf('RUNC', 'KATA', 'SECURE_SANDBOX'),
  default: ['RUNC', 'KATA', 'SECURE_SANDBOX'],
  description: 'What containers may run in.',
  sources: ['CMP-46'],
});

export const podSandboxRuntimeClass = profileKey({
  name: 'pod.sandboxRuntimeClass',
  schema: profileValues.textOrNone(),
  default: 'kata',
  description: 'RuntimeClass of containers that run in KATA or SECURE_SANDBOX; null: the cluster has none.',
  sources: ['CMP-46'],
});

export const terminalIdleTimeoutSeconds = profileKey({
  name: 'terminal.idleTimeoutSeconds',
  schema: profileValues.limit(1, 604_800),
  default: null,
  unit: 'seconds',
  description: 'How long a terminal stays open in which nothing happens.',
  sources: ['CON-31', 'CMP-109'],
});

export const volumeTypes = profileKey({
  name: 'volume.types',
  schema: profileValues.someOf(
    'EMPTY_DIR',
    'CONFIG_MAP',
    'SECRET',
    'HOST_PATH',
    'PERSISTENT_VOLUME_CLAIM',
    'CLASS_TEMPLATE',
    'DATA_VOLUME',
    'CLOUD_DISK',
    'LOG_DIRECTORY',
    'DATA_DIRECTORY',
    'MONITORING_DIRECTORY',
  ),
  default: [
    'EMPTY_DIR',
    'CONFIG_MAP',
    'SECRET',
    'HOST_PATH',
    'PERSISTENT_VOLUME_CLAIM',
    'CLASS_TEMPLATE',
    'DATA_VOLUME',
    'CLOUD_DISK',
    'LOG_DIRECTORY',
    'DATA_DIRECTORY',
    'MONITORING_DIRECTORY',
  ],
  description: 'Volumes that a pod may have.',
  sources: ['CON-12', 'CMP-52'],
});

export const volumeYamlOnlyTypes = profileKey({
  name: 'volume.yamlOnlyTypes',
  schema: profileValues.someOf('HOST_PATH', 'PERSISTENT_VOLUME_CLAIM', 'CLASS_TEMPLATE'),
  default: [],
  description: 'Those of them that no form offers.',
  sources: ['CON-12', 'CMP-52'],
});

export const volumeClaimKinds = profileKey({
  name: 'volume.claimKinds',
  schema: profileValues.someOf('DEPLOYMENT', 'STATEFUL_SET', 'DAEMON_SET', 'JOB', 'CRON_JOB', 'POD', 'TAPP'),
  default: ['DEPLOYMENT', 'STATEFUL_SET', 'DAEMON_SET', 'JOB', 'CRON_JOB', 'POD', 'TAPP'],
  description: 'Kinds of workloads whose pods may mount a claim that is there; claims of their own are another thing.',
  sources: ['CMP-52'],
});

export const volumeForbiddenMountPaths = profileKey({
  name: 'volume.forbiddenMountPaths',
  schema: profileValues.words(),
  default: [
    '/',
    '/bin',
    '/dev',
    '/etc',
    '/lib',
    '/lib64',
    '/proc',
    '/run',
    '/sbin',
    '/sys',
    '/usr',
    '/var',
    '/var/run',
  ],
  description: 'Folders of a container that nothing may be mounted at.',
  sources: ['CMP-53'],
});

export const ispLabel = profileKey({
  name: 'label.isp',
  schema: profileValues.textOrNone(),
  default: 'longshore.dev/isp',
  description: 'Label of nodes that names the carrier whose line leads to them; null: nobody says it.',
  sources: ['CMP-84'],
});

export const podKeys = [
  ispLabel,
  podCreate,
  podEditYaml,
  podRuntimes,
  podSandboxRuntimeClass,
  terminalIdleTimeoutSeconds,
  volumeTypes,
  volumeYamlOnlyTypes,
  volumeClaimKinds,
  volumeForbiddenMountPaths,
];
