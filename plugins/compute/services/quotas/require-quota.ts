import { isDeepStrictEqual } from 'node:util';
import { type ResourceQuotaObject, resourceQuotaKind } from 'longshore/plugins/core';
import {
  AnswerError,
  type Cluster,
  type ClusterWriter,
  dryRunTicket,
  type KindRef,
  origin,
  QuotaExceededError,
  type RequestContext,
  readLive,
  systemPrincipal,
} from 'longshore/sdk';
import { podKind, type WorkloadObject } from '../../api.ts';
import { needsOf, units } from './pod-needs.ts';
import { podsOfManifest, type WantedPods, type WorkloadManifest } from './pods-of-manifest.ts';
import { type CountedPod, type QuotaDemand, quotaShortages } from './quota-shortages.ts';
import type { ScopedSpec } from './scopes.ts';

/** A workload that is to be there, or to want other pods than it does. */
export interface WorkloadChange {
  readonly cluster: string;
  readonly namespace: string;
  readonly kind: Pick<KindRef, 'group' | 'plural'>;
  /** As it is now; undefined for a new one. */
  readonly before: WorkloadManifest | undefined;
  readonly after: WorkloadManifest;
}

/**
 * Throws `QuotaExceededError` where the quotas of a namespace have too little left for the pods of a workload, with what is missing (CMP-34). The
 * cluster itself would take the workload and refuse its pods, of which nobody is told who asked. Costs nothing where there are no quotas or no
 * more is asked for; else the dry run of one pod, as the cluster would have it by its LimitRanges and default PriorityClass.
 */
export async function requireQuota(change: WorkloadChange, context: RequestContext): Promise<void> {
  const after = podsOfManifest(change.after);
  const before = change.before && podsOfManifest(change.before);
  if (!after || !asksForMore(before, after)) return;
  const { namespace } = change;
  const cluster = context.cluster(change.cluster);
  const listed = await cluster.reader(systemPrincipal).list(resourceQuotaKind, { namespaces: [namespace] });
  if (listed.items.length === 0) return;

  const tried = await tryPod(change, after, cluster.writer(context.principal));
  const demand = demandOf(change, before, after, tried.pod ?? after.template);
  const seen = quotaShortages(listed.items, demand);
  // What was freed a moment ago the cache may not know yet.
  const shortages = seen.length > 0 ? quotaShortages(await lookAgain(seen, cluster, namespace), demand) : [];
  if (shortages.length > 0) {
    const message = `The quota of namespace '${namespace}' in cluster '${change.cluster}' is too small. ${shortages.map((each) => each.message).join('; ')}`;
    const plain = shortages.map(({ of: _of, message: _message, ...shortage }) => shortage);
    throw new QuotaExceededError(message, { shortages: plain });
  }
  if (tried.refused && after.count > (before?.count ?? 0)) throw tried.refused;
}

function asksForMore(before: WantedPods | undefined, after: WantedPods): boolean {
  if (after.count === 0) return false;
  if (!before || after.count > before.count) return true;
  const [was, is] = [needsOf(before.template), needsOf(after.template)];
  return (
    is.cpuRequestMillicores > was.cpuRequestMillicores ||
    is.memoryRequestBytes > was.memoryRequestBytes ||
    (is.cpuLimitMillicores ?? 0) > (was.cpuLimitMillicores ?? 0) ||
    (is.memoryLimitBytes ?? 0) > (was.memoryLimitBytes ?? 0) ||
    Object.entries(is.others ?? {}).some(([name, amount]) => amount > (was.others?.[name] ?? 0))
  );
}

interface TriedPod {
  /** With what the cluster fills in; undefined where it would not have it. */
  readonly pod: object | undefined;
  /** What a quota has against even one such pod. */
  readonly refused?: QuotaExceededError;
}

async function tryPod(
  { namespace, after }: WorkloadChange,
  { template, claims }: WantedPods,
  writer: ClusterWriter,
): Promise<TriedPod> {
  const { metadata, spec } = template;
  // A claim need not be there to count what its pod asks for.
  const volumes = [...(spec?.volumes ?? []), ...claims.map((claim) => ({ name: claim.metadata?.name, emptyDir: {} }))];
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      labels: metadata?.labels,
      name: `${after.metadata?.name}-quota`.slice(-63).replace(/^[^a-z0-9]+/, ''),
      namespace,
    },
    spec: { ...spec, volumes },
  };
  try {
    return { pod: (await writer.create(dryRunTicket, podKind, pod)).object };
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    // What else it has against the pod is for the workload's own dry run to say, or for its events.
    return { pod: undefined, ...(error instanceof QuotaExceededError ? { refused: error } : {}) };
  }
}

function demandOf(
  { kind, before: isThere }: WorkloadChange,
  before: WantedPods | undefined,
  after: WantedPods,
  pod: object,
): QuotaDemand {
  // What the cluster fills in it fills in for all that are made of one template.
  const isSame = before && isDeepStrictEqual(before.template.spec, after.template.spec);
  const running = before ? counted(isSame ? pod : before.template) : undefined;
  const claimants = Math.max(0, after.count - (before?.count ?? 0));
  const claimed = after.claims.reduce((total, { spec }) => total + units(spec?.resources?.requests?.storage), 0);
  return {
    pod: counted(pod),
    replicas: after.count,
    running: before && running ? Array.from({ length: before.count }, () => running) : [],
    surge: 0,
    workloads: isThere ? {} : { [`count/${kind.plural}.${kind.group}`]: 1 },
    claims: claimants * after.claims.length,
    claimedBytes: claimants * claimed,
  };
}

const counted = (pod: object): CountedPod => ({
  spec: ((pod as { readonly spec?: ScopedSpec }).spec ?? {}) as ScopedSpec,
  needs: needsOf(pod),
});

/** Those that have too little, as the cluster has them now. */
async function lookAgain(
  shortages: readonly { readonly quota: string }[],
  cluster: Cluster,
  namespace: string,
): Promise<readonly ResourceQuotaObject[]> {
  const names = [...new Set(shortages.map(({ quota }) => quota))];
  const writer = cluster.writer(systemPrincipal, {
    reason: 'a quota is looked at once more before a workload is refused',
  });
  const found = await Promise.all(names.map((name) => readLive(writer, resourceQuotaKind, namespace, name)));
  return found.filter((quota) => quota !== undefined);
}

/** For a workload that wants so many pods, or runs at all, from now on. */
export function requireQuotaOfMore(
  before: WorkloadObject,
  replicas: number | undefined,
  context: RequestContext,
): Promise<void> {
  const manifest = before as WorkloadManifest;
  const { spec = {} } = manifest;
  const after = { ...manifest, spec: { ...spec, replicas: replicas ?? spec.replicas, suspend: false } };
  return requireQuotaOf(before, after as WorkloadManifest, context);
}

/** For a workload that is there, and what becomes of it. */
export function requireQuotaOf(
  before: WorkloadObject,
  after: WorkloadManifest,
  context: RequestContext,
): Promise<void> {
  const { cluster, ...kind } = before[origin];
  const { namespace = '' } = before.metadata;
  const change = { cluster, namespace, kind: kind as KindRef, before: before as WorkloadManifest, after };
  return requireQuota(change, context);
}
