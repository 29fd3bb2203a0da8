import { tenancyServiceRef } from 'longshore/plugins/core';
import {
  type Cluster,
  type ClusterProblem,
  clusterProblemRef,
  clusterRef,
  type FieldBuilder,
  type LongshoreBuilder,
  type MaybePromise,
  mapMaybe,
  named,
  type RequestContext,
  registerEnum,
  typeRef,
} from 'longshore/sdk';
import { nodeKind } from '../../api.ts';
import {
  type ClusterLayout,
  type LayoutRegion,
  type LayoutUnit,
  type LayoutZone,
  layoutOf,
  type NodeGroup,
} from '../../services/layout/cluster-layout.ts';
import { layoutKinds } from '../../services/layout/layout-kind.ts';
import { controlPlaneFates, type LayoutLoss } from '../../services/layout/layout-loss.ts';

interface SeenLayout extends ClusterLayout {
  readonly problems: readonly ClusterProblem[];
}

const lossRef = typeRef<LayoutLoss>('LayoutLoss');
const zoneRef = typeRef<LayoutZone>('LayoutZone');
const regionRef = typeRef<LayoutRegion>('LayoutRegion');
const unitRef = typeRef<LayoutUnit>('LayoutUnit');
const layoutRef = typeRef<SeenLayout>('ClusterLayout');

/** How clusters are laid out over data centres, cities and cells (CMP-18), from memory alone. */
export function registerLayout(builder: LongshoreBuilder): void {
  registerEnum(
    builder,
    'ClusterLayoutKind',
    'How a cluster lies over data centres (zones) and cities (regions).',
    layoutKinds,
  );
  registerEnum(builder, 'ControlPlaneFate', 'What becomes of a control plane.', controlPlaneFates);
  registerLoss(builder);
  registerGroups(builder);
  builder.objectType(layoutRef, {
    description:
      'How a cluster is laid out for high availability, by labels of its nodes: `topology.kubernetes.io/region`, `topology.kubernetes.io/zone` and that of deployment units.',
    fields: (t) => ({
      kind: t.field({
        type: named('ClusterLayoutKind'),
        description: 'What its zones and regions make of it.',
        resolve: ({ kind }) => kind as never,
      }),
      isCellBased: t.exposeBoolean('isCellBased', {
        description: 'Whether its nodes are of two deployment units or more; units may lie in one zone or in several.',
      }),
      regions: t.field({
        type: [regionRef],
        description: 'Its regions, by name.',
        resolve: ({ regions }) => [...regions],
      }),
      zones: t.field({
        type: [zoneRef],
        description: 'Its zones, by region and name.',
        resolve: ({ zones }) => [...zones],
      }),
      units: t.field({
        type: [unitRef],
        description: 'Deployment units that its nodes are of, by name.',
        resolve: ({ units }) => [...units],
      }),
      unplacedNodeCount: t.int({
        description: 'Nodes that name no zone: they are in none of these.',
        resolve: ({ unplaced }) => unplaced.length,
      }),
      nodesWithoutUnitCount: t.int({
        description: 'Nodes that name no deployment unit.',
        resolve: ({ nodesWithoutUnit }) => nodesWithoutUnit,
      }),
      problems: t.field({
        type: [clusterProblemRef],
        description: 'Why nodes may be missing here, or shown as they were last seen.',
        resolve: ({ problems }) => [...problems],
      }),
    }),
  });
  builder.objectField(clusterRef, 'layout', (t) =>
    t.field({
      type: layoutRef,
      description:
        'How it is laid out over zones, regions and deployment units, and what would be lost with one (CMP-18).',
      resolve: (cluster, _args, context) => load(cluster, context),
    }),
  );
}

/** Many rows of an answer may be of one cluster: it is laid out once, as long as its nodes are the same. */
function load({ name }: Cluster, context: RequestContext): MaybePromise<SeenLayout> {
  const known = context.memo(layouts, () => new Map<string, { revision: number; layout: MaybePromise<SeenLayout> }>());
  const revision = context.cluster(name).revision(nodeKind, context.principal);
  const before = known.get(name);
  if (before && before.revision === revision) return before.layout;
  const layout = read(name, context);
  if (revision !== undefined) known.set(name, { revision, layout });
  return layout;
}

const layouts = {};

function read(name: string, context: RequestContext): MaybePromise<SeenLayout> {
  const { deploymentUnitLabel: unitLabel, regions } = context.service(tenancyServiceRef);
  const regionOfZone = (zone: string): string | undefined => {
    const [only, ...others] = regions.filter(({ zones }) => zones.some((each) => each.name === zone));
    return others.length === 0 ? only?.name : undefined;
  };
  return mapMaybe(context.kube(name).list(nodeKind), ({ items, problems }) => ({
    ...layoutOf(items, { unitLabel, regionOfZone }),
    problems,
  }));
}

function registerGroups(builder: LongshoreBuilder): void {
  builder.objectType(zoneRef, {
    description: 'A zone that a cluster has nodes in: a data centre.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name, unique in its region.' }),
      region: t.string({
        nullable: true,
        description:
          'The region it is of, by its nodes, else by the settings of the platform; null where neither tells.',
        resolve: ({ region }) => region ?? null,
      }),
      units: t.stringList({
        description: 'Deployment units of its nodes, by name.',
        resolve: ({ units }) => [...units],
      }),
      ...groupFields(t as never),
      ifLost: t.field({ type: lossRef, description: 'What would go with it.', resolve: ({ ifLost }) => ifLost }),
    }),
  });
  builder.objectType(regionRef, {
    description: 'A region that a cluster has nodes in: a city.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name.' }),
      zones: t.stringList({ description: 'Names of its zones.', resolve: ({ zones }) => [...zones] }),
      ...groupFields(t as never),
      ifLost: t.field({ type: lossRef, description: 'What would go with it.', resolve: ({ ifLost }) => ifLost }),
    }),
  });
  builder.objectType(unitRef, {
    description: 'A deployment unit (cell) that nodes of a cluster are of.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name.' }),
      zones: t.stringList({
        description: 'Names of the zones that its nodes lie in.',
        resolve: ({ zones }) => [...zones],
      }),
      ...groupFields(t as never),
    }),
  });
}

function groupFields(t: FieldBuilder<NodeGroup>) {
  return {
    nodeCount: t.int({ description: 'Its nodes.', resolve: ({ nodes }) => nodes.length }),
    readyNodeCount: t.int({ description: 'Those that are ready.', resolve: ({ ready }) => ready }),
    controlPlaneNodeCount: t.int({
      description: 'Those that run the control plane, by their roles.',
      resolve: ({ controlPlaneNodes }) => controlPlaneNodes,
    }),
    cpuAllocatableMillicores: t.field({
      type: 'SafeInt',
      description: 'CPU that pods may have on them, in thousandths of a core.',
      resolve: ({ cpuAllocatableMillicores }) => cpuAllocatableMillicores,
    }),
    memoryAllocatableBytes: t.field({
      type: 'SafeInt',
      description: 'Memory that pods may have on them, in bytes.',
      resolve: ({ memoryAllocatableBytes }) => memoryAllocatableBytes,
    }),
  };
}

function registerLoss(builder: LongshoreBuilder): void {
  const percent = 'in percent with two digits; null where no node is ready.';
  builder.objectType(lossRef, {
    description: 'What a cluster would lose, of what is ready now, if all nodes of a zone or region went at once.',
    fields: (t) => ({
      units: t.stringList({
        description: 'Deployment units that would have no ready node left.',
        resolve: ({ units }) => [...units],
      }),
      controlPlane: t.field({
        type: named('ControlPlaneFate'),
        description: 'What would become of the control plane, where etcd runs on its nodes.',
        resolve: ({ controlPlane }) => controlPlane as never,
      }),
      cpuPercent: t.float({
        nullable: true,
        description: `CPU that pods may have on ready nodes, ${percent}`,
        resolve: ({ cpuPercent }) => cpuPercent ?? null,
      }),
      memoryPercent: t.float({
        nullable: true,
        description: `Memory that pods may have on ready nodes, ${percent}`,
        resolve: ({ memoryPercent }) => memoryPercent ?? null,
      }),
    }),
  });
}
