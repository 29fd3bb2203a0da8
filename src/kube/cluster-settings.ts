import type { AddressRules } from '../kernel/address-rules.ts';

/** Where a cluster's address and credentials come from. */
export type ClusterSource =
  | { readonly kubeconfigText: string; readonly context?: string | undefined }
  | { readonly kubeconfigPath: string; readonly context?: string | undefined }
  | { readonly inCluster: true }
  /** There were credentials once; why they are no more, in one sentence. */
  | { readonly lost: string };

/** Bounds on what the gateway asks of one cluster. Every one has a default; none can be switched off. */
export interface ClusterLimits {
  /** Short requests in flight at once. Default 32. */
  readonly concurrency?: number | undefined;
  /** Short requests that may wait for their turn; further ones are refused. Default 512. */
  readonly queue?: number | undefined;
  /** Short requests started per second, averaged over a second. Default 200. */
  readonly qps?: number | undefined;
  /** Streams (watches, logs) open at once. Default 512. */
  readonly streams?: number | undefined;
  /** Default 10,000. */
  readonly readTimeoutMs?: number | undefined;
  /** Default 30,000. */
  readonly writeTimeoutMs?: number | undefined;
  /** Largest answer taken; a list that is larger is asked for in smaller pages. Default 64 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /** How long a read of a kind that is still being listed for the first time waits. Default 1,500. */
  readonly firstSyncWaitMs?: number | undefined;
}

export interface ClusterSettings {
  /** Unique and immutable; any text, e.g. `arn:aws:eks:eu-west-1:123:cluster/shop`. */
  readonly name: string;
  readonly isEmbedded?: boolean | undefined;
  /** Default `gateway`. */
  readonly identity?: 'gateway' | 'impersonate' | undefined;
  /** Watched one by one where the credentials may not list a kind in the whole cluster. */
  readonly namespaces?: readonly string[] | undefined;
  readonly source: ClusterSource;
  /** Where its server may be, since somebody who does not run the gateway named it; anywhere where undefined. */
  readonly addresses?: AddressRules | undefined;
  readonly limits?: ClusterLimits | undefined;
}

/** The limits of a cluster with every default filled in. */
export function limitsOf(settings: Pick<ClusterSettings, 'limits'>): {
  readonly [Name in keyof ClusterLimits]-?: number;
} {
  const limits = settings.limits ?? {};
  return {
    concurrency: limits.concurrency ?? 32,
    queue: limits.queue ?? 512,
    qps: limits.qps ?? 200,
    streams: limits.streams ?? 512,
    readTimeoutMs: limits.readTimeoutMs ?? 10_000,
    writeTimeoutMs: limits.writeTimeoutMs ?? 30_000,
    maxResponseBytes: limits.maxResponseBytes ?? 64 * 1024 * 1024,
    firstSyncWaitMs: limits.firstSyncWaitMs ?? 1_500,
  };
}
