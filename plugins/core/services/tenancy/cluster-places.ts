import type { V1Node } from '@kubernetes/client-node';
import { type Clusters, kindRef, systemPrincipal, UpstreamError } from 'longshore/sdk';
import type { Workspace } from '../../api.ts';

const nodeKind = kindRef<V1Node>({ group: '', version: 'v1', kind: 'Node', plural: 'nodes', isNamespaced: false });

/** Where a node says that it is (well-known labels `topology.kubernetes.io/…`). */
export interface NodePlace {
  /** Undefined where it does not say. */
  readonly region: string | undefined;
  readonly zone: string;
}

/** The place that a node's labels name; undefined where they name none. */
export function placeOfLabels(labels: Readonly<Record<string, string>> | undefined): NodePlace | undefined {
  const zone = labels?.['topology.kubernetes.io/zone'];
  return zone === undefined ? undefined : { zone, region: labels?.['topology.kubernetes.io/region'] };
}

/** `embedded-a of region embedded` */
export const describePlace = ({ region, zone }: NodePlace): string =>
  region === undefined ? zone : `${zone} of region ${region}`;

/** Whether the place is in a zone of the workspace; a zone's name is unique in its region alone. */
export function isInWorkspace(workspace: Pick<Workspace, 'region' | 'zones'>, { region, zone }: NodePlace): boolean {
  return workspace.zones.includes(zone) && (region === undefined || region === workspace.region);
}

/**
 * Whether a cluster reaches into the zones of a workspace (CORE-03): a node of it lies there, or its nodes do not say where
 * they are, as in a serverless cluster.
 */
export function reachesIntoWorkspace(
  workspace: Pick<Workspace, 'region' | 'zones'>,
  places: readonly NodePlace[],
): boolean {
  return places.length === 0 || places.some((place) => isInWorkspace(workspace, place));
}

/** Where the nodes of a cluster are, each place once, as the gateway itself sees them. Throws `UpstreamError` where nobody can tell. */
export async function readClusterPlaces(clusters: Clusters, name: string): Promise<readonly NodePlace[]> {
  const cluster = clusters.get(name);
  if (!cluster) return [];
  const { items, problems } = await cluster.reader(systemPrincipal).list(nodeKind);
  const [problem] = problems;
  if (problem && items.length === 0 && problem.code !== 'CAPABILITY_MISSING' && problem.code !== 'FORBIDDEN') {
    throw new UpstreamError(
      `cluster '${name}'`,
      `Where the nodes of cluster '${name}' are cannot be told: ${problem.message}`,
    );
  }
  const places = items.flatMap(({ metadata }) => placeOfLabels(metadata.labels) ?? []);
  return [...new Map(places.map((place) => [`${place.region} ${place.zone}`, place])).values()];
}
