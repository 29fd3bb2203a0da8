import type { NodeObject } from '../../api.ts';
import { isNodeReady, nodeTypeOf, regionOf, zoneOf } from '../node-facts.ts';
import { type LayoutKind, layoutKindOf, type ZonePlace } from './layout-kind.ts';
import { capacityOf, type LayoutLoss, lossOf, type NodeCapacity } from './layout-loss.ts';

/** What is one in a layout: a zone, a region, a deployment unit. */
export interface NodeGroup extends NodeCapacity {
  readonly nodes: readonly NodeObject[];
  readonly ready: number;
  readonly controlPlaneNodes: number;
}

export interface LayoutZone extends NodeGroup, ZonePlace {
  /** Names of the deployment units that its nodes are of, sorted. */
  readonly units: readonly string[];
  readonly ifLost: LayoutLoss;
}

export interface LayoutRegion extends NodeGroup {
  readonly name: string;
  readonly zones: readonly string[];
  readonly ifLost: LayoutLoss;
}

export interface LayoutUnit extends NodeGroup {
  readonly name: string;
  readonly zones: readonly string[];
}

export interface ClusterLayout {
  readonly kind: LayoutKind;
  /** Nodes are of two deployment units or more. */
  readonly isCellBased: boolean;
  readonly zones: readonly LayoutZone[];
  readonly regions: readonly LayoutRegion[];
  readonly units: readonly LayoutUnit[];
  /** Nodes that name no zone: none of the zones has them. */
  readonly unplaced: readonly NodeObject[];
  readonly nodesWithoutUnit: number;
}

export interface LayoutRules {
  /** Key of the label that names a node's deployment unit. */
  readonly unitLabel: string;
  /** The region that a zone is of where the node does not say; undefined where it cannot be told. */
  regionOfZone(zone: string): string | undefined;
}

/**
 * How a cluster is laid out over data centres, cities and cells, and what would be lost with one of them (CMP-18): by the labels
 * of its nodes (`topology.kubernetes.io/zone` and `region`, and that of deployment units) and nothing else. Pure.
 */
export function layoutOf(nodes: readonly NodeObject[], { unitLabel, regionOfZone }: LayoutRules): ClusterLayout {
  const unitOf = (node: NodeObject) => node.metadata.labels?.[unitLabel] || undefined;
  const placeOf = (node: NodeObject): ZonePlace | undefined => {
    const name = zoneOf(node);
    return name ? { name, region: regionOf(node) || regionOfZone(name) } : undefined;
  };
  const placed = nodes.flatMap((node) => {
    const place = placeOf(node);
    return place ? [{ node, place }] : [];
  });
  const nodesOf = (rows: typeof placed) => rows.map(({ node }) => node);
  const byZone = grouped(placed, ({ place }) => `${place.region ?? ''}\n${place.name}`);
  const zones = byZone.map(([, rows]) => {
    const own = nodesOf(rows);
    const { region, name } = rows[0]?.place as ZonePlace;
    return { region, name, units: names(own, unitOf), ...groupOf(own), ifLost: lossOf(nodes, own, unitOf) };
  });
  const regions = grouped(placed, ({ place }) => place.region).map(([name, rows]) => {
    const own = nodesOf(rows);
    return {
      ...{ name, zones: names(rows, ({ place }) => place.name) },
      ...groupOf(own),
      ifLost: lossOf(nodes, own, unitOf),
    };
  });
  const units = grouped(nodes, unitOf).map(([name, own]) => ({
    ...{ name, zones: names(own, (node) => placeOf(node)?.name) },
    ...groupOf(own),
  }));
  return {
    kind: layoutKindOf(zones),
    isCellBased: units.length > 1,
    ...{ zones, regions, units },
    unplaced: nodes.filter((node) => placeOf(node) === undefined),
    nodesWithoutUnit: nodes.filter((node) => unitOf(node) === undefined).length,
  };
}

function groupOf(nodes: readonly NodeObject[]): NodeGroup {
  return {
    nodes,
    ready: nodes.filter(isNodeReady).length,
    controlPlaneNodes: nodes.filter((node) => nodeTypeOf(node) === 'MASTER').length,
    ...capacityOf(nodes),
  };
}

/** What has a name, by that name, in the order of names. */
function grouped<T>(rows: readonly T[], nameOf: (row: T) => string | undefined): (readonly [string, T[]])[] {
  const groups = Map.groupBy(rows, nameOf);
  return names(rows, nameOf).map((name) => [name, groups.get(name) ?? []]);
}

function names<T>(rows: readonly T[], nameOf: (row: T) => string | undefined): string[] {
  return [...new Set(rows.flatMap((row) => nameOf(row) ?? []))].sort();
}
