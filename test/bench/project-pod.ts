import type { V1Pod } from '@kubernetes/client-node';

const time = (text: unknown) => (text === undefined || text === null ? null : new Date(text as string).toISOString());

/** The thirty fields as somebody would write them by hand for just this question. */
export function projectPod({ metadata = {}, spec, status }: V1Pod): object {
  const statuses = status?.containerStatuses ?? [];
  const ready = statuses.filter((container) => container.ready);
  const id = `k8s|bench||Pod|${metadata.namespace}|${metadata.name}`;
  return {
    id: Buffer.from(id).toString('base64url'),
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid,
    createdAt: time(metadata.creationTimestamp),
    resourceVersion: metadata.resourceVersion,
    labels: Object.entries(metadata.labels ?? {}).map(([key, value]) => ({ key, value })),
    owners: [],
    phase: status?.phase?.toUpperCase(),
    reason: status?.reason ?? status?.phase,
    readiness: `${ready.length}/${spec?.containers.length}`,
    restartCount: statuses.reduce((sum, container) => sum + container.restartCount, 0),
    qosClass: status?.qosClass?.toUpperCase(),
    serviceAccountName: spec?.serviceAccountName,
    nodeName: spec?.nodeName,
    hostIP: status?.hostIP,
    podIP: status?.podIP,
    startedAt: time(status?.startTime),
    isReady: status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
    conditions: (status?.conditions ?? []).map(({ type, status, reason, lastTransitionTime }) => ({
      type,
      status: status.toUpperCase(),
      reason: reason ?? null,
      lastTransitionTime: time(lastTransitionTime),
    })),
    containers: (spec?.containers ?? []).map(({ name, image }, index) => ({
      name,
      image,
      state: statuses[index]?.state?.running ? 'RUNNING' : 'WAITING',
      isReady: statuses[index]?.ready,
      restartCount: statuses[index]?.restartCount,
    })),
  };
}
