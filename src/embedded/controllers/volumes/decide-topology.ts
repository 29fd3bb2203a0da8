import type { Node, StorageClass } from '../kubernetes-shapes.ts';

/** Labels of nodes with their values: where a volume can be reached. */
export type Topology = Readonly<Record<string, string>>;

const zoneLabel = 'topology.kubernetes.io/zone';

/**
 * Where a volume of a class stands, as external-provisioner decides it: with the node that was chosen for its first consumer, else
 * in the first place that the class allows, of those that have nodes if any has. Undefined: everywhere. Pure.
 */
export function decideTopology(
  { allowedTopologies = [] }: Pick<StorageClass, 'allowedTopologies'>,
  nodes: readonly Node[],
  chosen: Node | undefined,
): { readonly topology: Topology | undefined } | { readonly problem: string } {
  const allowed = allowedTopologies.flatMap((term) => placesOf(term.matchLabelExpressions ?? []));
  if (chosen !== undefined) {
    const place = allowed.find((each) => isIn(chosen, each));
    if (place !== undefined) return { topology: place };
    if (allowed.length === 0) return { topology: zoneOf(chosen) };
    const [has, requisite] = [zoneOf(chosen) ?? {}, allowed].map((each) => JSON.stringify(each));
    return {
      problem: `error generating accessibility requirements: selected node '"${chosen.metadata.name}"' topology '${has}' is not in requisite: ${requisite}`,
    };
  }
  return { topology: allowed.find((place) => nodes.some((node) => isIn(node, place))) ?? allowed[0] };
}

type Expression = { readonly key: string; readonly values: readonly string[] };

/** All expressions of a term hold together, each with one of its values. */
function placesOf(expressions: readonly Expression[]): readonly Topology[] {
  if (expressions.length === 0) return [];
  return expressions.reduce<readonly Topology[]>(
    (places, { key, values }) => places.flatMap((place) => values.map((value) => ({ ...place, [key]: value }))),
    [{}],
  );
}

function isIn({ metadata }: Node, place: Topology): boolean {
  return Object.entries(place).every(([key, value]) => metadata.labels?.[key] === value);
}

function zoneOf({ metadata }: Node): Topology | undefined {
  const zone = metadata.labels?.[zoneLabel];
  return zone === undefined ? undefined : { [zoneLabel]: zone };
}
