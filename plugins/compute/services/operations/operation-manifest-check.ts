import { isDeepStrictEqual } from 'node:util';
import {
  type KubeObject,
  type ManifestCheck,
  type ManifestMisfit,
  mergePatch,
  type RequestContext,
  subjectOf,
  type WrittenObject,
} from 'longshore/sdk';
import type { WorkloadObject } from '../../api.ts';
import { anyWorkloadKinds } from '../../api.ts';
import { replicasMaxWithDisk } from '../../profile-keys/replicas.ts';
import { checkSharedDisks } from '../form/check-shared-disks.ts';
import { loadClaims } from '../read-write-once.ts';
import { itemsAt, valueAt } from '../rules/seen-workload.ts';
import { seenAs } from '../workload-manifests.ts';
import { misfitsOfStart } from './check-disks-of.ts';
import { operationsBetween } from './operations-between.ts';
import { obstacleInItself } from './require-operation.ts';
import { isStopped } from './stopped-state.ts';
import type { WorkloadOperation } from './workload-operations.ts';

/**
 * What a mutation refuses to do to a workload, a text does not do either: edit what is only deleted, stop, start, scale, pause
 * (CMP-71), or give several pods a disk of one node (CMP-54). Who scales it and which disks there are counts also where the caller
 * may not see them. What is being deleted may be edited, so that its finalizers can be taken away. What other plugins do to it is told
 * by the writer, which asks them about everything that is written.
 */
export const operationManifestCheck: ManifestCheck = {
  subjects: anyWorkloadKinds.map(subjectOf),
  async check(written, context) {
    const next = asWritten(written);
    return [...(await checkOperations(written, next, context)), ...(await checkDisks(written, next, context))];
  },
};

async function checkOperations(
  { existing, profile, cluster }: WrittenObject,
  next: object,
  context: RequestContext,
): Promise<readonly ManifestMisfit[]> {
  if (!existing || existing.metadata.deletionTimestamp !== undefined) return [];
  const workload = existing as WorkloadObject;
  const reader = context.cluster(cluster).reader(context.principal, context.signal);
  const done: readonly { operation: WorkloadOperation; path: readonly (string | number)[] }[] = [
    ...(isSame(existing, next) ? [] : [{ operation: 'EDIT' as const, path: ['kind'] }]),
    ...operationsBetween(workload, next, profile),
  ];
  const misfits: ManifestMisfit[] = [];
  for (const { operation, path } of done) {
    const obstacle = await obstacleInItself(operation, workload, context, reader);
    if (!obstacle && (operation === 'START' || operation === 'SCALE') && isStopped(workload)) {
      misfits.push(...(await misfitsOfStart(workload, context)).map((misfit) => ({ ...misfit, path })));
    }
    // What an owner sets back is no harm: it may be edited as anywhere else.
    if (!obstacle || obstacle.reason === 'MANAGED_BY_OWNER') continue;
    misfits.push({ path, code: obstacle.reason.toLowerCase(), message: obstacle.message });
    if (operation === 'EDIT') break;
  }
  return misfits;
}

async function checkDisks(
  { kind, namespace, existing, profile, cluster }: WrittenObject,
  next: object,
  context: RequestContext,
): Promise<readonly ManifestMisfit[]> {
  if (profile.get(replicasMaxWithDisk) === null || namespace === undefined) return [];
  const seen = seenAs(kind, next, profile);
  const claims = itemsAt(next, [...seen.podSpec, 'volumes']).map((volume) =>
    valueAt(volume, ['persistentVolumeClaim', 'claimName']),
  );
  const names = [...new Set(claims.filter((name) => typeof name === 'string'))];
  if (names.length === 0) return [];
  const reader = context.cluster(cluster).reader(context.principal, context.signal);
  return checkSharedDisks(seen, existing, await loadClaims(reader, namespace, names));
}

/** The workload as it would be: a part that is applied changes what it says, an edit says all. */
function asWritten({ object, existing, road }: WrittenObject): object {
  return existing && road === 'APPLY' ? (merged(existing, object) as object) : object;
}

/** Lists are taken as a whole: nothing that is asked here lies in two writers' items of one list. */
function merged(base: unknown, part: unknown): unknown {
  if (!isPlain(base) || !isPlain(part)) return part ?? base;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(part)) result[key] = merged(base[key], value);
  return result;
}

/** Whether nothing of what is wanted differs; the cluster's own bookkeeping apart. */
function isSame(existing: KubeObject, next: object): boolean {
  const wanted = (object: object): unknown => {
    const { spec, metadata } = object as { spec?: unknown; metadata?: { labels?: unknown; annotations?: unknown } };
    return { spec, labels: metadata?.labels ?? {}, annotations: metadata?.annotations ?? {} };
  };
  const [before, after] = [wanted(existing), wanted(next)];
  return isDeepStrictEqual(before, after) || mergePatch(before, after) === undefined;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
