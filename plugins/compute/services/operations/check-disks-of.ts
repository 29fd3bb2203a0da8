import { type MaybePromise, mapMaybe, origin, type RequestContext, type ValidationIssue } from 'longshore/sdk';
import type { WorkloadObject } from '../../api.ts';
import { replicasMaxWithDisk } from '../../profile-keys/replicas.ts';
import { checkReadWriteOnce, claimNamesOf, loadClaims } from '../read-write-once.ts';
import { templateOf } from '../workload-facts.ts';
import { tagWorkload } from '../workload-kinds.ts';

/**
 * CMP-54 for a number of pods that a workload is given later, by scaling or by starting: as many as its profile allows may share a disk
 * that one node alone can write, also where the caller may not see the claim. A Job brings its own number, its parallelism.
 */
export function checkDisksOf(
  workload: WorkloadObject,
  replicas: number | undefined,
  path: readonly (string | number)[],
  context: RequestContext,
): MaybePromise<ValidationIssue[]> {
  const { cluster } = workload[origin];
  const { namespace = '' } = workload.metadata;
  const profile = context.services.profiles.at({ cluster, namespace });
  const pods = replicas ?? parallelismOf(workload);
  if (profile.get(replicasMaxWithDisk) === null || pods === undefined) return [];
  const names = claimNamesOf(templateOf(workload)?.spec);
  if (names.length === 0) return [];
  const reader = context.cluster(cluster).reader(context.principal, context.signal);
  return mapMaybe(loadClaims(reader, namespace, names), (claims) =>
    checkReadWriteOnce({ pods, claims, profile, path: ['replicas'] }).map((misfit) => ({ ...misfit, path: [...path] })),
  );
}

function parallelismOf(workload: WorkloadObject): number | undefined {
  const tagged = tagWorkload(workload);
  if (tagged.kind === 'JOB') return tagged.object.spec?.parallelism ?? 1;
  return tagged.kind === 'CRON_JOB' ? (tagged.object.spec?.jobTemplate.spec?.parallelism ?? 1) : undefined;
}
