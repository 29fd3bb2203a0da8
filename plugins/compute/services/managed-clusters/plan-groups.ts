import { type Disk, type Flavor, flavorName, type NodesForm } from './cluster-form.ts';
import { disksAnnotation, flavorAnnotation, type TopologyGroup, type TopologyVariable } from './kinds.ts';

export const countWorkers = (nodes: readonly Pick<NodesForm, 'count'>[]): number =>
  nodes.reduce((sum, { count }) => sum + count, 0);

/** A second row for the same zone and unit takes the place of the first (CMP-02); others keep their order. */
export function withoutOverwritten(nodes: readonly NodesForm[]): readonly NodesForm[] {
  const placeOf = ({ zone, deploymentUnit }: NodesForm) => JSON.stringify([zone ?? null, deploymentUnit ?? null]);
  const last = new Map(nodes.map((row, index) => [placeOf(row), index]));
  return nodes.filter((row, index) => last.get(placeOf(row)) === index);
}

/** What of a form a ClusterClass cannot be told, by place in the input. */
export interface NamedVariable extends TopologyVariable {
  readonly path: readonly (string | number)[];
}

/** What is said of a machine's shape as variables of the class. */
export function shapeVariables(
  { flavor, ...disks }: { readonly flavor?: Flavor | null } & Readonly<Record<string, unknown>>,
  path: readonly (string | number)[],
): readonly NamedVariable[] {
  return [
    ...(flavor ? [{ name: 'nodeFlavor', value: flavorName(flavor), path: [...path, 'flavor'] }] : []),
    ...['systemDisk', 'dataDisk', 'etcdDisk'].flatMap((name) => {
      const disk = disks[name] as Disk | null | undefined;
      if (!disk) return [];
      const value = { sizeGiB: disk.sizeGiB, ...(disk.type ? { type: disk.type } : {}) };
      return [{ name, value, path: [...path, name] }];
    }),
  ];
}

/** What a machine costs of a quota, written where the cluster can be asked for it later. */
export function costAnnotations(shape: {
  readonly flavor?: Flavor | null;
  readonly systemDisk?: Disk | null;
  readonly dataDisk?: Disk | null;
  readonly etcdDisk?: Disk | null;
}): Readonly<Record<string, string>> {
  const { flavor } = shape;
  const disks = [shape.systemDisk, shape.dataDisk, shape.etcdDisk].flatMap((disk) => (disk ? [disk.sizeGiB] : []));
  return {
    ...(flavor ? { [flavorAnnotation]: `${flavor.cores}C-${flavor.memoryGiB}GiB` } : {}),
    ...(disks.length > 0 ? { [disksAnnotation]: disks.join(',') } : {}),
  };
}

/** A group of the topology for a row of the form. `class` is that of its machines in the ClusterClass. */
export function groupOf(
  row: NodesForm,
  options: {
    readonly class: string;
    readonly name: string;
    readonly unitLabel: string;
    readonly path: readonly (string | number)[];
  },
): { readonly group: TopologyGroup; readonly variables: readonly NamedVariable[] } {
  const { zone, deploymentUnit } = row;
  const variables = shapeVariables({ ...row }, options.path);
  const annotations = costAnnotations(row);
  // Cluster API takes no empty metadata.
  const metadata = {
    ...(deploymentUnit ? { labels: { [options.unitLabel]: deploymentUnit } } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
  const overrides = variables.map(({ name, value }) => ({ name, value }));
  return {
    variables,
    group: {
      class: options.class,
      name: options.name,
      replicas: row.count,
      ...(zone ? { failureDomain: zone } : {}),
      ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
      ...(overrides.length > 0 ? { variables: { overrides } } : {}),
    },
  };
}

/** Names of the groups of new rows: the prefix, else where they are; each once among `taken` and one another. */
export function nameGroups(nodes: readonly NodesForm[], taken: Iterable<string>): readonly string[] {
  const used = new Set(taken);
  return nodes.map(({ namePrefix, zone, deploymentUnit }) => {
    const base = (namePrefix || [zone, deploymentUnit].filter(Boolean).join('-') || 'workers')
      .toLowerCase()
      .replaceAll(/[^-a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 60);
    let name = base || 'workers';
    for (let number = 2; used.has(name); number += 1) name = `${base.slice(0, 56)}-${number}`;
    used.add(name);
    return name;
  });
}
