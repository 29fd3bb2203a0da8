import { applicationLabel } from 'longshore/plugins/core';
import {
  allMaybe,
  type ClusterReader,
  type KindRef,
  type KubeObject,
  type ListRows,
  type MaybePromise,
  mapMaybe,
  origin,
  type Profiles,
} from 'longshore/sdk';
import type { Application, WorkloadObject } from '../../api.ts';
import { anyWorkloadKinds } from '../../api.ts';
import { isOwnedByWorkload } from '../workload-kinds.ts';

/** What decides which objects belong to an application. */
export interface MembershipRules {
  readonly profiles: Profiles;
  /** The workspace that a namespace belongs to; undefined where it belongs to none. */
  readonly workspaceOf: (cluster: string, namespace: string) => string | undefined;
}

/** The label that attaches an object to an application there; undefined where the profile wants none (CORE-28). */
export function applicationLabelAt(profiles: Profiles, cluster: string, namespace: string): string | undefined {
  return profiles.at({ cluster, namespace }).get(applicationLabel) ?? undefined;
}

/** The application that an object names by its label; undefined for none. */
export function applicationNameOf(
  { metadata, [origin]: { cluster } }: Pick<KubeObject, 'metadata' | typeof origin>,
  profiles: Profiles,
): string | undefined {
  const label = applicationLabelAt(profiles, cluster, metadata.namespace ?? '');
  return label === undefined ? undefined : labelOf(metadata.labels, label);
}

/** Whether an object lies where the application is and names it. */
export function belongsToApplication(
  application: Pick<Application, 'name' | 'cluster' | 'namespace' | 'workspaceUuid'>,
  object: Pick<KubeObject, 'metadata' | typeof origin>,
  rules: MembershipRules,
): boolean {
  const { cluster } = object[origin];
  const { namespace = '' } = object.metadata;
  return (
    isInPlace(application, cluster, namespace, rules) && applicationNameOf(object, rules.profiles) === application.name
  );
}

/** Whether a namespace is one of those that the application is in. */
export function isInPlace(
  application: Pick<Application, 'cluster' | 'namespace' | 'workspaceUuid'>,
  cluster: string,
  namespace: string,
  { workspaceOf }: Pick<MembershipRules, 'workspaceOf'>,
): boolean {
  if (application.cluster !== null) return application.cluster === cluster && application.namespace === namespace;
  return application.workspaceUuid !== null && workspaceOf(cluster, namespace) === application.workspaceUuid;
}

/** Objects of some kinds that belong to an application, in the cluster of a reader; those that a workload makes are not asked for. */
export function membersOfApplication(
  application: Application,
  kinds: readonly KindRef[],
  reader: ClusterReader,
  rules: MembershipRules,
): MaybePromise<ListRows<KubeObject>> {
  const labels = labelsOfAnyProfile(rules.profiles);
  const { namespace } = application;
  const place = namespace === null ? {} : { namespaces: [namespace] };
  const lists = kinds.flatMap((kind) =>
    labels.map((label) => reader.list(kind, { ...place, labelSelector: `${label}=${application.name}` })),
  );
  return mapMaybe(allMaybe(lists), (found) => ({
    items: found
      .flatMap(({ items }) => items)
      .filter((object) => !isOwnedByWorkload(object) && belongsToApplication(application, object, rules)),
    problems: found.flatMap(({ problems }) => problems),
  }));
}

/** Workloads of an application in the cluster of a reader, without those that another workload makes. */
export function workloadsOfApplication(
  application: Application,
  reader: ClusterReader,
  rules: MembershipRules,
): MaybePromise<ListRows<WorkloadObject>> {
  const found = membersOfApplication(application, anyWorkloadKinds, reader, rules);
  return found as unknown as MaybePromise<ListRows<WorkloadObject>>;
}

/** Which label it is, the profile of each namespace says; there are few. */
export function labelsOfAnyProfile({ all }: Profiles): readonly string[] {
  return [...new Set(all.flatMap((profile) => profile.get(applicationLabel) ?? []))];
}

function labelOf(labels: Readonly<Record<string, string>> | undefined, label: string): string | undefined {
  return labels && Object.hasOwn(labels, label) ? labels[label] : undefined;
}
