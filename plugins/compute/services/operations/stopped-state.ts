import type { Profile } from 'longshore/sdk';
import type { WorkloadObject } from '../../api.ts';
import { mostUnlessSaid, replicasDefault, replicasMax } from '../../profile-keys/replicas.ts';
import { tagWorkload } from '../workload-kinds.ts';

/** Annotation of a stopped workload: how many pods it had. */
export const replicasBeforeStop = 'longshore.dev/replicas-before-stop';

/** No node has this label, so a DaemonSet that selects by it has no pods: Kubernetes has no other way to stop one. */
export const stoppedNodeLabel = 'longshore.dev/stopped';

/** Whether a workload is meant to run nothing, by its spec alone: its pods may still be ending (CMP-72). */
export function isStopped(object: WorkloadObject): boolean {
  const workload = tagWorkload(object);
  switch (workload.kind) {
    case 'DEPLOYMENT':
    case 'STATEFUL_SET':
    case 'REPLICA_SET':
    case 'CLONE_SET':
    case 'ADVANCED_STATEFUL_SET':
      return workload.object.spec?.replicas === 0;
    case 'DAEMON_SET':
      return workload.object.spec?.template.spec?.nodeSelector?.[stoppedNodeLabel] !== undefined;
    case 'JOB':
    case 'CRON_JOB':
      return workload.object.spec?.suspend === true;
  }
}

/** The merge patch that stops a workload as it is now, and remembers what is needed to start it again. */
export function stopPatch(object: WorkloadObject): object {
  const workload = tagWorkload(object);
  switch (workload.kind) {
    case 'DEPLOYMENT':
    case 'STATEFUL_SET':
    case 'REPLICA_SET':
    case 'CLONE_SET':
    case 'ADVANCED_STATEFUL_SET': {
      const replicas = workload.object.spec?.replicas ?? 1;
      return { metadata: { annotations: { [replicasBeforeStop]: String(replicas) } }, spec: { replicas: 0 } };
    }
    case 'DAEMON_SET':
      return { spec: { template: { spec: { nodeSelector: { [stoppedNodeLabel]: 'true' } } } } };
    case 'JOB':
    case 'CRON_JOB':
      return { spec: { suspend: true } };
  }
}

/** The merge patch that starts a stopped workload; `replicas` where that is a number of pods. */
export function startPatch(object: WorkloadObject, replicas: number | undefined): object {
  const { kind } = tagWorkload(object);
  switch (kind) {
    case 'DEPLOYMENT':
    case 'STATEFUL_SET':
    case 'REPLICA_SET':
    case 'CLONE_SET':
    case 'ADVANCED_STATEFUL_SET':
      return { metadata: { annotations: { [replicasBeforeStop]: null } }, spec: { replicas } };
    case 'DAEMON_SET':
      return { spec: { template: { spec: { nodeSelector: { [stoppedNodeLabel]: null } } } } };
    case 'JOB':
    case 'CRON_JOB':
      return { spec: { suspend: false } };
  }
}

/**
 * How many pods a stopped workload had, of which its place's profile may now allow fewer; as many as new ones have where nobody
 * remembers, since it was scaled to 0 by hand. Undefined for kinds without such a number.
 */
export function replicasToStart(object: WorkloadObject, profile: Profile): number | undefined {
  const { kind } = tagWorkload(object);
  if (kind === 'DAEMON_SET' || kind === 'JOB' || kind === 'CRON_JOB') return undefined;
  const remembered = Number(object.metadata.annotations?.[replicasBeforeStop] ?? Number.NaN);
  if (!Number.isSafeInteger(remembered) || remembered <= 0) return profile.get(replicasDefault);
  // Whoever edits the YAML can write any number there.
  return Math.min(remembered, profile.get(replicasMax) ?? mostUnlessSaid);
}
