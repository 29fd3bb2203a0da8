import {
  CapabilityMissingError,
  type Cluster,
  type ClusterProblem,
  clustersOf,
  type KindRef,
  type ListRows,
  type RequestContext,
} from 'longshore/sdk';
import { routeKindOf } from './gateway-kinds.ts';

const layer4: readonly string[] = [routeKindOf.TCP.kind, routeKindOf.UDP.kind];
const capabilityOf = (kind: KindRef): string =>
  layer4.includes(kind.kind) ? 'layer-4-load-balancing' : 'load-balancing';

/** What is missing in words: of the engine, or of one protocol where the rest of it is there. */
function missing({ name, capabilities }: Cluster, kind: KindRef) {
  const capability = capabilityOf(kind);
  const { hint, engine = 'Gateway API' } = capabilities.find((each) => each.name === capability) ?? {};
  return {
    capability,
    hint,
    message: `Cluster '${name}' does not serve ${kind.kind} of the ${engine} (${kind.group}/${kind.version}).`,
  };
}

/** Throws `CapabilityMissingError` where the cluster has no such kind. */
export function requireServed(cluster: Cluster, kind: KindRef): void {
  if (cluster.serves(kind)) return;
  const { capability, message, hint } = missing(cluster, kind);
  throw new CapabilityMissingError(capability, message, hint === undefined ? {} : { hint });
}

/** The rows, and for each cluster that lacks a kind why there are none of it. */
export function withMissingEngines<T>(
  rows: ListRows<T>,
  kinds: readonly KindRef[],
  cluster: string | null | undefined,
  context: RequestContext,
): ListRows<T> {
  const { clusters } = clustersOf(cluster, context);
  const problems = clusters.flatMap((name) => {
    const at = context.clusters.get(name);
    if (!at) return [];
    return kinds
      .filter((kind) => !at.serves(kind))
      .map((kind): ClusterProblem => {
        const { message, hint } = missing(at, kind);
        const told = hint === undefined ? message : `${message} ${hint}`;
        return { cluster: name, code: 'CAPABILITY_MISSING', message: told, staleSince: undefined };
      });
  });
  return problems.length === 0 ? rows : { ...rows, problems: [...(rows.problems ?? []), ...problems] };
}
