import {
  type KindRef,
  type ManifestMisfit,
  type MaybePromise,
  mapMaybe,
  origin,
  type RequestContext,
  subjectOf,
  type ValidationIssue,
} from 'longshore/sdk';
import type { WorkloadObject } from '../../api.ts';
import { replicasMaxWithDisk } from '../../profile-keys/replicas.ts';
import { checkReadWriteOnce, claimNamesOf, loadClaims } from '../read-write-once.ts';
import { templateOf } from '../workload-facts.ts';
import { tagWorkload } from '../workload-kinds.ts';
import { isStopped } from './stopped-state.ts';

/**
 * Everything about disks that stands against a workload having so many pods later, by scaling or by starting: `checkSharing`, and what other plugins
 * have against one that runs nothing starting to run (STO-16).
 */
export async function checkDisksOf(
  workload: WorkloadObject,
  replicas: number | undefined,
  path: readonly (string | number)[],
  context: RequestContext,
): Promise<readonly ValidationIssue[]> {
  const issues = await checkSharing(workload, replicas, path, context);
  if (issues.length > 0 || replicas === 0 || !isStopped(workload)) return issues;
  return (await misfitsOfStart(workload, context)).map((misfit) => ({ ...misfit, path: [...path] }));
}

/** What the rules of plugins have against a stopped workload starting. */
export async function misfitsOfStart(
  workload: WorkloadObject,
  context: RequestContext,
): Promise<readonly ManifestMisfit[]> {
  const { cluster, ...kind } = workload[origin];
  const { namespace, name } = workload.metadata;
  const profile = context.services.profiles.at({ cluster, namespace });
  const started = { cluster, kind: kind as KindRef, namespace, name, profile, object: workload as never };
  const checks = context.services.registry.manifestChecks.filter(
    ({ start, subjects }) => start && subjects.includes(subjectOf(workload[origin])),
  );
  return (await Promise.all(checks.map(({ start }) => start?.(started, context) ?? []))).flat();
}

/**
 * CMP-54 for a number of pods that a workload is given later, by scaling or by starting: as many as its profile allows may share a disk
 * that one node alone can write, also where the caller may not see the claim. A Job brings its own number, its parallelism.
 */
function checkSharing(
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
