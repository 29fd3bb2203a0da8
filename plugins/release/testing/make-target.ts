import { type ReleaseTarget, serviceLabel, versionLabel } from '../engines/engine.ts';

export interface TargetDraft extends Partial<Omit<ReleaseTarget, 'units' | 'template'>> {
  /** Pods by unit; one workload each. */
  readonly pods?: Readonly<Record<string, number>>;
  readonly image?: string;
  /** More fields of the only container. */
  readonly container?: object;
  /** More fields of the pods' spec, and their annotations. */
  readonly podSpec?: object;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What is to run of a version of a service `web` in namespace `default`, for tests. */
export function makeTarget(draft: TargetDraft = {}): ReleaseTarget {
  const { pods = { '': 3 }, image = 'registry.local/web:1', container, podSpec, annotations, ...rest } = draft;
  const { service = 'web', versionId = '00000000-0000-4000-8000-000000000001' } = draft;
  const labels = { app: service, [serviceLabel]: service };
  return {
    cluster: 'embedded',
    namespace: 'default',
    service,
    serviceId: `id-of-${service}`,
    versionId,
    isStateful: false,
    upgradeMode: 'IN_PLACE',
    volumeClaimTemplates: [],
    labels,
    maxUnavailable: '25%',
    // Also where a whole target was given.
    ...rest,
    template: {
      metadata: { labels: { ...labels, [versionLabel]: versionId }, ...(annotations ? { annotations } : {}) },
      spec: { containers: [{ name: 'main', image, ...container }], ...podSpec },
    },
    units: Object.entries(pods).map(([unit, replicas]) => ({
      unit,
      workload: unit === '' ? service : `${service}--${unit}`,
      replicas,
      nodeSelector: {},
    })),
  };
}
