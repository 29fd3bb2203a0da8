import { enumRef, type InputTypeRef, inputRef, type LongshoreBuilder, registerEnum } from 'longshore/sdk';
import type { ContainerForm, PortForm } from '../../services/form/containers.ts';
import type { LogCollectionForm } from '../../services/form/log-collection.ts';
import type { ResourceListForm } from '../../services/form/resources.ts';
import type { SecurityForm } from '../../services/form/security.ts';
import type { MountForm } from '../../services/form/volumes.ts';
import { bulkSourceInputRef, variableInputRef } from './environment-input.ts';
import { handlerInputRef, probeInputRef } from './probe-input.ts';

export const containerInputRef: InputTypeRef<ContainerForm> = inputRef<ContainerForm>('ContainerInput');
const portInputRef = inputRef<PortForm>('ContainerPortInput');
const resourceListInputRef = inputRef<ResourceListForm>('ResourceListInput');
const amountInputRef = inputRef<{ name: string; quantity?: string | null }>('ResourceAmountInput');
const mountInputRef = inputRef<MountForm>('VolumeMountInput');
const securityInputRef = inputRef<SecurityForm>('ContainerSecurityInput');
const logCollectionInputRef = inputRef<LogCollectionForm>('LogCollectionInput');
const logFilesInputRef = inputRef<{ directory: string; pattern: string }>('LogFilesInput');
const pullPolicyRef = enumRef<'ALWAYS' | 'IF_NOT_PRESENT' | 'NEVER'>('ImagePullPolicy');
const protocolRef = enumRef<'TCP' | 'UDP' | 'SCTP'>('PortProtocol');

/** What a field of a changed workload does with the entry of this name. */
export const removeDescription = 'Takes the entry of this name away. Only where a workload is changed.';

export function registerContainerInput(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ImagePullPolicy', 'When a node pulls an image.', {
    ALWAYS: 'Each time a container starts.',
    IF_NOT_PRESENT: 'Where it has none.',
    NEVER: 'Never: it must have one.',
  });
  registerEnum(builder, 'PortProtocol', 'What is spoken at a port.', { TCP: 'TCP.', UDP: 'UDP.', SCTP: 'SCTP.' });
  registerAmounts(builder);
  registerParts(builder);
  registerLogCollection(builder);
  builder.inputType('ContainerInput', {
    description:
      'A container. Where a workload is changed, the container of this name gets what is given and keeps the rest; one of a new name is added.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'Its name, unique in the pod (RFC 1123 label).' }),
      newName: t.string({
        description: 'Another name for it, where a workload is changed and the profile allows that (CON-45).',
      }),
      remove: t.boolean({ description: removeDescription }),
      image: t.string({ description: 'Image with its tag or digest. A new container needs one.' }),
      imagePullPolicy: t.field({ type: pullPolicyRef, description: 'When a node pulls it.' }),
      command: t.stringList({
        description: "In place of the image's entry point, each word by itself; `args` follow it.",
      }),
      args: t.stringList({
        description: "In place of the image's arguments; `$(NAME)` stands for an environment variable.",
      }),
      workingDir: t.string({ description: "In place of the image's working directory." }),
      stdin: t.boolean({ description: 'Keep its standard input open.' }),
      tty: t.boolean({ description: 'Give it a terminal; needs `stdin`.' }),
      ports: t.field({ type: [portInputRef], description: 'Ports it announces, merged by port and protocol.' }),
      requests: t.field({
        type: resourceListInputRef,
        description: 'What it is sure to get; the scheduler goes by it.',
      }),
      limits: t.field({ type: resourceListInputRef, description: 'What it gets at most.' }),
      env: t.field({
        type: [variableInputRef],
        description: 'Environment variables, merged by name; the profile says how many (`env.maxPerContainer`).',
      }),
      envFrom: t.field({
        type: [bulkSourceInputRef],
        description: 'ConfigMaps and Secrets whose keys all become variables; `env` wins over them. The whole list.',
      }),
      livenessProbe: t.field({ type: probeInputRef, description: 'When it fails, the container is started again.' }),
      readinessProbe: t.field({ type: probeInputRef, description: 'While it fails, the pod gets no traffic.' }),
      startupProbe: t.field({ type: probeInputRef, description: 'Until it passes, no other probe runs.' }),
      postStart: t.field({ type: handlerInputRef, description: 'Runs right after the container was made.' }),
      preStop: t.field({
        type: handlerInputRef,
        description: 'Runs before the container is stopped, within the termination grace period.',
      }),
      volumeMounts: t.field({
        type: [mountInputRef],
        description: 'Where it sees volumes of the pod, merged by path.',
      }),
      logDirectories: t.stringList({
        description:
          'Paths in the container for logs that are folders of its host: fast, and kept over restarts of the container, until the pod ends (CMP-55). The whole list.',
      }),
      dataDirectories: t.stringList({ description: 'The same for data.' }),
      logCollection: t.field({
        type: logCollectionInputRef,
        description:
          'What is collected of its logs (CMP-63); null ends it. Told to collectors by the annotation `longshore.dev/log-collection` of its pods.',
      }),
      monitoringDirectory: t.string({
        description:
          'Absolute path, up to 255 characters, to which it writes what it tells of its business, apart from all that is mounted. A collector beside it reads that (`pluginSettings.compute.monitoring`); null takes it away. Pods with and without a collector are others: they are made anew (CMP-113). Not of what ends: Jobs and init containers.',
      }),
      securityContext: t.field({ type: securityInputRef, description: 'As whom it runs, and what it may.' }),
    }),
  });
}

function registerLogCollection(builder: LongshoreBuilder): void {
  builder.inputType('LogFilesInput', {
    description: 'Files of a container that are collected.',
    fields: (t) => ({
      directory: t.string({ required: true, description: 'Absolute path in the container, e.g. `/home/admin`.' }),
      pattern: t.string({ required: true, description: 'Names of files, e.g. `*.log`.' }),
    }),
  });
  builder.inputType('LogCollectionInput', {
    description: 'What is collected of a container’s logs. Nothing limits how much it writes but the container itself.',
    fields: (t) => ({
      standardOutput: t.boolean({ description: 'Its standard output and error; true where not given.' }),
      files: t.field({ type: [logFilesInputRef], description: 'Its files.' }),
      logStore: t.string({ description: 'Name of the log store that keeps them.' }),
      retentionDays: t.int({
        description:
          "Days that they are kept, up to `logstore.retentionDaysMax`; the profile's `logs.retentionDays` where not given.",
      }),
    }),
  });
}

function registerAmounts(builder: LongshoreBuilder): void {
  builder.inputType('ResourceAmountInput', {
    description: 'An amount of another resource, e.g. of GPUs.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'Name of the resource, e.g. `nvidia.com/gpu`.' }),
      quantity: t.field({ type: 'Quantity', description: 'How much; null takes it away.' }),
    }),
  });
  builder.inputType('ResourceListInput', {
    description: 'Amounts of what a container uses. 1 core is 1000m; units of memory go by 1024 with `Ki`, `Mi`, `Gi`.',
    fields: (t) => ({
      cpu: t.field({ type: 'Quantity', description: 'CPU in cores, e.g. `500m`.' }),
      memory: t.field({ type: 'Quantity', description: 'Memory in bytes, e.g. `256Mi`.' }),
      ephemeralStorage: t.field({ type: 'Quantity', description: 'Disk of the node in bytes.' }),
      others: t.field({ type: [amountInputRef], description: 'Other resources, merged by name.' }),
    }),
  });
}

function registerParts(builder: LongshoreBuilder): void {
  builder.inputType('ContainerPortInput', {
    description: 'A port that a container announces.',
    fields: (t) => ({
      containerPort: t.int({ required: true, description: 'Port in the pod, 1 to 65535.' }),
      protocol: t.field({ type: protocolRef, description: 'TCP where it is not given.' }),
      name: t.string({ description: 'Its name, by which probes and Services may refer to it.' }),
      hostPort: t.int({ description: 'Port of the node that it takes.' }),
      remove: t.boolean({ description: removeDescription }),
    }),
  });
  builder.inputType('VolumeMountInput', {
    description: 'Where a container sees a volume.',
    fields: (t) => ({
      mountPath: t.string({
        required: true,
        description:
          'Absolute path in the container; not one of `volume.forbiddenMountPaths`. What the image has there is hidden.',
      }),
      name: t.string({ description: "The volume's name in `volumes`. A new mount needs one." }),
      subPath: t.string({ description: 'Path in the volume in place of its root.' }),
      isReadOnly: t.boolean({
        description: 'Whether it can only be read. Files of ConfigMaps and Secrets always are.',
      }),
      remove: t.boolean({ description: removeDescription }),
    }),
  });
  builder.inputType('ContainerSecurityInput', {
    description: 'As whom a container runs, and what it may (core/v1 SecurityContext).',
    fields: (t) => ({
      runAsNonRoot: t.boolean({
        description: 'Refuse to start as root: needs `runAsUser` above 0, or a user in the image.',
      }),
      runAsUser: t.field({ type: 'SafeInt', description: 'Number of the user.' }),
      runAsGroup: t.field({ type: 'SafeInt', description: 'Number of the group.' }),
      readOnlyRootFilesystem: t.boolean({ description: 'Whether only mounts can be written.' }),
      privileged: t.boolean({ description: "All rights of the node's root. For administrators." }),
      allowPrivilegeEscalation: t.boolean({ description: 'Whether a process may get more rights than its parent.' }),
      addCapabilities: t.stringList({ description: 'Linux capabilities it has besides, e.g. `NET_BIND_SERVICE`.' }),
      dropCapabilities: t.stringList({ description: 'Linux capabilities it does not have, e.g. `ALL`.' }),
    }),
  });
}
