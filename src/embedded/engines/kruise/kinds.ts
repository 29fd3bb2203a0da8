import type {
  Condition,
  LabelSelector,
  PersistentVolumeClaim,
  PodTemplate,
} from '../../controllers/kubernetes-shapes.ts';
import type { ClusterObject } from '../../store/types.ts';

export const group = 'apps.kruise.io';

export type IntOrPercent = number | string;

/** What holds a pod back before a step of its life, until somebody takes the labels or finalizers away. */
export interface LifecycleHook {
  readonly labelsHandler?: Readonly<Record<string, string>>;
  readonly finalizersHandler?: readonly string[];
  readonly markPodNotReady?: boolean;
}

export interface Lifecycle {
  readonly preDelete?: LifecycleHook;
  readonly inPlaceUpdate?: LifecycleHook;
  readonly preNormal?: LifecycleHook;
}

export interface PriorityStrategy {
  readonly orderPriority?: readonly { readonly orderedKey: string }[];
  readonly weightPriority?: readonly { readonly weight: number; readonly matchSelector: LabelSelector }[];
}

export interface ScatterTerm {
  readonly key: string;
  readonly value: string;
}

/** Of CloneSets `updateStrategy.type`, of StatefulSets `podUpdatePolicy`. */
export type UpdatePolicy = 'ReCreate' | 'InPlaceIfPossible' | 'InPlaceOnly';

export interface InPlaceUpdateStrategy {
  readonly gracePeriodSeconds?: number;
}

export interface CloneSet extends ClusterObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly volumeClaimTemplates?: readonly PersistentVolumeClaim[];
    readonly scaleStrategy?: {
      readonly podsToDelete?: readonly string[];
      readonly maxUnavailable?: IntOrPercent;
      readonly disablePVCReuse?: boolean;
    };
    readonly updateStrategy?: {
      readonly type?: UpdatePolicy;
      readonly partition?: IntOrPercent;
      readonly maxUnavailable?: IntOrPercent;
      readonly maxSurge?: IntOrPercent;
      readonly paused?: boolean;
      readonly priorityStrategy?: PriorityStrategy;
      readonly scatterStrategy?: readonly ScatterTerm[];
      readonly inPlaceUpdateStrategy?: InPlaceUpdateStrategy;
    };
    readonly revisionHistoryLimit?: number;
    readonly minReadySeconds?: number;
    readonly progressDeadlineSeconds?: number;
    readonly lifecycle?: Lifecycle;
  };
  readonly status?: CloneSetStatus;
}

export interface CloneSetStatus {
  readonly observedGeneration?: number;
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly updatedReplicas: number;
  readonly updatedReadyReplicas: number;
  readonly updatedAvailableReplicas?: number;
  readonly expectedUpdatedReplicas?: number;
  readonly updateRevision?: string;
  readonly currentRevision?: string;
  readonly collisionCount?: number;
  readonly conditions?: readonly Condition[];
  readonly labelSelector?: string;
}

export interface AdvancedStatefulSet extends ClusterObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly volumeClaimTemplates?: readonly PersistentVolumeClaim[];
    readonly serviceName?: string;
    readonly podManagementPolicy?: string;
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: {
        readonly partition?: number;
        readonly maxUnavailable?: IntOrPercent;
        readonly podUpdatePolicy?: UpdatePolicy;
        readonly paused?: boolean;
        readonly unorderedUpdate?: { readonly priorityStrategy?: PriorityStrategy };
        readonly inPlaceUpdateStrategy?: InPlaceUpdateStrategy;
        readonly minReadySeconds?: number;
      };
    };
    readonly revisionHistoryLimit?: number;
    readonly reserveOrdinals?: readonly IntOrPercent[];
    readonly lifecycle?: Lifecycle;
    readonly scaleStrategy?: { readonly maxUnavailable?: IntOrPercent };
    readonly persistentVolumeClaimRetentionPolicy?: { readonly whenDeleted?: string; readonly whenScaled?: string };
  };
  readonly status?: {
    readonly replicas: number;
    readonly readyReplicas: number;
    readonly availableReplicas: number;
    readonly currentReplicas: number;
    readonly updatedReplicas: number;
    readonly updatedReadyReplicas?: number;
    readonly updatedAvailableReplicas?: number;
    readonly observedGeneration?: number;
    readonly currentRevision?: string;
    readonly updateRevision?: string;
    readonly collisionCount?: number;
    readonly conditions?: readonly Condition[];
    readonly labelSelector?: string;
  };
}
