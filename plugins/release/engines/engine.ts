import type { Cluster, ClusterReader, KindRef, KubeObject } from 'longshore/sdk';
import type { EngineName } from '../api.ts';
import type { AccessSpec, TrafficSpec } from '../services/app-services/version-spec.ts';

/** What is to run, written down once: a release never looks at forms or profiles again, and a rollback finds exactly this. */
export interface ReleaseTarget {
  readonly cluster: string;
  readonly namespace: string;
  /** Name of the app service. */
  readonly service: string;
  readonly serviceId: string;
  readonly versionId: string;
  readonly isStateful: boolean;
  /** IN_PLACE keeps a pod where only images changed; where it cannot, the engine replaces (REL-08). */
  readonly upgradeMode: 'IN_PLACE' | 'REPLACE';
  /** The pod template with all labels and annotations, among them `versionLabel`; never with `nodeSelector` of a unit. */
  readonly template: Readonly<Record<string, unknown>>;
  /** Of a stateful one. */
  readonly volumeClaimTemplates: readonly Readonly<Record<string, unknown>>[];
  /** Labels of the workloads themselves. */
  readonly labels: Readonly<Record<string, string>>;
  /** Pods of a unit that may be missing at a time while a group of it is updated: absolute, or percent of the unit's pods. */
  readonly maxUnavailable: number | string;
  /** Services by which it is reached (REL-25); none where it is not said. */
  readonly access?: readonly AccessSpec[];
  /** The HTTPRoute whose traffic each release shifts, and how much (REL-37). */
  readonly traffic?: TrafficSpec | null;
  /** Whether pods are taken off their Services before they are updated, and put back behind that (REL-38). */
  readonly isLossless?: boolean;
  /** Blue-green (REL-37): all that ran before stays as it is until `finish`, so that traffic can go over, and come back, at once. */
  readonly previousStays?: boolean;
  /**
   * A timetable says how many pods there are (REL-06): LATER nothing of ours writes their number; what is released FIRST is made with its
   * own, for there is nothing yet that the timetable could count.
   */
  readonly scheduled?: 'FIRST' | 'LATER';
  /** An order for some of its units (REL-19): workloads in the others stay as they are. */
  readonly isPartial?: boolean;
  /** One workload each. */
  readonly units: readonly TargetUnit[];
}

export interface TargetUnit {
  /** Empty where the platform has no units. */
  readonly unit: string;
  /** Name of its workload: the service's, with the unit behind it. */
  readonly workload: string;
  readonly replicas: number;
  /** What keeps its pods on the nodes of the unit; empty for none. */
  readonly nodeSelector: Readonly<Record<string, string>>;
}

/** Pods of all versions of a service carry it; Services select by it. */
export const serviceLabel = 'longshore.dev/app-service';
/** Which version a pod is of: its id. In the template, so that each engine's revisions are told apart the same way. */
export const versionLabel = 'longshore.dev/app-service-version';
/** The unit that a workload and its pods are for. */
export const unitLabel = 'longshore.dev/release-unit';

/** Annotation of what the platform makes for an app service: its id. What has the labels but not this is somebody else's. */
export const serviceIdAnnotation = 'longshore.dev/app-service-id';

export interface ObservedPod {
  readonly name: string;
  readonly uid: string;
  readonly unit: string;
  readonly node: string | undefined;
  readonly versionId: string | undefined;
  readonly isReady: boolean;
  /** UTC ms since when it has been ready; undefined while it is not. */
  readonly readySince: number | undefined;
  readonly isLeaving: boolean;
  /** Why it will not come up by itself, e.g. `ImagePullBackOff`; undefined while that is open. */
  readonly problem: string | undefined;
  /** What it waits for, in the cluster's words, e.g. that no node has room for it; that may pass. */
  readonly note?: string | undefined;
  /** The object, for lists of pods. */
  readonly object: KubeObject;
}

/** A workload as it was looked at; one that was looked for and not found has neither `uid` nor `generation`. */
export interface SeenWorkload {
  readonly kind: KindRef;
  readonly name: string;
  readonly uid?: string | undefined;
  readonly generation?: number | undefined;
}

export interface ObservedUnit {
  readonly unit: string;
  /** Whether its workload (in a pair: any of both) is there. */
  readonly exists: boolean;
  /** Whether its controller has seen the last write (`observedGeneration`). */
  readonly isSettled: boolean;
  /**
   * Pods that it is to have: the target's number, or where somebody else sets it, that of the workload as it is now, so a group is
   * done when the lesser of this and what was wanted is. 0 for a unit that the target does not have any more.
   */
  readonly replicas: number;
  /** Whether somebody else sets the number: then nothing of ours writes it (`autoscaling/v2`, T14). */
  readonly isScaled: boolean;
  /** Pods that the workload, as it is written now, lets be of the target's version; 0 until it is prepared. */
  readonly allowed: number;
  /** Whether the workload's template is the target's. */
  readonly isPrepared: boolean;
  /** Those of a unit that is to have none, and those that stay in a blue-green release, are left out: nobody waits for them. */
  readonly pods: readonly ObservedPod[];
  /** What it was read from, so that the cluster can be asked past all caches whether it is still so. */
  readonly workloads: readonly SeenWorkload[];
  /** What the engine itself needs to decide; nobody else looks into it. */
  readonly detail: unknown;
}

/** The target's units in its order, then those that the service has workloads in and the target has not. */
export type Observed = readonly ObservedUnit[];

/** One write to the cluster, which may be made twice. */
export interface EngineWrite {
  readonly verb: 'create' | 'patch' | 'delete';
  readonly kind: KindRef;
  readonly name: string;
  /** The object, or the merge patch. */
  readonly body?: object;
  /** What it was decided on. */
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** How many pods of each unit shall be of the target's version by now, by unit. */
export type Wanted = ReadonlyMap<string, number>;

/**
 * Drives the workloads of one kind. All engines pass one conformance suite. `observe` reads, `next`, `finish` and `remove` are pure: they
 * answer the next write, or undefined where nothing is left to write. The caller makes one write, and looks again. Going back is the same as
 * going on, with what ran before as the target: never an undone partition (T16). Whoever scales a workload in the middle changes no version: a
 * group counts the pods of the target's version that there are.
 */
export interface ReleaseEngine {
  readonly name: EngineName;
  readonly kinds: readonly KindRef[];
  /** Whether the cluster has it. */
  isThere(cluster: Pick<Cluster, 'serves'>): boolean;
  /** Rejects with answer errors where the cluster cannot be asked for all of it: half of a list is not looked at. */
  observe(target: ReleaseTarget, reader: ClusterReader): Promise<Observed>;
  /**
   * Towards `wanted` pods of the target's version in each unit: workloads are there, carry its template with nothing moved, then move.
   * A unit with no workload gets one with `wanted` replicas, which grow with each call (first release). Never lowers the number of a
   * workload's pods, except what a pair takes from the old for what is ready of the new. Throws `PreconditionError` where it cannot go on.
   */
  next(target: ReleaseTarget, wanted: Wanted, observed: Observed): EngineWrite | undefined;
  /** Behind the last group, or a rollback: what is left of other versions and units goes, all has its number of pods and is in the plain form. */
  finish(target: ReleaseTarget, observed: Observed): EngineWrite | undefined;
  /** Takes the workloads of the service away (REL-14, TO_EMPTY). */
  remove(target: ReleaseTarget, observed: Observed): EngineWrite | undefined;
}
