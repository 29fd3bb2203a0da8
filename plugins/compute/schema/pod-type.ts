import {
  enumValue,
  type FieldBuilder,
  type LongshoreBuilder,
  type MaybePromise,
  mapMaybe,
  named,
  origin,
  type RequestContext,
  readObject,
  registerKubernetesType,
  relatedRows,
  relationField,
} from 'longshore/sdk';
import { clusterNodeTypeRef, nodeKind, type PodObject, podKind, podTypeRef, workloadTypeRef } from '../api.ts';
import { ispLabel } from '../profile-keys/pods.ts';
import { containersOf, ephemeralContainersOf, initContainersOf } from '../services/containers.ts';
import { diagnosePod } from '../services/diagnosis/diagnose-pod.ts';
import { workloadOfPod } from '../services/find-workload.ts';
import { isPodReady, messageOf, phaseOf, podStateOf, scheduledAtOf } from '../services/pod-facts.ts';
import { bandwidthOf, publicIPOf } from '../services/pod-network.ts';
import { podResources } from '../services/pod-resources.ts';
import { podSummary } from '../services/pod-summary.ts';
import { servicesOfPod } from '../services/service-pods.ts';
import { describeVolume } from '../services/volume-facts.ts';
import { controllerOf } from '../services/workload-kinds.ts';
import { containerRef } from './container.ts';
import { podFindingRef, warningsAbout } from './pod-finding.ts';
import { controllerReferenceRef, qosClasses, restartPolicies, tolerationRef, volumeRef } from './pod-parts.ts';

/** The type `Pod`: what a console's list and detail show. */
export function registerPodType(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: podTypeRef,
    kind: podKind,
    description: 'A pod: containers that run together on one node (core/v1).',
    fields: (t) => ({
      phase: t.field({
        type: named('PodPhase'),
        description: 'Where it stands in its life.',
        resolve: (pod) => phaseOf(pod) as never,
      }),
      rawPhase: t.string({
        nullable: true,
        description: 'The phase as Kubernetes writes it.',
        resolve: (pod) => pod.status?.phase ?? null,
      }),
      state: t.field({
        type: named('PodState'),
        description: 'Its state in one word, as lists of consoles show it.',
        resolve: (pod) => podStateOf(pod) as never,
      }),
      reason: t.string({
        description:
          'What kubectl shows as STATUS, e.g. `Running`, `CrashLoopBackOff`, `Completed`, `Terminating`, `Init:0/1`.',
        resolve: (pod) => podSummary(pod).reason,
      }),
      message: t.string({
        nullable: true,
        description: "Why it is not as it should be, in the cluster's words; null while nothing is said.",
        resolve: (pod) => messageOf(pod) ?? null,
      }),
      isReady: t.boolean({
        description: 'Whether it takes traffic: its condition Ready is true.',
        resolve: isPodReady,
      }),
      readyContainers: t.int({
        description: 'Containers and sidecars that are ready.',
        resolve: (pod) => podSummary(pod).readyContainers,
      }),
      totalContainers: t.int({
        description: 'Containers and sidecars in all.',
        resolve: (pod) => podSummary(pod).totalContainers,
      }),
      readiness: t.string({
        description: 'Ready containers of all, as kubectl shows it, e.g. `1/2`.',
        resolve: (pod) => `${podSummary(pod).readyContainers}/${podSummary(pod).totalContainers}`,
      }),
      restartCount: t.int({
        description: 'Restarts of all containers together, as kubectl counts.',
        resolve: (pod) => podSummary(pod).restartCount,
      }),
      lastRestartedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When a container last ended before it was started again.',
        resolve: (pod) => podSummary(pod).lastRestartedAt ?? null,
      }),
      startedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When its node took it, before images were pulled.',
        resolve: (pod) => pod.status?.startTime ?? null,
      }),
      scheduledAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it was bound to a node; null while it waits for one.',
        resolve: (pod) => scheduledAtOf(pod) ?? null,
      }),
      ...placeFields(t),
      ...policyFields(t),
      findings: t.field({
        type: [podFindingRef],
        nullable: true,
        description:
          'Why it is not running and ready, causes first: where it cannot be scheduled, what its containers lack, what ended them. Empty for a pod that is well or has done its work; null where its events cannot be read and it does not say so itself.',
        resolve: (pod, _args, context) => diagnosePod(pod, () => warningsAbout(pod, context)),
      }),
      containers: t.field({ type: [containerRef], description: 'Its main containers.', resolve: containersOf }),
      initContainers: t.field({
        type: [containerRef],
        description: 'Containers that run before the main ones, in their order, and sidecars.',
        resolve: initContainersOf,
      }),
      ephemeralContainers: t.field({
        type: [containerRef],
        description: 'Containers added to it for debugging while it ran.',
        resolve: ephemeralContainersOf,
      }),
      volumes: t.field({
        type: [volumeRef],
        description: 'Volumes that its containers may mount.',
        resolve: (pod) => (pod.spec?.volumes ?? []).map(describeVolume),
      }),
      tolerations: t.field({
        type: [tolerationRef],
        description: 'Taints of nodes that it puts up with.',
        resolve: (pod) => [...(pod.spec?.tolerations ?? [])],
      }),
      ...resourceFields(t),
      controlledBy: t.field({
        type: controllerReferenceRef,
        nullable: true,
        description: 'What made it and replaces it, one step up; null for a bare pod.',
        resolve: (pod) => {
          const owner = controllerOf(pod);
          return owner ? { ...owner, cluster: pod[origin].cluster, namespace: pod.metadata.namespace } : null;
        },
      }),
      workload: t.field({
        type: workloadTypeRef,
        nullable: true,
        description:
          "The workload on top of it: of a Deployment's pod the Deployment and not its ReplicaSet. Null for a bare pod.",
        resolve: (pod, _args, context) =>
          mapMaybe(workloadOfPod(context.kube(pod[origin].cluster), pod), (workload) => workload ?? null),
      }),
      services: relationField(builder, t, {
        description: 'Services whose selector finds it.',
        of: 'Service',
        rows: (pod, context) => relatedRows(context, pod[origin].cluster, (reader) => servicesOfPod(reader, pod)),
      }),
    }),
  });
}

function placeFields(t: FieldBuilder<PodObject>) {
  return {
    nodeName: t.string({
      nullable: true,
      description: 'Name of the node it is bound to; null while it waits for one.',
      resolve: (pod) => pod.spec?.nodeName ?? null,
    }),
    node: t.field({
      type: clusterNodeTypeRef,
      nullable: true,
      description: 'The node it is bound to; null while it waits for one, and where the node is not there for you.',
      resolve: (pod, _args, context) =>
        pod.spec?.nodeName ? readObject(context, nodeKind, pod[origin].cluster, undefined, pod.spec.nodeName) : null,
    }),
    zone: t.string({
      nullable: true,
      description: 'Availability zone of its node, where that is there for you and says one.',
      resolve: (pod, _args, context) => labelOfNode(pod, 'topology.kubernetes.io/zone', context),
    }),
    region: t.string({
      nullable: true,
      description: 'Region of its node, where that is there for you and says one.',
      resolve: (pod, _args, context) => labelOfNode(pod, 'topology.kubernetes.io/region', context),
    }),
    ispName: t.string({
      nullable: true,
      description:
        'Carrier whose line leads to its node, by the label of nodes that the profile names (`label.isp`), where the node is there for you and says one.',
      resolve: (pod, _args, context) => {
        const { cluster } = pod[origin];
        const label = context.services.profiles.at({ cluster, namespace: pod.metadata.namespace }).get(ispLabel);
        return label === null ? null : labelOfNode(pod, label, context);
      },
    }),
    hostIP: t.string({
      nullable: true,
      description: 'Address of its node.',
      resolve: (pod) => pod.status?.hostIP ?? null,
    }),
    podIP: t.string({
      nullable: true,
      description: 'Its address; null until it has one.',
      resolve: (pod) => pod.status?.podIP ?? null,
    }),
    podIPs: t.stringList({
      description: 'All its addresses, at most one of each IP family.',
      resolve: (pod) => (pod.status?.podIPs ?? []).flatMap(({ ip }) => (ip ? [ip] : [])),
    }),
    publicIP: t.string({
      nullable: true,
      description: 'Address of its own towards the outside (Kube-OVN); null where it has none.',
      resolve: (pod) => publicIPOf(pod) ?? null,
    }),
    ingressBandwidthMbps: t.float({
      nullable: true,
      description:
        'What it may take at the most, in megabits a second, by its annotations; null where nothing says it.',
      resolve: (pod) => bandwidthOf(pod).ingressMbps ?? null,
    }),
    egressBandwidthMbps: t.float({
      nullable: true,
      description:
        'What it may send at the most, in megabits a second, by its annotations; null where nothing says it.',
      resolve: (pod) => bandwidthOf(pod).egressMbps ?? null,
    }),
    isHostNetwork: t.boolean({
      description: "Whether it uses its node's network: its address is the node's.",
      resolve: (pod) => pod.spec?.hostNetwork === true,
    }),
  };
}

function policyFields(t: FieldBuilder<PodObject>) {
  return {
    qosClass: t.field({
      type: named('PodQosClass'),
      description: 'Who must go first when its node runs short.',
      resolve: (pod) => enumValue(qosClasses, pod.status?.qosClass) as never,
    }),
    rawQosClass: t.string({
      nullable: true,
      description: 'The quality of service class as Kubernetes writes it.',
      resolve: (pod) => pod.status?.qosClass ?? null,
    }),
    restartPolicy: t.field({
      type: named('PodRestartPolicy'),
      description: 'Whether its containers are started again when they have ended.',
      resolve: (pod) => enumValue(restartPolicies, pod.spec?.restartPolicy ?? 'Always') as never,
    }),
    rawRestartPolicy: t.string({
      description: 'The restart policy as Kubernetes writes it.',
      resolve: (pod) => pod.spec?.restartPolicy ?? 'Always',
    }),
    serviceAccountName: t.string({
      description: 'Service account its processes act as towards the cluster.',
      resolve: (pod) => pod.spec?.serviceAccountName ?? 'default',
    }),
    priority: t.int({
      nullable: true,
      description: 'Its priority: higher ones may push lower ones off a node.',
      resolve: (pod) => pod.spec?.priority ?? null,
    }),
    priorityClassName: t.string({
      nullable: true,
      description: 'Name of the PriorityClass its priority comes from.',
      resolve: (pod) => pod.spec?.priorityClassName ?? null,
    }),
    terminationGracePeriodSeconds: t.field({
      type: 'SafeInt',
      description: 'Seconds its processes have to end before they are killed.',
      resolve: (pod) => pod.spec?.terminationGracePeriodSeconds ?? 30,
    }),
  };
}

function resourceFields(t: FieldBuilder<PodObject>) {
  return {
    cpuRequestMillicores: t.field({
      type: 'SafeInt',
      description: 'CPU reserved for the whole pod as the scheduler counts, in thousandths of a core; 0 where none is.',
      resolve: (pod) => podResources(pod).cpuRequestMillicores,
    }),
    cpuLimitMillicores: t.field({
      type: 'SafeInt',
      nullable: true,
      description: 'Limits on CPU added up, in thousandths of a core; null where no container has one.',
      resolve: (pod) => podResources(pod).cpuLimitMillicores ?? null,
    }),
    memoryRequestBytes: t.field({
      type: 'SafeInt',
      description: 'Memory reserved for the whole pod as the scheduler counts, in bytes; 0 where none is.',
      resolve: (pod) => podResources(pod).memoryRequestBytes,
    }),
    memoryLimitBytes: t.field({
      type: 'SafeInt',
      nullable: true,
      description: 'Limits on memory added up, in bytes; null where no container has one.',
      resolve: (pod) => podResources(pod).memoryLimitBytes ?? null,
    }),
  };
}

function labelOfNode(pod: PodObject, label: string, context: RequestContext): MaybePromise<string | null> {
  const { nodeName } = pod.spec ?? {};
  if (!nodeName) return null;
  const node = readObject(context, nodeKind, pod[origin].cluster, undefined, nodeName);
  return mapMaybe(node, (found) => found?.metadata.labels?.[label] ?? null);
}
