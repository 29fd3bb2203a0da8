import {
  defineKubernetesList,
  type LongshoreBuilder,
  listKubernetesObjects,
  named,
  readObject,
  registerKubernetesChanges,
  registerList,
  registerQuery,
  subjectOf,
} from 'longshore/sdk';
import { type PodObject, podKind, podTypeRef } from '../api.ts';
import { belongsToWorkload } from '../services/belongs-to-workload.ts';
import { isPodReady, type PodPhase, type PodState, phaseOf, podStateOf } from '../services/pod-facts.ts';
import { podResources } from '../services/pod-resources.ts';
import { podSummary } from '../services/pod-summary.ts';
import { registerPodCounts } from './counts/pod-counts.ts';

const allow = { action: 'READ', subject: subjectOf(podKind) };

/** Pods as a list, one by one and as a stream. */
export function registerPods(builder: LongshoreBuilder): void {
  const list = definePodList(builder);
  registerQuery(builder, {
    name: 'pod',
    description: 'One pod by its name; null where it is not there for you.',
    allow,
    type: podTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      namespace: t.string({ required: true, description: "The pod's namespace." }),
      name: t.string({ required: true, description: "The pod's name." }),
    }),
    resolve: ({ cluster, namespace, name }, context) => readObject(context, podKind, cluster, namespace, name),
  });
  registerList(builder, {
    name: 'pods',
    description: 'Pods of all clusters that you may see.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([podKind], args, context),
  });
  registerKubernetesChanges(builder, {
    name: 'podChanges',
    description: 'Pods as they come, change and go.',
    allow,
    kinds: [podKind],
    itemField: 'pod',
    itemType: podTypeRef,
    itemDescription: 'The pod after the change; of a deleted one the last state known.',
    list,
  });
  registerPodCounts(builder, list as never);
}

function definePodList(builder: LongshoreBuilder) {
  return defineKubernetesList(builder, {
    name: 'Pod',
    node: podTypeRef,
    plural: 'pods',
    isNamespaced: true,
    filter: (t) => ({
      phases: t.field({ type: [named('PodPhase')], description: 'In one of these phases.' }),
      states: t.field({ type: [named('PodState')], description: 'In one of these states.' }),
      node: t.string({ description: 'Bound to the node of this name.' }),
      ready: t.boolean({ description: 'Whether its condition Ready is true.' }),
      reasons: t.stringList({ description: 'Whose `reason` is one of these words, e.g. `CrashLoopBackOff`.' }),
      podIP: t.string({ description: 'With this address.' }),
      workloadId: t.id({ description: 'Belongs to the workload with this id, itself or through a ReplicaSet or Job.' }),
    }),
    matches(filter, context) {
      const { node, ready, workloadId, podIP } = filter;
      const reasons = filter.reasons ? new Set(filter.reasons) : undefined;
      const phases = filter.phases ? new Set(filter.phases as readonly PodPhase[]) : undefined;
      const states = filter.states ? new Set(filter.states as readonly PodState[]) : undefined;
      const belongs = workloadId ? belongsToWorkload(String(workloadId), context.kube) : undefined;
      return (pod) => {
        if (phases && !phases.has(phaseOf(pod))) return false;
        if (states && !states.has(podStateOf(pod))) return false;
        if (node && pod.spec?.nodeName !== node) return false;
        if (typeof ready === 'boolean' && isPodReady(pod) !== ready) return false;
        if (reasons && !reasons.has(podSummary(pod).reason)) return false;
        if (podIP && !hasAddress(pod, podIP)) return false;
        return !belongs || belongs(pod);
      };
    },
    orders: {
      PHASE: { description: 'By phase, as Kubernetes writes it.', value: (pod) => pod.status?.phase },
      STATUS: { description: 'By `reason`, the word that kubectl shows.', value: (pod) => podSummary(pod).reason },
      READY: { description: 'By number of ready containers.', value: (pod) => podSummary(pod).readyContainers },
      RESTARTS: { description: 'By number of restarts.', value: (pod) => podSummary(pod).restartCount },
      LAST_RESTARTED_AT: {
        description: 'By time of the last restart.',
        value: (pod) => podSummary(pod).lastRestartedAt,
      },
      NODE: { description: "By the node's name.", value: (pod) => pod.spec?.nodeName },
      STARTED_AT: { description: 'By the time at which its node took it.', value: (pod) => pod.status?.startTime },
      CPU_REQUEST: { description: 'By requested CPU.', value: (pod) => podResources(pod).cpuRequestMillicores },
      MEMORY_REQUEST: { description: 'By requested memory.', value: (pod) => podResources(pod).memoryRequestBytes },
    },
  });
}

const hasAddress = ({ status }: PodObject, address: string): boolean =>
  status?.podIP === address || (status?.podIPs?.some(({ ip }) => ip === address) ?? false);
