import { enumRef, type InputTypeRef, inputRef, type LongshoreBuilder, named, registerEnum } from 'longshore/sdk';
import { claimTemplateInputRef } from '../../api.ts';
import type { CronJobForm, JobForm } from '../../services/form/jobs.ts';
import type { BarePodForm, DaemonSetForm, DeploymentForm, KindForm } from '../../services/form/kinds.ts';
import type { AccessMode, StatefulSetForm } from '../../services/form/stateful-set.ts';
import type {
  PodReplacement,
  PodReplacementForm,
  UpgradeStrategyForm,
  UpgradeStrategyName,
} from '../../services/form/strategies.ts';
import { advancedStatefulSetInputRef, cloneSetInputRef, registerEngineKindInput } from './engine-kind-input.ts';

export const kindInputRef: InputTypeRef<KindForm> = inputRef<KindForm>('WorkloadKindInput');
const deploymentInputRef = inputRef<DeploymentForm>('DeploymentInput');
const statefulSetInputRef = inputRef<StatefulSetForm>('StatefulSetInput');
const daemonSetInputRef = inputRef<DaemonSetForm>('DaemonSetInput');
const jobInputRef = inputRef<JobForm>('JobInput');
const cronJobInputRef = inputRef<CronJobForm>('CronJobInput');
const podInputRef = inputRef<BarePodForm>('BarePodInput');
const strategyInputRef = inputRef<UpgradeStrategyForm>('UpgradeStrategyInput');
const replacementInputRef = inputRef<PodReplacementForm>('PodReplacementInput');
const strategyRef = enumRef<UpgradeStrategyName>('UpgradeStrategy');
const replacementRef = enumRef<PodReplacement>('PodReplacement');
const accessModeRef = enumRef<AccessMode>('VolumeAccessMode');

const replicas =
  "Pods wanted of a new workload, by `replicas.min` and `replicas.max`; the profile's `replicas.default` where not given. Later it is scaled.";
const minReady = 'Seconds a pod must be ready to count as available.';
const history = 'Earlier versions kept to go back to.';

export function registerKindInput(builder: LongshoreBuilder): void {
  registerStrategies(builder);
  registerSets(builder);
  registerJobs(builder);
  registerEngineKindInput(builder, { replicas, minReady, history });
  builder.inputType('BarePodInput', {
    description: 'A pod without a workload: nobody replaces it.',
    fields: (t) => ({
      activeDeadlineSeconds: t.field({ type: 'SafeInt', description: 'Seconds after which it is ended.' }),
    }),
  });
  builder.inputType('WorkloadKindInput', {
    description:
      'The kind of a workload, with what is of that kind alone; the profile says which may be made (`workload.kinds`).',
    isOneOf: true,
    fields: (t) => ({
      deployment: t.field({ type: deploymentInputRef, description: 'Pods that are alike and exchangeable (apps/v1).' }),
      statefulSet: t.field({
        type: statefulSetInputRef,
        description: 'Pods with names and disks of their own (apps/v1).',
      }),
      daemonSet: t.field({ type: daemonSetInputRef, description: 'A pod on each node (apps/v1).' }),
      job: t.field({ type: jobInputRef, description: 'Pods that run until their work is done (batch/v1).' }),
      cronJob: t.field({ type: cronJobInputRef, description: 'Jobs at given times (batch/v1).' }),
      advancedStatefulSet: t.field({
        type: advancedStatefulSetInputRef,
        description:
          'A TApp: numbered pods that are killed, started and updated one by one (apps.kruise.io/v1beta1). Needs OpenKruise; TAPP in profiles.',
      }),
      cloneSet: t.field({
        type: cloneSetInputRef,
        description:
          'Pods that are alike, updated in place or in parts (apps.kruise.io/v1alpha1). Needs OpenKruise; TAPP in profiles.',
      }),
      pod: t.field({ type: podInputRef, description: 'A pod without a workload (v1).' }),
    }),
  });
}

function registerStrategies(builder: LongshoreBuilder): void {
  registerEnum(
    builder,
    'UpgradeStrategy',
    'How a Deployment brings a new version out; the profile offers some (`upgrade.strategies`).',
    {
      ROLLING: 'Some pods at a time, within `maxUnavailable` and `maxSurge`.',
      RECREATE: 'All old pods go before new ones come: the service is interrupted.',
      REPLACE: 'Rolls with new pods, within `maxUnavailable` and `maxSurge`.',
      START_THEN_STOP: 'Starts `batchSize` new pods, then stops as many old ones.',
      STOP_THEN_START: 'Stops `batchSize` old pods, then starts as many new ones.',
      CUSTOM: '`maxSurge` and `maxUnavailable` as they are given.',
    },
  );
  registerEnum(builder, 'PodReplacement', 'How a StatefulSet or DaemonSet brings a new version out.', {
    ROLLING: 'One after the other, within `maxUnavailable`.',
    ON_DELETE: 'A pod is replaced when somebody deletes it.',
  });
  builder.inputType('UpgradeStrategyInput', {
    description: 'How a Deployment brings a new version out, with the numbers that its type uses.',
    fields: (t) => ({
      type: t.field({ type: strategyRef, required: true, description: 'Which one.' }),
      maxUnavailable: t.field({
        type: 'IntOrString',
        description:
          'Pods that may be missing, or a percentage; of ROLLING, REPLACE, CUSTOM. All of them: ALL_PODS_UNAVAILABLE.',
      }),
      maxSurge: t.field({
        type: 'IntOrString',
        description: 'Pods above the wanted number, or a percentage; of ROLLING, REPLACE, CUSTOM.',
      }),
      batchSize: t.int({
        description:
          "Pods at once, of START_THEN_STOP and STOP_THEN_START; the profile's `upgrade.batchSize` where not given.",
      }),
      intervalSeconds: t.int({
        description: 'Seconds between two batches, as `minReadySeconds`; `upgrade.intervalSeconds` where not given.',
      }),
    }),
  });
  builder.inputType('PodReplacementInput', {
    description: 'How a StatefulSet or DaemonSet brings a new version out.',
    fields: (t) => ({
      type: t.field({ type: replacementRef, required: true, description: 'Which one.' }),
      maxUnavailable: t.field({
        type: 'IntOrString',
        description: 'Pods that may be missing, or a percentage; of ROLLING. All of them: ALL_PODS_UNAVAILABLE.',
      }),
      partition: t.int({ description: 'Pods below this number keep the old version; of ROLLING of a StatefulSet.' }),
    }),
  });
}

function registerSets(builder: LongshoreBuilder): void {
  registerEnum(builder, 'VolumeAccessMode', 'Who may use a disk at once.', {
    READ_WRITE_ONCE: 'One node reads and writes it.',
    READ_ONLY_MANY: 'Many nodes read it.',
    READ_WRITE_MANY: 'Many nodes read and write it.',
    READ_WRITE_ONCE_POD: 'One pod reads and writes it.',
  });
  builder.inputType('DeploymentInput', {
    description: 'What is of a Deployment alone.',
    fields: (t) => ({
      replicas: t.int({ description: replicas }),
      strategy: t.field({ type: strategyInputRef, description: 'How it brings a new version out.' }),
      minReadySeconds: t.int({ description: minReady }),
      progressDeadlineSeconds: t.int({ description: 'Seconds without progress after which a rollout has failed.' }),
      revisionHistoryLimit: t.int({ description: history }),
    }),
  });
  builder.inputType('ClaimTemplateInput', {
    description: 'A claim that each pod of a workload gets of its own.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'Its name, by which containers mount it.' }),
      storageClass: t.string({ description: "StorageClass; the cluster's default where not given." }),
      accessModes: t.field({ type: [accessModeRef], description: 'READ_WRITE_ONCE where not given.' }),
      size: t.field({ type: 'Quantity', required: true, description: 'Bytes, e.g. `20Gi`.' }),
    }),
  });
  builder.inputType('StatefulSetInput', {
    description: 'What is of a StatefulSet alone.',
    fields: (t) => ({
      replicas: t.int({ description: replicas }),
      serviceName: t.string({
        description: "Service that its pods' names belong to; its own name where not given. Fixed.",
      }),
      podManagementPolicy: t.field({
        type: named('PodManagementPolicy'),
        description: 'Whether pods come one after the other. Fixed.',
      }),
      strategy: t.field({ type: replacementInputRef, description: 'How it brings a new version out.' }),
      minReadySeconds: t.int({ description: minReady }),
      revisionHistoryLimit: t.int({ description: history }),
      volumeClaimTemplates: t.field({
        type: [claimTemplateInputRef],
        description: 'Claims that each pod gets of its own. Fixed.',
      }),
    }),
  });
  builder.inputType('DaemonSetInput', {
    description: 'What is of a DaemonSet alone.',
    fields: (t) => ({
      strategy: t.field({ type: replacementInputRef, description: 'How it brings a new version out.' }),
      minReadySeconds: t.int({ description: minReady }),
      revisionHistoryLimit: t.int({ description: history }),
    }),
  });
}

function registerJobs(builder: LongshoreBuilder): void {
  builder.inputType('JobInput', {
    description: 'What is of a Job alone (batch/v1).',
    fields: (t) => ({
      completions: t.int({ description: 'Pods that must succeed for it to be done.' }),
      parallelism: t.int({ description: 'Pods that run at once.' }),
      backoffLimit: t.int({ description: 'Most failed pods that are tried again.' }),
      activeDeadlineSeconds: t.field({ type: 'SafeInt', description: 'Seconds after which all its pods are stopped.' }),
      ttlSecondsAfterFinished: t.int({
        description: 'Seconds after its end until it is deleted; never where not given.',
      }),
      isSuspended: t.boolean({ description: 'Whether it waits.' }),
    }),
  });
  builder.inputType('CronJobInput', {
    description: 'What is of a CronJob alone (batch/v1).',
    fields: (t) => ({
      schedule: t.string({ description: 'When its Jobs start, as cron writes it: `0 3 * * *`. A new one needs it.' }),
      timeZone: t.string({ description: "IANA zone of the schedule; the cluster's where not given." }),
      concurrencyPolicy: t.field({
        type: named('ConcurrencyPolicy'),
        description: 'What happens when a run is due while the last one still runs.',
      }),
      startingDeadlineSeconds: t.field({ type: 'SafeInt', description: 'Seconds by which a run may be late.' }),
      isSuspended: t.boolean({ description: 'Whether no runs start.' }),
      successfulJobsHistoryLimit: t.int({ description: 'Jobs kept that succeeded.' }),
      failedJobsHistoryLimit: t.int({ description: 'Jobs kept that failed.' }),
      job: t.field({ type: jobInputRef, description: 'Its Jobs.' }),
    }),
  });
}
