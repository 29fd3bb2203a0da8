import type { VersionSpec } from '../services/app-services/version-spec.ts';

/** The smallest version there is: one container, grouped FAST with a beta group, which goes on by itself. */
export function specOf(image: string, replicas: number): VersionSpec {
  return {
    template: {},
    podTemplate: { metadata: { labels: {} }, spec: { containers: [{ name: 'main', image }] } },
    volumeClaimTemplates: [],
    scaling: { strategy: 'FIXED', replicas, elasticNodes: false },
    access: [],
    configuration: [],
    deployment: {
      upgradeMode: 'REPLACE',
      units: [],
      grouping: 'FAST',
      minGroups: 3,
      betaGroup: true,
      pauseAfterGroup: false,
      isSpread: true,
      traffic: null,
      isLossless: false,
      affinity: { sameNode: [], differentNode: [] },
    },
  } as VersionSpec;
}
