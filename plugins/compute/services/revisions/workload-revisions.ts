import { isDeepStrictEqual } from 'node:util';
import type { V1ControllerRevision, V1PodTemplateSpec } from '@kubernetes/client-node';
import { type ClusterReader, type KubeObject, type MaybePromise, mapMaybe } from 'longshore/sdk';
import { controllerRevisionKind, replicaSetKind, type WorkloadObject } from '../../api.ts';
import { controlled } from '../find-pods.ts';
import { stoppedNodeLabel } from '../operations/stopped-state.ts';
import { revisionOf, templateOf } from '../workload-facts.ts';
import { type WorkloadKindName, workloadKindOf } from '../workload-kinds.ts';

/** A version of a workload that the cluster keeps, to which it can be rolled back (CMP-76). */
export interface WorkloadRevision {
  /** From 1 on; a rollback makes the old version the newest, under a new number. */
  readonly number: number;
  /** Name of the ReplicaSet or ControllerRevision that keeps it. */
  readonly name: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** From the annotation `kubernetes.io/change-cause`. */
  readonly changeCause: string | undefined;
  /** Whether it is what the workload is now meant to be. */
  readonly isCurrent: boolean;
  readonly template: V1PodTemplateSpec;
}

/** Versions that the cluster keeps of a workload (`revisionHistoryLimit`), newest first; none of kinds that keep none. */
export function revisionsOf(
  reader: ClusterReader,
  workload: WorkloadObject,
): MaybePromise<readonly WorkloadRevision[]> {
  const kind = workloadKindOf(workload);
  const { uid } = workload.metadata;
  if (kind === 'DEPLOYMENT') {
    return mapMaybe(controlled(reader, replicaSetKind, uid), (sets) =>
      inOrder(
        sets.map((set) =>
          toRevision(workload, set, revisionOf(set), set.spec?.template as V1PodTemplateSpec | undefined),
        ),
      ),
    );
  }
  if (kind !== undefined && keptAsRevisions.has(kind)) {
    return mapMaybe(controlled(reader, controllerRevisionKind, uid), (kept) =>
      inOrder(kept.map((revision) => toRevision(workload, revision, revision.revision, templateIn(revision)))),
    );
  }
  return [];
}

/** What they are rolled back to are ControllerRevisions, not ReplicaSets. */
const keptAsRevisions: ReadonlySet<WorkloadKindName> = new Set([
  'STATEFUL_SET',
  'DAEMON_SET',
  'CLONE_SET',
  'ADVANCED_STATEFUL_SET',
]);

function inOrder(revisions: readonly (WorkloadRevision | undefined)[]): readonly WorkloadRevision[] {
  return revisions.filter((revision) => revision !== undefined).sort((a, b) => b.number - a.number);
}

function toRevision(
  workload: WorkloadObject,
  { metadata }: Pick<KubeObject, 'metadata'>,
  number: number | undefined,
  template: V1PodTemplateSpec | undefined,
): WorkloadRevision | undefined {
  if (number === undefined || !template) return undefined;
  const own = withoutHash(template);
  // A stop is a state, not a version to go back to.
  if (isStopOfDaemonSet(own)) return undefined;
  return {
    number,
    name: metadata.name,
    createdAt: metadata.creationTimestamp,
    changeCause: metadata.annotations?.['kubernetes.io/change-cause'],
    isCurrent: isDeepStrictEqual(plain(own), plain(templateOf(workload))),
    template: own,
  };
}

/** Controllers add a label of their own to what they keep. */
function withoutHash(template: V1PodTemplateSpec): V1PodTemplateSpec {
  const { 'pod-template-hash': _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** What is kept is a strategic merge patch that replaces the template (`apps/v1` ControllerRevision). */
function templateIn({ data }: KubeObject<V1ControllerRevision>): V1PodTemplateSpec | undefined {
  const { spec } = (data ?? {}) as { spec?: { template?: V1PodTemplateSpec & { $patch?: string } } };
  if (!spec?.template) return undefined;
  const { $patch: _directive, ...template } = spec.template;
  return template;
}

/** As the cluster sends it, without what is absent; `creationTimestamp: null` stands in many templates. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null), (_key, part: unknown) => (part === null ? undefined : part));
}

function isStopOfDaemonSet({ spec }: V1PodTemplateSpec): boolean {
  return spec?.nodeSelector?.[stoppedNodeLabel] !== undefined;
}
