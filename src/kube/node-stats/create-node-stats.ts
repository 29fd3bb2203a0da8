import { CapabilityMissingError, ForbiddenError, NotFoundError } from '../../kernel/answer-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import { kindRef } from '../kind-ref.ts';
import { resourcePath } from '../resource-path.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';
import { readVolumeStats, type VolumeStats } from './volume-stats.ts';

const nodeKind = kindRef({ group: '', version: 'v1', kind: 'Node', plural: 'nodes', isNamespaced: false });

/** Kubelets measure volumes once a minute: to ask more often tells nothing new. */
const keptMs = 15_000;
const mostKept = 5_000;
const timeoutMs = 5_000;

interface Kept {
  readonly atMs: number;
  readonly stats: Promise<readonly VolumeStats[]>;
}

/** `Cluster.volumeStats`: the kubelets' summaries through the API server's node proxy, each asked once at a time and remembered. */
export function createNodeStats(options: {
  readonly transport: Pick<ClusterTransport, 'cluster' | 'json'>;
  readonly clock: Clock;
}): (node: string) => Promise<readonly VolumeStats[]> {
  const { transport, clock } = options;
  const kept = new Map<string, Kept>();

  async function ask(node: string): Promise<readonly VolumeStats[]> {
    const path = resourcePath(nodeKind, undefined, node, 'proxy/stats/summary');
    try {
      const { body } = await transport.json({ path, timeoutMs, isOfNode: true, kind: nodeKind, name: node });
      return readVolumeStats(body);
    } catch (error) {
      if (error instanceof NotFoundError) return [];
      if (!(error instanceof ForbiddenError)) throw error;
      const message = `How full volumes are is not known in cluster '${transport.cluster}': the gateway may not ask its nodes`;
      const hint = "Grant the gateway's identity `get` on `nodes/proxy`.";
      throw new CapabilityMissingError('volume-usage', message, { hint, cause: error });
    }
  }

  return (node) => {
    const now = clock.now();
    const known = kept.get(node);
    if (known !== undefined && now - known.atMs < keptMs) return known.stats;
    const stats = ask(node);
    kept.delete(node);
    kept.set(node, { atMs: now, stats });
    const oldest = kept.size > mostKept ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    // A node that does not answer is asked again by the next.
    stats.catch((error: unknown) => {
      if (!(error instanceof CapabilityMissingError) && kept.get(node)?.stats === stats) kept.delete(node);
    });
    return stats;
  };
}
