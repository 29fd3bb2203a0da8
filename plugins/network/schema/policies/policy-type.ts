import { type PodObject, podTypeRef, type WorkloadObject, workloadTypeRef } from 'longshore/plugins/compute';
import { descriptionAnnotation } from 'longshore/plugins/core';
import {
  defineKubernetesList,
  enumValue,
  type LabelSelectorObject,
  type LongshoreBuilder,
  listKubernetesObjects,
  named,
  origin,
  readObject,
  registerKubernetesChanges,
  registerKubernetesType,
  registerList,
  registerQuery,
  relatedRows,
  relationField,
  subjectOf,
} from 'longshore/sdk';
import { type NetworkPolicyObject, networkPolicyKind, networkPolicyTypeRef } from '../../api.ts';
import {
  podsOfPolicy,
  policiesOfPod,
  policiesOfWorkload,
  workloadsOfPolicy,
} from '../../services/policies/policies-of-pods.ts';
import { policyTypes } from '../../services/policies/policy-form.ts';
import { labelSelectorRef, registerPolicyParts, ruleRef, rulesOf } from './policy-parts.ts';

const allow = { action: 'READ', subject: subjectOf(networkPolicyKind) };

/** NetworkPolicies, whom they select, and which of them hold for a pod or a workload (NET-33). */
export function registerPolicyType(builder: LongshoreBuilder): void {
  registerPolicyParts(builder);
  registerKubernetesType(builder, {
    ref: networkPolicyTypeRef,
    kind: networkPolicyKind,
    description:
      'Says what may reach pods of a namespace, and what they may reach (networking.k8s.io/v1). A pod that no policy selects is open; what several policies let through adds up. The network of the cluster must enforce it.',
    fields: (t) => ({
      description: t.string({
        nullable: true,
        description: 'What it is for, from its annotation `longshore.dev/description`.',
        resolve: ({ metadata }) => metadata.annotations?.[descriptionAnnotation] ?? null,
      }),
      podSelector: t.field({
        type: labelSelectorRef,
        description: 'Which pods of its namespace it is for.',
        resolve: ({ spec }) => (spec?.podSelector ?? {}) as LabelSelectorObject,
      }),
      policyTypes: t.field({
        type: [named('NetworkPolicyType')],
        description: 'Directions in which nothing passes but by its rules.',
        resolve: ({ spec }) => (spec?.policyTypes ?? []).map((type) => enumValue(policyTypes, type)) as never,
      }),
      ingress: t.field({
        type: [ruleRef],
        description: 'What may reach its pods; where it is about INGRESS and there is no rule, nothing.',
        resolve: ({ spec }) => rulesOf(spec?.ingress),
      }),
      egress: t.field({
        type: [ruleRef],
        description: 'What its pods may reach; where it is about EGRESS and there is no rule, nothing.',
        resolve: ({ spec }) => rulesOf(spec?.egress),
      }),
    }),
  });
  registerRelations(builder);
  const list = defineKubernetesList<NetworkPolicyObject, never>(builder, {
    name: 'NetworkPolicy',
    node: networkPolicyTypeRef,
    plural: 'NetworkPolicies',
    isNamespaced: true,
  } as never);
  registerQuery(builder, {
    name: 'networkPolicy',
    description: 'One NetworkPolicy by its name; null where it is not there for you.',
    allow,
    type: networkPolicyTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      namespace: t.string({ required: true, description: 'Its namespace.' }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, namespace, name }, context) =>
      readObject(context, networkPolicyKind, cluster, namespace, name),
  });
  registerList(builder, {
    name: 'networkPolicies',
    description: 'NetworkPolicies of all clusters that you may see.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([networkPolicyKind], args as never, context) as never,
  });
  registerKubernetesChanges(builder, {
    name: 'networkPolicyChanges',
    description: 'NetworkPolicies as they come, change and go.',
    allow,
    kinds: [networkPolicyKind],
    itemField: 'networkPolicy',
    itemType: networkPolicyTypeRef,
    itemDescription: 'The policy after the change; of a deleted one the last state known.',
    list: list as never,
  });
}

function registerRelations(builder: LongshoreBuilder): void {
  builder.objectField(
    networkPolicyTypeRef,
    'pods',
    (t) =>
      relationField<NetworkPolicyObject, PodObject>(builder, t as never, {
        description: 'Pods that it selects.',
        of: 'Pod',
        rows: (policy, context) =>
          relatedRows(context, policy[origin].cluster, (reader) => podsOfPolicy(reader, policy)),
      }) as never,
  );
  builder.objectField(
    networkPolicyTypeRef,
    'workloads',
    (t) =>
      relationField<NetworkPolicyObject, WorkloadObject>(builder, t as never, {
        description:
          'Workloads whose pods it selects, by the labels of their templates; none that another workload owns.',
        of: 'Workload',
        rows: (policy, context) =>
          relatedRows(context, policy[origin].cluster, (reader) => workloadsOfPolicy(reader, policy)),
      }) as never,
  );
  builder.objectField(
    podTypeRef,
    'networkPolicies',
    (t) =>
      relationField<PodObject, NetworkPolicyObject>(builder, t as never, {
        description:
          'NetworkPolicies that select it; none means that its network is open. They do not hold for pods in the network of their node.',
        of: 'NetworkPolicy',
        rows: (pod, context) => relatedRows(context, pod[origin].cluster, (reader) => policiesOfPod(reader, pod)),
      }) as never,
  );
  builder.interfaceField(
    workloadTypeRef,
    'networkPolicies',
    (t) =>
      relationField<WorkloadObject, NetworkPolicyObject>(builder, t as never, {
        description: 'NetworkPolicies that select its pods, by the labels that its template gives them.',
        of: 'NetworkPolicy',
        rows: (workload, context) =>
          relatedRows(context, workload[origin].cluster, (reader) => policiesOfWorkload(reader, workload)),
      }) as never,
  );
}
