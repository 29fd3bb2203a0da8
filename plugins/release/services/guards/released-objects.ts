import { anyWorkloadKinds, configMapKind, podKind, serviceKind } from 'longshore/plugins/compute';
import { type KindRef, type KubeObject, origin, subjectOf } from 'longshore/sdk';
import { serviceLabel, unitLabel, versionLabel } from '../../engines/engine.ts';

/** Subjects of workloads that a release may move. */
export const workloadSubjects: readonly string[] = anyWorkloadKinds.map(subjectOf);
/** Subjects of copies of configuration that versions name. */
export const snapshotSubjects: readonly string[] = [subjectOf(configMapKind), 'core/Secret'];
/** Subjects of everything that a release writes. Pods are not: one may be deleted to be tried again (REL-28). */
export const releasedSubjects: readonly string[] = [
  ...workloadSubjects,
  subjectOf(serviceKind as KindRef),
  ...snapshotSubjects,
];
/** And those whose labels Services and releases go by. */
export const labelledSubjects: readonly string[] = [...releasedSubjects, subjectOf(podKind as KindRef)];

/** Keys of labels that releases alone set. */
export const releaseLabels: readonly string[] = [serviceLabel, versionLabel, unitLabel];

/** Where an app service lies. */
export interface ServicePlace {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

/** The app service that an object says it is of; undefined for all others. */
export function serviceOf(object: KubeObject): ServicePlace | undefined {
  const { labels, namespace } = object.metadata;
  const name = labels?.[serviceLabel];
  return name === undefined || namespace === undefined
    ? undefined
    : { cluster: object[origin].cluster, namespace, name };
}
