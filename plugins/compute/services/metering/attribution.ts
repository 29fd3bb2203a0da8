import { createHash } from 'node:crypto';
import type { TenancyService } from 'longshore/plugins/core';
import type { ClusterReader, KindRef, KubeObject, Profiles } from 'longshore/sdk';
import { type Application, anyWorkloadKinds } from '../../api.ts';
import { applicationLabelAt } from '../applications/application-members.ts';
import { controllerOf, workloadKindOfOwner } from '../workload-kinds.ts';
import type { MeteredPod } from './metered-pod.ts';

/** Whose usage it is. */
export interface UsageSeries {
  readonly id: string;
  readonly cluster: string;
  readonly namespace: string;
  /** The workload that nobody else makes, e.g. `Deployment`; `Pod` for a bare pod. */
  readonly workloadKind: string;
  readonly workloadName: string;
  readonly applicationId: string | null;
  readonly workspaceId: string | null;
  readonly projectId: string | null;
}

export interface AttributionSources {
  readonly profiles: Profiles;
  readonly tenancy: Pick<TenancyService, 'bindingOf'>;
  /** All applications there are. */
  readonly applications: readonly Pick<Application, 'uuid' | 'name' | 'cluster' | 'namespace' | 'workspaceUuid'>[];
  /** Namespaces of which nothing is metered. */
  readonly exempt: ReadonlySet<string>;
}

type Owned = Pick<KubeObject, 'metadata'>;

/** The workloads of a cluster by uid: what pods are traced back through. */
export async function workloadsByUid(reader: ClusterReader): Promise<ReadonlyMap<string, Owned>> {
  const lists = await Promise.all(anyWorkloadKinds.map((kind) => reader.list(kind as KindRef)));
  const found = new Map<string, Owned>();
  for (const { items } of lists) for (const object of items) found.set(object.metadata.uid, object);
  return found;
}

/** Tells whose usage a pod's is, now; undefined where nobody's. All of one look have the same objects for the same series. */
export function createAttribution(
  cluster: string,
  workloads: ReadonlyMap<string, Owned>,
  { profiles, tenancy, applications, exempt }: AttributionSources,
): (pod: MeteredPod) => UsageSeries | undefined {
  const known = new Map<string, UsageSeries>();
  const labels = new Map<string, string | undefined>();
  const named = new Map(applications.map((each) => [keyOf(each.name, each), each.uuid]));
  return (pod) => {
    const { namespace } = pod;
    if (exempt.has(namespace)) return undefined;
    const { kind, name, object } = workloadOf(pod, workloads);
    if (!labels.has(namespace)) labels.set(namespace, applicationLabelAt(profiles, cluster, namespace));
    const label = labels.get(namespace);
    const application = label === undefined ? undefined : (object?.metadata.labels?.[label] ?? pod.labels[label]);
    const { workspaceUuid = null, projectUuid = null } = tenancy.bindingOf(cluster, namespace) ?? {};
    const key = [cluster, namespace, kind, name, application ?? ''].join('\n');
    let series = known.get(key);
    if (!series) {
      const applicationId =
        application === undefined
          ? null
          : (named.get(keyOf(application, { cluster, namespace, workspaceUuid: null })) ??
            (workspaceUuid === null
              ? null
              : (named.get(keyOf(application, { cluster: null, namespace: null, workspaceUuid })) ?? null)));
      const of = { cluster, namespace, workloadKind: kind, workloadName: name, applicationId };
      series = withId({ ...of, workspaceId: workspaceUuid, projectId: projectUuid });
      known.set(key, series);
    }
    return series;
  };
}

const keyOf = (name: string, place: Pick<Application, 'cluster' | 'namespace' | 'workspaceUuid'>) =>
  JSON.stringify([name, place.cluster, place.namespace, place.cluster === null ? place.workspaceUuid : null]);

function withId(series: Omit<UsageSeries, 'id'>): UsageSeries {
  const { cluster, namespace, workloadKind, workloadName, applicationId, workspaceId, projectId } = series;
  const text = JSON.stringify([cluster, namespace, workloadKind, workloadName, applicationId, workspaceId, projectId]);
  return { ...series, id: createHash('sha256').update(text).digest('base64url').slice(0, 27) };
}

/** Up to what nobody else makes. Where what lies between is gone already, the names that controllers give tell. */
function workloadOf(
  pod: MeteredPod,
  workloads: ReadonlyMap<string, Owned>,
): { readonly kind: string; readonly name: string; readonly object: Owned | undefined } {
  let owner = pod.owner;
  if (!owner) return { kind: 'Pod', name: pod.name, object: undefined };
  for (let level = 0; level < 4; level += 1) {
    const object = workloads.get(owner.uid);
    const above = object && controllerOf(object);
    if (!above || !workloadKindOfOwner(above)) {
      if (object) return { kind: owner.kind, name: owner.name, object };
      break;
    }
    owner = above;
  }
  const hash = pod.labels['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash && owner.name.endsWith(`-${hash}`)) {
    return { kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1), object: undefined };
  }
  const scheduled = owner.kind === 'Job' ? /^(.+)-\d{8,}$/.exec(owner.name)?.[1] : undefined;
  if (scheduled !== undefined) return { kind: 'CronJob', name: scheduled, object: undefined };
  return { kind: owner.kind, name: owner.name, object: undefined };
}
