import { type LongshoreBuilder, named, typeRef } from 'longshore/sdk';
import { describeEnvironment } from '../services/container-environment.ts';
import { describeContainerState } from '../services/container-state.ts';
import type { ContainerView } from '../services/containers.ts';
import { monitoringDirectoryOf } from '../services/form/monitoring.ts';
import { describeProbe, type ProbeSpec } from '../services/probe-facts.ts';
import {
  containerPortRef,
  containerStateDetailsRef,
  environmentSourceRef,
  environmentVariableRef,
  volumeMountRef,
} from './container-parts.ts';
import { containerSecurityRef, lifecycleHandlerRef } from './container-settings.ts';
import { probeRef } from './probe.ts';
import { resourceListRef } from './resource-list.ts';

export const containerRef = typeRef<ContainerView>('Container');

const stateOf = (view: ContainerView) => describeContainerState(view.status?.state);
const probeOf = (probe: ProbeSpec | undefined) => (probe ? describeProbe(probe) : null);

export function registerContainer(builder: LongshoreBuilder): void {
  builder.objectType(containerRef, {
    description: 'A container of a pod: what it should be, and what the kubelet last said about it.',
    fields: (t) => ({
      name: t.string({ description: 'Its name, unique in the pod.', resolve: (c) => c.spec.name }),
      image: t.string({
        description: 'Image as the pod names it; empty where it names none.',
        resolve: (c) => c.spec.image ?? '',
      }),
      imageID: t.string({
        nullable: true,
        description: 'The image that runs, with its digest; null until it was pulled.',
        resolve: (c) => c.status?.imageID || null,
      }),
      imagePullPolicy: t.string({
        nullable: true,
        description: '`Always`, `IfNotPresent` or `Never`.',
        resolve: (c) => c.spec.imagePullPolicy ?? null,
      }),
      isSidecar: t.boolean({
        description:
          'Whether it is an init container that goes on running beside the main ones (`restartPolicy: Always`).',
        resolve: (c) => c.isSidecar,
      }),
      command: t.stringList({
        description: "Entry point in place of the image's.",
        resolve: (c) => [...(c.spec.command ?? [])],
      }),
      args: t.stringList({
        description: "Arguments in place of the image's.",
        resolve: (c) => [...(c.spec.args ?? [])],
      }),
      monitoringDirectory: t.string({
        nullable: true,
        description:
          'Where it writes what it tells of its business, for the collector beside it; null where it does not (CMP-113).',
        resolve: (c) => monitoringDirectoryOf(c.spec) ?? null,
      }),
      workingDir: t.string({
        nullable: true,
        description: "Working directory in place of the image's.",
        resolve: (c) => c.spec.workingDir ?? null,
      }),
      state: t.field({
        type: named('ContainerState'),
        description: 'What it does now.',
        resolve: (c) => stateOf(c).state as never,
      }),
      stateReason: t.string({
        nullable: true,
        description: 'Why it waits or has ended, in one word, e.g. `CrashLoopBackOff`, `Completed`.',
        resolve: (c) => stateOf(c).reason ?? null,
      }),
      stateMessage: t.string({
        nullable: true,
        description: 'Why it waits or has ended, in a sentence.',
        resolve: (c) => stateOf(c).message ?? null,
      }),
      isReady: t.boolean({
        description: 'Whether its readiness probe passes; without one, whether it runs.',
        resolve: (c) => c.status?.ready === true,
      }),
      isStarted: t.boolean({
        description: 'Whether it has started and its startup probe has passed.',
        resolve: (c) => c.status?.started === true,
      }),
      restartCount: t.int({
        description: 'How often it was started again.',
        resolve: (c) => c.status?.restartCount ?? 0,
      }),
      startedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it last started; null while it waits.',
        resolve: (c) => stateOf(c).startedAt ?? null,
      }),
      finishedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it ended; null unless it has.',
        resolve: (c) => stateOf(c).finishedAt ?? null,
      }),
      exitCode: t.int({
        nullable: true,
        description: 'Exit code; null unless it has ended.',
        resolve: (c) => stateOf(c).exitCode ?? null,
      }),
      lastState: t.field({
        type: containerStateDetailsRef,
        nullable: true,
        description: 'How its previous run ended; null where it was never started again.',
        resolve: (c) => (c.status?.lastState?.terminated ? describeContainerState(c.status.lastState) : null),
      }),
      ports: t.field({
        type: [containerPortRef],
        description: 'Ports it announces.',
        resolve: (c) => [...(c.spec.ports ?? [])],
      }),
      env: t.field({
        type: [environmentVariableRef],
        description: 'Its environment variables, in their order.',
        resolve: (c) => (c.spec.env ?? []).map(describeEnvironment),
      }),
      envFrom: t.field({
        type: [environmentSourceRef],
        description: 'ConfigMaps and Secrets whose keys all become variables.',
        resolve: (c) => [...(c.spec.envFrom ?? [])],
      }),
      requests: t.field({
        type: resourceListRef,
        description: 'What is reserved for it on the node.',
        resolve: (c) => c.spec.resources?.requests ?? {},
      }),
      limits: t.field({
        type: resourceListRef,
        description: 'What it may use at most.',
        resolve: (c) => c.spec.resources?.limits ?? {},
      }),
      volumeMounts: t.field({
        type: [volumeMountRef],
        description: 'Where it sees volumes of the pod.',
        resolve: (c) => [...(c.spec.volumeMounts ?? [])],
      }),
      livenessProbe: t.field({
        type: probeRef,
        nullable: true,
        description: 'When it fails the container is started again.',
        resolve: (c) => probeOf(c.spec.livenessProbe),
      }),
      readinessProbe: t.field({
        type: probeRef,
        nullable: true,
        description: 'While it fails the pod gets no traffic.',
        resolve: (c) => probeOf(c.spec.readinessProbe),
      }),
      postStart: t.field({
        type: lifecycleHandlerRef,
        nullable: true,
        description: 'Runs right after it was made.',
        resolve: (c) => c.spec.lifecycle?.postStart ?? null,
      }),
      preStop: t.field({
        type: lifecycleHandlerRef,
        nullable: true,
        description: 'Runs before it is stopped.',
        resolve: (c) => c.spec.lifecycle?.preStop ?? null,
      }),
      securityContext: t.field({
        type: containerSecurityRef,
        nullable: true,
        description: 'As whom it runs, and what it may; null where nothing is said.',
        resolve: (c) => c.spec.securityContext ?? null,
      }),
      stdin: t.boolean({
        description: 'Whether its standard input stays open.',
        resolve: (c) => c.spec.stdin === true,
      }),
      tty: t.boolean({ description: 'Whether it has a terminal.', resolve: (c) => c.spec.tty === true }),
      startupProbe: t.field({
        type: probeRef,
        nullable: true,
        description: 'Until it passes no other probe runs.',
        resolve: (c) => probeOf(c.spec.startupProbe),
      }),
    }),
  });
}
