import type { DeploymentSpec, ScalingSpec, VersionSpec } from '../services/app-services/version-spec.ts';

interface SpecParts {
  readonly deployment?: Partial<DeploymentSpec>;
  readonly scaling?: Partial<ScalingSpec>;
  /** More of the pod template's spec. */
  readonly podSpec?: object;
}

/** A version's spec: one container, one pod, all else as the form has it where nothing is said. */
export function makeSpec({ deployment, scaling, podSpec }: SpecParts = {}): VersionSpec {
  return {
    podTemplate: {
      metadata: { labels: { tier: 'front' } },
      spec: { containers: [{ name: 'web', image: 'nginx:1' }], ...podSpec },
    },
    volumeClaimTemplates: [],
    scaling: { strategy: 'FIXED', replicas: 1, elasticNodes: false, ...scaling },
    access: [],
    deployment: {
      upgradeMode: 'IN_PLACE',
      units: [],
      grouping: 'FAST',
      minGroups: 3,
      betaGroup: true,
      pauseAfterGroup: true,
      isSpread: true,
      affinity: { sameNode: [], differentNode: [] },
      traffic: null,
      isLossless: false,
      ...deployment,
    },
    configuration: [],
  };
}
