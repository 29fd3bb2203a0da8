import { type LongshoreBuilder, typeRef } from 'longshore/sdk';
import type { ContainerSpec } from '../services/containers.ts';

type Handler = NonNullable<NonNullable<ContainerSpec['lifecycle']>['preStop']>;
type Security = NonNullable<ContainerSpec['securityContext']>;

export const lifecycleHandlerRef = typeRef<Handler>('LifecycleHandler');
export const containerSecurityRef = typeRef<Security>('ContainerSecurity');

/** What a container runs at moments of its life, and as whom. */
export function registerContainerSettings(builder: LongshoreBuilder): void {
  builder.objectType(lifecycleHandlerRef, {
    description: "What runs at a moment of a container's life: a command, an HTTP request, or a rest.",
    fields: (t) => ({
      command: t.stringList({
        description: 'The command and its arguments; empty where it is none.',
        resolve: ({ exec }) => [...(exec?.command ?? [])],
      }),
      path: t.string({
        nullable: true,
        description: 'Path of an HTTP request.',
        resolve: ({ httpGet }) => (httpGet ? (httpGet.path ?? '/') : null),
      }),
      port: t.field({
        type: 'IntOrString',
        nullable: true,
        description: 'Port of an HTTP request or a connection, or its name.',
        resolve: ({ httpGet, tcpSocket }) => httpGet?.port ?? tcpSocket?.port ?? null,
      }),
      sleepSeconds: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'Seconds that it rests.',
        resolve: ({ sleep }) => sleep?.seconds ?? null,
      }),
    }),
  });
  builder.objectType(containerSecurityRef, {
    description:
      'As whom a container runs, and what it may (core/v1 SecurityContext). Null: as its pod or its image says.',
    fields: (t) => ({
      runAsNonRoot: t.boolean({
        nullable: true,
        description: 'Whether it refuses to start as root.',
        resolve: (context) => context.runAsNonRoot ?? null,
      }),
      runAsUser: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'Number of its user.',
        resolve: (context) => context.runAsUser ?? null,
      }),
      runAsGroup: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'Number of its group.',
        resolve: (context) => context.runAsGroup ?? null,
      }),
      readOnlyRootFilesystem: t.boolean({
        description: 'Whether only mounts can be written.',
        resolve: (context) => context.readOnlyRootFilesystem === true,
      }),
      privileged: t.boolean({
        description: "Whether it has all rights of the node's root.",
        resolve: (context) => context.privileged === true,
      }),
      allowPrivilegeEscalation: t.boolean({
        nullable: true,
        description: 'Whether a process may get more rights than its parent.',
        resolve: (context) => context.allowPrivilegeEscalation ?? null,
      }),
      addCapabilities: t.stringList({
        description: 'Linux capabilities it has besides.',
        resolve: ({ capabilities }) => [...(capabilities?.add ?? [])],
      }),
      dropCapabilities: t.stringList({
        description: 'Linux capabilities it does not have.',
        resolve: ({ capabilities }) => [...(capabilities?.drop ?? [])],
      }),
    }),
  });
}
