import { enumRef, type InputTypeRef, inputRef, type LongshoreBuilder, named, registerEnum } from 'longshore/sdk';
import { claimTemplateInputRef } from '../../api.ts';
import type { AdvancedStatefulSetForm, AdvancedStrategyForm } from '../../services/form/advanced-stateful-set.ts';
import type { CloneSetForm, CloneSetStrategyForm } from '../../services/form/clone-set.ts';
import type { PodUpdatePolicy } from '../../services/form/in-place.ts';
import type { PodReplacement } from '../../services/form/strategies.ts';

export const advancedStatefulSetInputRef: InputTypeRef<AdvancedStatefulSetForm> =
  inputRef<AdvancedStatefulSetForm>('AdvancedStatefulSetInput');
export const cloneSetInputRef: InputTypeRef<CloneSetForm> = inputRef<CloneSetForm>('CloneSetInput');
const advancedStrategyInputRef = inputRef<AdvancedStrategyForm>('AdvancedStatefulSetStrategyInput');
const cloneSetStrategyInputRef = inputRef<CloneSetStrategyForm>('CloneSetStrategyInput');
const policyRef = enumRef<PodUpdatePolicy>('PodUpdatePolicy');

const stays = 'Each field stays as it is where it is not given.';
const policy =
  'Whether a pod is replaced for a new version, or changed where it is; the engine replaces where it is not given.';
const grace = 'Seconds that a pod gets no traffic before it is changed in place; 0 where not given.';
const unavailable = 'Pods that may be missing, or a percentage. All of them: ALL_PODS_UNAVAILABLE.';

/** Kinds of OpenKruise. Parts that they share with Kubernetes' own are named by them. */
export function registerEngineKindInput(
  builder: LongshoreBuilder,
  shared: { readonly replicas: string; readonly minReady: string; readonly history: string },
): void {
  registerEnum(builder, 'PodUpdatePolicy', 'What OpenKruise does to a pod for a new version.', {
    RECREATE: 'It replaces the pod.',
    IN_PLACE_IF_POSSIBLE:
      'Where only images, labels and annotations are new it changes the pod where it is, with its address, node and volumes; else it replaces it.',
    IN_PLACE_ONLY: 'It changes the pod where it is; changes of anything but images are refused.',
  });
  builder.inputType('AdvancedStatefulSetStrategyInput', {
    description: `How an Advanced StatefulSet brings a new version out. ${stays}`,
    fields: (t) => ({
      type: t.field({
        type: enumRef<PodReplacement>('PodReplacement'),
        description: 'ROLLING where it is not given. ON_DELETE takes none of the other fields.',
      }),
      podUpdatePolicy: t.field({ type: policyRef, description: policy }),
      gracePeriodSeconds: t.int({ description: grace }),
      maxUnavailable: t.field({
        type: 'IntOrString',
        description: `${unavailable} More than 1 only with PARALLEL.`,
      }),
      partition: t.int({
        description:
          'Pods that keep the old version. `updateWorkloadInstances` sets it too: 0 brings the newest version to all.',
      }),
      minReadySeconds: t.int({
        description: 'Seconds a new pod must be ready before the next one is updated, 0 to 300.',
      }),
    }),
  });
  builder.inputType('AdvancedStatefulSetInput', {
    description: 'What is of a TApp alone: the StatefulSet of apps.kruise.io/v1beta1 (CMP-79).',
    fields: (t) => ({
      replicas: t.int({ description: shared.replicas }),
      serviceName: t.string({
        description: "Service that its pods' names belong to; its own name where not given. Fixed.",
      }),
      podManagementPolicy: t.field({
        type: named('PodManagementPolicy'),
        description:
          'Whether pods come one after the other; PARALLEL where not given, since only then instances can be chosen for an update. Fixed.',
      }),
      strategy: t.field({ type: advancedStrategyInputRef, description: 'How it brings a new version out.' }),
      revisionHistoryLimit: t.int({ description: shared.history }),
      volumeClaimTemplates: t.field({
        type: [claimTemplateInputRef],
        description: 'Claims that each pod gets of its own, and keeps. The whole list.',
      }),
    }),
  });
  builder.inputType('CloneSetStrategyInput', {
    description: `How a CloneSet brings a new version out. ${stays}`,
    fields: (t) => ({
      podUpdatePolicy: t.field({ type: policyRef, description: policy }),
      gracePeriodSeconds: t.int({ description: grace }),
      maxUnavailable: t.field({ type: 'IntOrString', description: unavailable }),
      maxSurge: t.field({
        type: 'IntOrString',
        description: 'Pods above the wanted number, or a percentage; not with IN_PLACE_ONLY.',
      }),
      partition: t.field({
        type: 'IntOrString',
        description:
          'Pods that keep the old version, or a percentage. `updateWorkloadInstances` sets it too: 0 brings the newest version to all.',
      }),
    }),
  });
  builder.inputType('CloneSetInput', {
    description: 'What is of a CloneSet alone (apps.kruise.io/v1alpha1).',
    fields: (t) => ({
      replicas: t.int({ description: shared.replicas }),
      strategy: t.field({ type: cloneSetStrategyInputRef, description: 'How it brings a new version out.' }),
      minReadySeconds: t.int({ description: shared.minReady }),
      progressDeadlineSeconds: t.int({ description: 'Seconds without progress after which a rollout has failed.' }),
      revisionHistoryLimit: t.int({ description: shared.history }),
      volumeClaimTemplates: t.field({
        type: [claimTemplateInputRef],
        description: 'Claims that each pod gets of its own, and takes with it. The whole list.',
      }),
    }),
  });
}
