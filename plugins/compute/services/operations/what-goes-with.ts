import { allMaybe, type ClusterReader, type KubeObject, type MaybePromise, mapMaybe } from 'longshore/sdk';
import { jobKind, replicaSetKind, serviceKind, type WorkloadObject } from '../../api.ts';
import { controlled, podsOfWorkload } from '../find-pods.ts';
import { isSelectedBy } from '../label-selectors.ts';
import { templateOf } from '../workload-facts.ts';
import { workloadKindOf } from '../workload-kinds.ts';
import { autoscalersOf } from './find-autoscaler.ts';

/** Most objects that are named of each sort. */
const most = 1_000;

/** What becomes of others when a workload is deleted, as far as the reader sees it. */
export interface Aftermath {
  /** What it owns, and the garbage collector takes away with it. */
  readonly goesWith: readonly KubeObject[];
  /** What is about it and stays, without anything to do: Services and HorizontalPodAutoscalers. */
  readonly staysBehind: readonly KubeObject[];
}

export function whatGoesWith(reader: ClusterReader, workload: WorkloadObject): MaybePromise<Aftermath> {
  const { namespace = '', uid } = workload.metadata;
  const kind = workloadKindOf(workload);
  const between = kind === 'DEPLOYMENT' ? replicaSetKind : kind === 'CRON_JOB' ? jobKind : undefined;
  const labels = templateOf(workload)?.metadata?.labels;
  const reads: MaybePromise<readonly unknown[]>[] = [
    between ? controlled<unknown>(reader, between, uid) : [],
    podsOfWorkload(reader, workload),
    autoscalersOf(reader, workload),
    mapMaybe(reader.list(serviceKind, { namespaces: [namespace] }), ({ items }) =>
      items.filter(({ spec }) => Object.keys(spec?.selector ?? {}).length > 0 && isSelectedBy(spec?.selector, labels)),
    ),
  ];
  return mapMaybe(allMaybe(reads), ([owned = [], pods = [], autoscalers = [], services = []]) => ({
    goesWith: [...owned, ...pods].slice(0, most) as readonly KubeObject[],
    staysBehind: [...services, ...autoscalers].slice(0, most) as readonly KubeObject[],
  }));
}
