import { PreconditionError } from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { tagWorkload } from './workload-kinds.ts';

/** What `kubectl rollout restart` sets on the template: a changed template is a new rollout. */
export function restartPatch(nowMs: number): object {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date(nowMs).toISOString() };
  return { spec: { template: { metadata: { annotations } } } };
}

/** Throws `PreconditionError` where a restart cannot happen, by the rules of `kubectl rollout restart`. */
export function requireRestartable(object: WorkloadObject): void {
  const name = `${object.kind} '${object.metadata.name}'`;
  if (object.metadata.deletionTimestamp !== undefined) {
    throw new PreconditionError('BEING_DELETED', `${name} is being deleted`);
  }
  const workload = tagWorkload(object);
  switch (workload.kind) {
    case 'DEPLOYMENT':
      if (!workload.object.spec?.paused) return;
      throw new PreconditionError('WORKLOAD_PAUSED', `${name} is paused: resume it before you restart it`);
    case 'STATEFUL_SET':
    case 'DAEMON_SET':
      return;
    case 'REPLICA_SET':
    case 'JOB':
    case 'CRON_JOB':
      throw new PreconditionError(
        'NOT_RESTARTABLE',
        `${name} has no rollout: only a Deployment, StatefulSet or DaemonSet can be restarted`,
      );
  }
}
