import type { PodObject } from 'longshore/plugins/compute';

/** Why a pod gets no traffic. */
export interface NotReady {
  /** In one word, e.g. `Terminating`, `ContainersNotReady`. */
  readonly reason: string;
  readonly message: string;
}

/** What the cluster says of why a pod is not ready (its conditions `Ready` and `PodScheduled`); undefined where it is. Pure. */
export function whyNotReady({ metadata, status }: PodObject): NotReady | undefined {
  if (metadata.deletionTimestamp) return { reason: 'Terminating', message: 'It is being deleted.' };
  const find = (type: string) => status?.conditions?.find((condition) => condition.type === type);
  const ready = find('Ready');
  if (ready?.status === 'True') return undefined;
  const told = [find('PodScheduled'), ready].find((condition) => condition?.status === 'False');
  return {
    reason: told?.reason || status?.reason || status?.phase || 'Unknown',
    message: told?.message || status?.message || 'The cluster does not say why.',
  };
}
