import { profileKey, profileValues } from 'longshore/sdk';

export const workloadKinds = profileKey({
  name: 'workload.kinds',
  schema: profileValues.someOf('DEPLOYMENT', 'STATEFUL_SET', 'DAEMON_SET', 'JOB', 'CRON_JOB', 'POD', 'TAPP'),
  default: ['DEPLOYMENT', 'STATEFUL_SET', 'DAEMON_SET', 'JOB', 'CRON_JOB', 'POD', 'TAPP'],
  description: 'Kinds of workloads that may be made.',
  sources: ['CMP-44'],
});

export const workloadCreate = profileKey({
  name: 'workload.create',
  schema: profileValues.oneOf('FORM_AND_YAML', 'YAML_ONLY'),
  default: 'FORM_AND_YAML',
  description: 'How native workloads may be made and changed.',
  sources: ['CMP-44'],
});

export const workloadRollBackKinds = profileKey({
  name: 'workload.rollBackKinds',
  schema: profileValues.someOf('DEPLOYMENT', 'STATEFUL_SET', 'DAEMON_SET', 'TAPP'),
  default: ['DEPLOYMENT', 'STATEFUL_SET', 'DAEMON_SET', 'TAPP'],
  description: 'Kinds of workloads that may be rolled back to an earlier version.',
  sources: ['CMP-71', 'CMP-77'],
});

/** Kinds as CMP-71 has them; TAPP are the workloads whose pods are addressed one by one. */
const kindWords = ['DEPLOYMENT', 'STATEFUL_SET', 'DAEMON_SET', 'REPLICA_SET', 'JOB', 'CRON_JOB', 'TAPP'] as const;

/** The kinds of workloads that an operation is offered for: one key for each row of CMP-71. */
function kindsOfOperation(name: string, description: string) {
  return profileKey({
    name: `workload.${name}Kinds`,
    schema: profileValues.someOf(...kindWords),
    default: [...kindWords],
    description,
    sources: ['CMP-71'],
  });
}

export const workloadEditKinds = kindsOfOperation(
  'edit',
  'Kinds of workloads that may be changed: their form, labels and YAML.',
);
export const workloadStopKinds = kindsOfOperation('stop', 'Kinds of workloads that may be stopped and started.');
export const workloadRestartKinds = kindsOfOperation('restart', 'Kinds of workloads that may be deployed again.');
export const workloadScaleKinds = kindsOfOperation('scale', 'Kinds of workloads that may be scaled by hand.');
export const workloadPauseKinds = kindsOfOperation('pause', 'Kinds of workloads whose rollout may be paused.');

export const workloadStopStopped = profileKey({
  name: 'workload.stopStopped',
  schema: profileValues.oneOf('REFUSE', 'NOTHING'),
  default: 'REFUSE',
  description: 'What stopping does that is stopped, or has nothing to stop: it is refused, or nothing.',
  sources: ['CON-41', 'CMP-42', 'CMP-72'],
});

export const envMaxPerContainer = profileKey({
  name: 'env.maxPerContainer',
  schema: profileValues.limit(1, 10_000),
  default: null,
  unit: 'variables',
  description: 'Most environment variables of a container.',
  sources: ['CMP-47', 'Appendix B'],
});

export const resourcesRequired = profileKey({
  name: 'resources.required',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether a form must say what CPU and memory each container requests and may use at most.',
  sources: ['CMP-46'],
});

export const lifecycleHandlers = profileKey({
  name: 'lifecycle.handlers',
  schema: profileValues.someOf('EXEC', 'HTTP_GET'),
  default: ['EXEC', 'HTTP_GET'],
  description: 'What may run after the start of a container and before its end.',
  sources: ['CON-10', 'CMP-49'],
});

export const upgradeStrategies = profileKey({
  name: 'upgrade.strategies',
  schema: profileValues.someOf('ROLLING', 'RECREATE', 'REPLACE', 'START_THEN_STOP', 'STOP_THEN_START', 'CUSTOM'),
  default: ['ROLLING', 'RECREATE', 'REPLACE', 'START_THEN_STOP', 'STOP_THEN_START', 'CUSTOM'],
  description:
    'Ways to bring a new version of a Deployment out. RECREATE stops all first; REPLACE rolls with new pods.',
  sources: ['CMP-57', 'CON-11'],
});

export const upgradeStatefulStrategies = profileKey({
  name: 'upgrade.statefulStrategies',
  schema: profileValues.someOf('ROLLING', 'ON_DELETE'),
  default: ['ROLLING', 'ON_DELETE'],
  description: 'The same for a StatefulSet or DaemonSet.',
  sources: ['CMP-57'],
});

export const upgradeBatchSize = profileKey({
  name: 'upgrade.batchSize',
  schema: profileValues.count(1, 10_000),
  default: 1,
  unit: 'pods',
  description: 'Pods that are replaced at once where the form says no number.',
  sources: ['CMP-57', 'Appendix B'],
});

export const upgradeIntervalSeconds = profileKey({
  name: 'upgrade.intervalSeconds',
  schema: profileValues.count(0, 86_400),
  default: 0,
  unit: 'seconds',
  description: 'Time between two batches of an upgrade where the form says none.',
  sources: ['CMP-57', 'Appendix B'],
});

export const upgradeContainerNameEditable = profileKey({
  name: 'upgrade.containerNameEditable',
  schema: profileValues.onOff(),
  default: true,
  description: "Whether an upgrade may change a container's name.",
  sources: ['CON-45', 'CMP-75'],
});

export const imageNewestByDefault = profileKey({
  name: 'image.newestByDefault',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether a form proposes the newest version of an image.',
  sources: ['CMP-46', 'Appendix B'],
});

export const workloadKeys = [
  imageNewestByDefault,
  workloadKinds,
  workloadCreate,
  workloadRollBackKinds,
  workloadEditKinds,
  workloadStopKinds,
  workloadRestartKinds,
  workloadScaleKinds,
  workloadPauseKinds,
  workloadStopStopped,
  envMaxPerContainer,
  resourcesRequired,
  lifecycleHandlers,
  upgradeStrategies,
  upgradeStatefulStrategies,
  upgradeBatchSize,
  upgradeIntervalSeconds,
  upgradeContainerNameEditable,
];
