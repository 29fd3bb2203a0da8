import { type Label, labelTypeRef } from 'longshore/plugins/core';
import { enumValue, type LongshoreBuilder, named, typeRef } from 'longshore/sdk';
import { podTemplateTypeRef, workloadTypeRef } from '../api.ts';
import type { ContainerSpec, ContainerView } from '../services/containers.ts';
import { describeVolume } from '../services/volume-facts.ts';
import { templateOf } from '../services/workload-facts.ts';
import { containerRef } from './container.ts';
import { tolerationRef, volumeRef } from './pod-parts.ts';

type Template = NonNullable<ReturnType<typeof templateOf>>;
type HostAlias = NonNullable<NonNullable<Template['spec']>['hostAliases']>[number];

const hostAliasRef = typeRef<HostAlias>('HostAlias');

const restartPolicies = { Always: 'ALWAYS', OnFailure: 'ON_FAILURE', Never: 'NEVER' } as const;

/** What the pods of a workload are made of: what a form that changes it begins with (CMP-69). */
export function registerPodTemplate(builder: LongshoreBuilder): void {
  builder.objectType(hostAliasRef, {
    description: 'Names that the containers of a pod know an address by.',
    fields: (t) => ({
      ip: t.exposeString('ip', { description: 'The address.' }),
      hostnames: t.stringList({ description: 'Its names.', resolve: ({ hostnames }) => [...(hostnames ?? [])] }),
    }),
  });
  builder.objectType(podTemplateTypeRef, {
    description: 'What the pods of a workload are made of.',
    fields: (t) => ({
      labels: t.field({
        type: [labelTypeRef],
        description: 'Labels of its pods.',
        resolve: ({ metadata }) => entriesOf(metadata?.labels),
      }),
      annotations: t.field({
        type: [labelTypeRef],
        description: 'Annotations of its pods.',
        resolve: ({ metadata }) => entriesOf(metadata?.annotations),
      }),
      containers: t.field({
        type: [containerRef],
        description: 'Its business containers. They run in its pods: here they have no state.',
        resolve: ({ spec, metadata }) =>
          (spec?.containers ?? []).map((container) => viewOf(container, metadata, false)),
      }),
      initContainers: t.field({
        type: [containerRef],
        description: 'Containers that run before them, in their order.',
        resolve: ({ spec, metadata }) =>
          (spec?.initContainers ?? []).map((container) => viewOf(container, metadata, true)),
      }),
      volumes: t.field({
        type: [volumeRef],
        description: 'Volumes that its containers may mount.',
        resolve: ({ spec }) => (spec?.volumes ?? []).map(describeVolume),
      }),
      restartPolicy: t.field({
        type: named('PodRestartPolicy'),
        description: 'When its containers are started again.',
        resolve: ({ spec }) => enumValue(restartPolicies, spec?.restartPolicy ?? 'Always') as never,
      }),
      terminationGracePeriodSeconds: t.field({
        type: 'SafeInt',
        description: 'Seconds for its containers to end by themselves.',
        resolve: ({ spec }) => spec?.terminationGracePeriodSeconds ?? 30,
      }),
      nodeLabels: t.field({
        type: [labelTypeRef],
        description: 'Labels that its nodes must have (`nodeSelector`).',
        resolve: ({ spec }) => entriesOf(spec?.nodeSelector),
      }),
      affinity: t.field({
        type: 'JSON',
        nullable: true,
        description: 'Rules for its nodes and for pods near it, as Kubernetes writes them (core/v1 Affinity).',
        resolve: ({ spec }) => spec?.affinity ?? null,
      }),
      tolerations: t.field({
        type: [tolerationRef],
        description: 'Taints of nodes that its pods put up with.',
        resolve: ({ spec }) => [...(spec?.tolerations ?? [])],
      }),
      hostNetwork: t.boolean({
        description: "Whether its pods have their node's address.",
        resolve: ({ spec }) => spec?.hostNetwork === true,
      }),
      hostAliases: t.field({
        type: [hostAliasRef],
        description: 'Names of addresses.',
        resolve: ({ spec }) => [...(spec?.hostAliases ?? [])],
      }),
      imagePullSecrets: t.stringList({
        description: 'Secrets by which images are pulled.',
        resolve: ({ spec }) => (spec?.imagePullSecrets ?? []).flatMap(({ name }) => name ?? []),
      }),
      runtimeClassName: t.string({
        nullable: true,
        description: "What its containers run in; null: the node's own kernel.",
        resolve: ({ spec }) => spec?.runtimeClassName ?? null,
      }),
      serviceAccountName: t.string({
        description: 'Who its pods are towards the cluster.',
        resolve: ({ spec }) => spec?.serviceAccountName ?? 'default',
      }),
      priorityClassName: t.string({
        nullable: true,
        description: 'Name of its PriorityClass.',
        resolve: ({ spec }) => spec?.priorityClassName ?? null,
      }),
    }),
  });
  builder.interfaceField(workloadTypeRef, 'template', (t) =>
    t.field({
      type: podTemplateTypeRef,
      description: 'What its pods are made of; of a CronJob those of its Jobs.',
      resolve: (workload) => templateOf(workload) ?? ({} as Template),
    }),
  );
}

function viewOf(spec: ContainerSpec, metadata: Template['metadata'], isInit: boolean): ContainerView {
  const isSidecar = isInit && spec.restartPolicy === 'Always';
  return { spec, status: undefined, isSidecar, annotations: metadata?.annotations };
}

function entriesOf(map: Readonly<Record<string, string>> | undefined): Label[] {
  return Object.entries(map ?? {}).map(([key, value]) => ({ key, value }));
}
