import type { Profile, TextRule } from 'longshore/sdk';
import {
  clusterBandwidthMax,
  clusterMasterCounts,
  clusterMastersDefault,
  clusterWorkersDefault,
  clusterWorkersMax,
  clusterWorkersMaxExpandedWithFiveMasters,
  clusterWorkersMaxExpandedWithThreeMasters,
  clusterWorkersMaxWithOneMaster,
  kubernetesVersions,
} from '../../profile-keys/clusters.ts';
import {
  clusterFields,
  clusterNodeRequiredFields,
  clusterRequiredFields,
} from '../../profile-keys/managed-clusters.ts';
import {
  nodeDataDiskDefault,
  nodeDataDiskMin,
  nodeFlavorMinCores,
  nodeFlavorMinMemory,
  nodeNamePrefix,
  nodeSystemDiskDefault,
  nodeSystemDiskMin,
} from '../../profile-keys/nodes.ts';

/** What a profile says of clusters that are made and expanded; null: no limit. */
export interface ClusterLimits {
  readonly profile: string;
  readonly fields: readonly string[];
  readonly requiredFields: readonly string[];
  readonly nodeRequiredFields: readonly string[];
  readonly versions: readonly string[] | null;
  readonly masterCounts: readonly number[] | null;
  readonly mastersDefault: number;
  readonly workersDefault: number;
  readonly workersMax: number | null;
  readonly workersMaxWithOneMaster: number | null;
  readonly expandedWithThree: number | null;
  readonly expandedWithFive: number | null;
  readonly minCores: number | null;
  readonly minMemoryGiB: number | null;
  readonly systemDiskMin: number | null;
  readonly dataDiskMin: number | null;
  readonly systemDiskDefault: number | null;
  readonly dataDiskDefault: number | null;
  readonly bandwidthMax: number | null;
  readonly namePrefix: TextRule;
}

export function limitsOf(profile: Profile): ClusterLimits {
  return {
    profile: profile.name,
    fields: profile.get(clusterFields),
    requiredFields: profile.get(clusterRequiredFields),
    nodeRequiredFields: profile.get(clusterNodeRequiredFields),
    versions: profile.get(kubernetesVersions),
    masterCounts: profile.get(clusterMasterCounts),
    mastersDefault: profile.get(clusterMastersDefault),
    workersDefault: profile.get(clusterWorkersDefault),
    workersMax: profile.get(clusterWorkersMax),
    workersMaxWithOneMaster: profile.get(clusterWorkersMaxWithOneMaster),
    expandedWithThree: profile.get(clusterWorkersMaxExpandedWithThreeMasters),
    expandedWithFive: profile.get(clusterWorkersMaxExpandedWithFiveMasters),
    minCores: profile.get(nodeFlavorMinCores),
    minMemoryGiB: profile.get(nodeFlavorMinMemory),
    systemDiskMin: profile.get(nodeSystemDiskMin),
    dataDiskMin: profile.get(nodeDataDiskMin),
    systemDiskDefault: profile.get(nodeSystemDiskDefault),
    dataDiskDefault: profile.get(nodeDataDiskDefault),
    bandwidthMax: profile.get(clusterBandwidthMax),
    namePrefix: profile.get(nodeNamePrefix),
  };
}

/** Most workers of a cluster with so many control-plane nodes, at creation or behind an expansion (CMP-03, CMP-14). */
export function mostWorkers(limits: ClusterLimits, masters: number, when: 'CREATION' | 'EXPANSION'): number | null {
  if (masters <= 1) return limits.workersMaxWithOneMaster ?? limits.workersMax;
  if (when === 'CREATION') return limits.workersMax;
  return masters >= 5 ? limits.expandedWithFive : limits.expandedWithThree;
}
