import { type LongshoreBuilder, named, registerEnum, typeRef } from 'longshore/sdk';
import type { EnvironmentFacts } from '../services/container-environment.ts';
import type { ContainerStateFacts } from '../services/container-state.ts';
import type { ContainerSpec } from '../services/containers.ts';

type Port = NonNullable<ContainerSpec['ports']>[number];
type Mount = NonNullable<ContainerSpec['volumeMounts']>[number];
type EnvFrom = NonNullable<ContainerSpec['envFrom']>[number];

export const containerPortRef = typeRef<Port>('ContainerPort');
export const volumeMountRef = typeRef<Mount>('VolumeMount');
export const environmentVariableRef = typeRef<EnvironmentFacts>('EnvironmentVariable');
export const environmentSourceRef = typeRef<EnvFrom>('EnvironmentBulkSource');
export const containerStateDetailsRef = typeRef<ContainerStateFacts>('ContainerStateDetails');

/** What a container is made of. */
export function registerContainerParts(builder: LongshoreBuilder): void {
  builder.objectType(containerPortRef, {
    description: 'A port that a container announces. It is information: other ports may listen too.',
    fields: (t) => ({
      name: t.string({
        nullable: true,
        description: 'Its name, by which Services may refer to it.',
        resolve: (p) => p.name ?? null,
      }),
      containerPort: t.exposeInt('containerPort', { description: 'Port in the pod, 1 to 65535.' }),
      hostPort: t.int({
        nullable: true,
        description: 'Port on the node, where it takes one.',
        resolve: (p) => p.hostPort ?? null,
      }),
      protocol: t.string({ description: '`TCP`, `UDP` or `SCTP`.', resolve: (p) => p.protocol ?? 'TCP' }),
    }),
  });
  builder.objectType(volumeMountRef, {
    description: 'Where a container sees a volume of its pod.',
    fields: (t) => ({
      name: t.exposeString('name', { description: "The volume's name in the pod." }),
      mountPath: t.exposeString('mountPath', { description: 'Path in the container.' }),
      subPath: t.string({
        nullable: true,
        description: 'Path in the volume that is mounted; its root where it is null.',
        resolve: (mount) => mount.subPath ?? mount.subPathExpr ?? null,
      }),
      isReadOnly: t.boolean({
        description: 'Whether it can only be read.',
        resolve: (mount) => mount.readOnly === true,
      }),
    }),
  });
  registerEnvironment(builder);
  registerContainerState(builder);
}

function registerEnvironment(builder: LongshoreBuilder): void {
  registerEnum(builder, 'EnvironmentVariableSource', 'Where the value of an environment variable comes from.', {
    LITERAL: 'It stands in the pod itself.',
    CONFIG_MAP_KEY: 'A key of a ConfigMap.',
    SECRET_KEY: 'A key of a Secret.',
    POD_FIELD: 'A field of the pod, e.g. `status.podIP`.',
    RESOURCE_FIELD: "A container's request or limit.",
    FILE_KEY: 'A key of an environment file in a volume.',
    UNKNOWN: 'Something that this version does not know.',
  });
  builder.objectType(environmentVariableRef, {
    description: 'An environment variable of a container.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name.' }),
      source: t.field({
        type: named('EnvironmentVariableSource'),
        description: 'Where its value comes from.',
        resolve: (variable) => variable.source as never,
      }),
      value: t.string({
        nullable: true,
        description: 'Its value, only where that stands in the pod itself. Never a value of a Secret.',
        resolve: (variable) => variable.value ?? null,
      }),
      sourceName: t.string({
        nullable: true,
        description: 'Name of the ConfigMap, Secret, container or volume it comes from.',
        resolve: (variable) => variable.sourceName ?? null,
      }),
      sourceKey: t.string({
        nullable: true,
        description: 'Key or field path there.',
        resolve: (variable) => variable.sourceKey ?? null,
      }),
    }),
  });
  registerEnum(builder, 'EnvironmentBulkSourceType', 'What all keys are taken from.', {
    CONFIG_MAP: 'All keys of a ConfigMap.',
    SECRET: 'All keys of a Secret.',
    UNKNOWN: 'Something that this version does not know.',
  });
  builder.objectType(environmentSourceRef, {
    description: 'A ConfigMap or Secret whose keys all become environment variables (`envFrom`).',
    fields: (t) => ({
      type: t.field({
        type: named('EnvironmentBulkSourceType'),
        description: 'What it is.',
        resolve: (source) => (source.configMapRef ? 'CONFIG_MAP' : source.secretRef ? 'SECRET' : 'UNKNOWN') as never,
      }),
      name: t.string({
        nullable: true,
        description: 'Its name, in the namespace of the pod.',
        resolve: (source) => source.configMapRef?.name ?? source.secretRef?.name ?? null,
      }),
      prefix: t.string({ description: 'Put before each key; may be empty.', resolve: (source) => source.prefix ?? '' }),
      isOptional: t.boolean({
        description: 'Whether the container starts without it.',
        resolve: (source) => (source.configMapRef?.optional ?? source.secretRef?.optional) === true,
      }),
    }),
  });
}

function registerContainerState(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ContainerState', 'What a container does.', {
    WAITING: 'Not started: its image is pulled, it waits for others, or for its next try.',
    RUNNING: 'It runs.',
    TERMINATED: 'It has ended.',
    UNKNOWN: 'The kubelet has not said anything about it.',
  });
  builder.objectType(containerStateDetailsRef, {
    description: 'A state of a container.',
    fields: (t) => ({
      state: t.field({ type: named('ContainerState'), description: 'Which one.', resolve: (s) => s.state as never }),
      reason: t.string({
        nullable: true,
        description: 'Why, in one word, e.g. `OOMKilled`.',
        resolve: (s) => s.reason ?? null,
      }),
      message: t.string({ nullable: true, description: 'Why, in a sentence.', resolve: (s) => s.message ?? null }),
      exitCode: t.int({
        nullable: true,
        description: 'Exit code; null while it has not ended.',
        resolve: (s) => s.exitCode ?? null,
      }),
      signal: t.int({
        nullable: true,
        description: 'Number of the signal that ended it.',
        resolve: (s) => s.signal || null,
      }),
      startedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it started.',
        resolve: (s) => s.startedAt ?? null,
      }),
      finishedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it ended.',
        resolve: (s) => s.finishedAt ?? null,
      }),
    }),
  });
}
