import type { NodeObject, PodObject, WorkloadObject } from '../../api.ts';
import { millicoresOf, unitsOf } from '../amounts.ts';
import { requestedBy } from '../nodes/node-allocation.ts';
import { podStateOf } from '../pod-facts.ts';
import { isOwnedByWorkload, workloadKindOf } from '../workload-kinds.ts';
import { workloadStatus } from '../workload-status.ts';
import { isNodeHealthy, type NodeAnomaly, nodeAnomalies } from './node-anomalies.ts';

/** How many there are, and how many of them do well. */
export interface Health {
  readonly total: number;
  readonly healthy: number;
}

export interface ClusterOverview {
  readonly nodes: Health;
  readonly pods: Health;
  readonly statelessApps: Health;
  readonly anomalies: readonly NodeAnomaly[];
  readonly cpuRequestedMillicores: number;
  readonly cpuAllocatableMillicores: number;
  readonly memoryRequestedBytes: number;
  readonly memoryAllocatableBytes: number;
}

/** The numbers of a cluster's first page (CMP-12, CMP-111), of what is handed in and nothing else. Pure. */
export function overviewOf(
  nodes: readonly NodeObject[],
  pods: readonly PodObject[],
  workloads: readonly WorkloadObject[],
): ClusterOverview {
  const requested = requestedBy(pods);
  const stateless = workloads.filter(isStatelessApp);
  return {
    nodes: healthOf(nodes, isNodeHealthy),
    pods: healthOf(pods, isPodHealthy),
    statelessApps: healthOf(stateless, isWorkloadNormal),
    anomalies: nodes.flatMap(nodeAnomalies),
    cpuRequestedMillicores: requested.cpuMillicores,
    cpuAllocatableMillicores: sum(nodes, ({ status }) => millicoresOf(status?.allocatable?.cpu)),
    memoryRequestedBytes: requested.memoryBytes,
    memoryAllocatableBytes: sum(nodes, ({ status }) => unitsOf(status?.allocatable?.memory)),
  };
}

/** It runs and is ready, or has ended with success. */
export function isPodHealthy(pod: PodObject): boolean {
  const state = podStateOf(pod);
  return state === 'RUNNING' || state === 'SUCCEEDED';
}

/** What is wanted is there: also where nothing is wanted, or a rollout was paused. */
function isWorkloadNormal(workload: WorkloadObject): boolean {
  const status = workloadStatus(workload);
  return status === 'RUNNING' || status === 'STOPPED' || status === 'PAUSED' || status === 'DEPLOYING';
}

function isStatelessApp(workload: WorkloadObject): boolean {
  const kind = workloadKindOf(workload);
  return (kind === 'DEPLOYMENT' || kind === 'CLONE_SET') && !isOwnedByWorkload(workload);
}

function healthOf<T>(things: readonly T[], isHealthy: (thing: T) => boolean): Health {
  let healthy = 0;
  for (const thing of things) if (isHealthy(thing)) healthy += 1;
  return { total: things.length, healthy };
}

function sum<T>(things: readonly T[], amountOf: (thing: T) => number | undefined): number {
  return things.reduce((total, thing) => total + (amountOf(thing) ?? 0), 0);
}
