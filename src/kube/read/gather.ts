import { ForbiddenError } from '../../kernel/answer-error.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { KindRef } from '../kind-ref.ts';
import type { KubeObject } from '../kube-object.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';
import { listPages } from '../watch/list-pages.ts';

/** Objects read live, and what kept others away. */
export interface Gathered {
  readonly items: readonly KubeObject[];
  /** False where there are more than may be read. */
  readonly isComplete: boolean;
  /** By namespace; undefined stands for the whole cluster. */
  readonly failures: ReadonlyMap<string | undefined, unknown>;
}

export interface GatherRequest {
  readonly kind: KindRef;
  /** Undefined: all. */
  readonly namespaces: ReadonlySet<string> | undefined;
  readonly labelSelector: string | undefined;
}

export interface GatherOptions {
  /** Told what nobody expected, and no caller is told. */
  readonly logger: Logger;
  readonly transport: ClusterTransport;
  readonly principal: Principal;
  readonly signal: AbortSignal | undefined;
  readonly fallbackNamespaces: () => Promise<{ readonly names: readonly string[]; readonly isChosen: boolean }>;
}

/** Objects of one kind that one request may read; beyond it is too complex. */
export const maxGathered = 10_000;

/** One LIST for any number of namespaces; one for each of them only where the whole cluster may not be listed. */
export async function gather(options: GatherOptions, request: GatherRequest): Promise<Gathered> {
  const { transport, principal, signal } = options;
  const { kind, namespaces, labelSelector } = request;
  const only = namespaces?.size === 1 && kind.isNamespaced ? [...namespaces][0] : undefined;
  const list = (namespace: string | undefined) =>
    listPages(transport, { kind, namespace, labelSelector, principal, signal, maxItems: maxGathered });
  try {
    const { items, isComplete } = await list(only);
    return { items, isComplete, failures: new Map() };
  } catch (error) {
    signal?.throwIfAborted();
    const isForbidden = error instanceof ForbiddenError;
    if (!isForbidden || only !== undefined || !kind.isNamespaced) return failed(only, error);
    const fallback = namespaces === undefined ? await options.fallbackNamespaces() : undefined;
    const failures = new Map<string | undefined, unknown>();
    const items: KubeObject[] = [];
    let isComplete = true;
    await Promise.all(
      [...(namespaces ?? fallback?.names ?? [])].map(async (namespace) => {
        try {
          const found = await list(namespace);
          items.push(...found.items);
          isComplete &&= found.isComplete;
        } catch (namespaceError) {
          signal?.throwIfAborted();
          failures.set(namespace, namespaceError);
        }
      }),
    );
    // The rest of the cluster is missing, and nobody chose that.
    if (fallback !== undefined && !fallback.isChosen) failures.set(undefined, error);
    return { items, isComplete, failures };
  }
}

function failed(namespace: string | undefined, error: unknown): Gathered {
  return { items: [], isComplete: true, failures: new Map([[namespace, error]]) };
}
