import { type Application, applicationPodsRef, ingressKind, podKind, serviceKind } from 'longshore/plugins/compute';
import { tenancyServiceRef } from 'longshore/plugins/core';
import {
  allMaybe,
  type ClusterProblem,
  type KindRef,
  type KubeObject,
  type ListRows,
  listKubernetesObjects,
  type MaybePromise,
  mapMaybe,
  origin,
  type RequestContext,
  RequestError,
  resolveNode,
  workspaceOf,
} from 'longshore/sdk';
import { subnetKind, vpcKind } from '../../api.ts';
import { gatewayKind, routeKinds } from '../balancers/gateway-kinds.ts';
import { withMissingEngines } from '../balancers/missing-engine.ts';
import { dnatRuleKind, eipKind, fipRuleKind, natGatewayKind, snatRuleKind } from '../nat/nat-kinds.ts';
import { narrowGraph, withoutPods } from './narrow-graph.ts';
import { type NetworkGraph, type NetworkObjects, networkGraph } from './network-graph.ts';

/** What is looked at; what is given holds together. Without anything it is all that the caller may see. */
export interface NetworkScope {
  readonly cluster?: string | null | undefined;
  readonly namespaces?: readonly string[] | null | undefined;
  /** Global ids. */
  readonly workspaceId?: string | number | null | undefined;
  readonly applicationId?: string | number | null | undefined;
}

export interface LoadedNetwork extends NetworkGraph {
  readonly problems: readonly ClusterProblem[];
}

type Place = (object: KubeObject) => boolean;

/**
 * The networks in a scope as this caller sees them, from memory. A workspace or application that is not there for the caller has none.
 * Throws `TOO_COMPLEX` where that is more than `mostNodes`.
 */
export async function loadNetwork(
  scope: NetworkScope,
  { hasPods, mostNodes }: { readonly hasPods: boolean; readonly mostNodes: number },
  context: RequestContext,
): Promise<LoadedNetwork> {
  const [isInWorkspace, application] = await Promise.all([
    placeOfWorkspace(scope.workspaceId, context),
    findApplication(scope.applicationId, context),
  ]);
  if (isInWorkspace === null || application === null) return { nodes: [], edges: [], problems: [] };
  const narrowed = application?.namespace ? [application.namespace] : undefined;
  const cluster = scope.cluster ?? application?.cluster;
  const filter = { cluster, namespaces: scope.namespaces ?? narrowed };
  const inPlace = (kind: KindRef) => listKubernetesObjects([kind], { filter } as never, context);
  const anywhere = (kind: KindRef) => listKubernetesObjects([kind], { filter: { cluster } } as never, context);
  const [pods, services, ingresses, subnets, vpcs, balancers] = await Promise.all([
    application ? podsOf(application, filter, context) : inPlace(podKind as KindRef),
    inPlace(serviceKind as KindRef),
    inPlace(ingressKind as KindRef),
    anywhere(subnetKind as KindRef),
    anywhere(vpcKind as KindRef),
    anywhere(gatewayKind as KindRef),
  ]);
  const groups = await Promise.all(routeKinds.map((kind) => inPlace(kind as KindRef)));
  const nat = await Promise.all(drawnNatKinds.map((kind) => anywhere(kind as KindRef)));
  const isInside: Place = (object) => isInWorkspace?.(object) ?? true;
  const inScope = {
    pods: [...only(pods.items, isInside)],
    services: [...only(services.items, isInside)],
    ingresses: [...only(ingresses.items, isInside)],
    groups: groups.flatMap(({ items }) => [...only(items, isInside)]),
  };
  if (hasPods) requireFew(inScope.pods.length, mostNodes);
  const [gateways = [], eips = [], snatRules = [], dnatRules = [], fipRules = []] = nat.map(({ items }) => [...items]);
  const graph = networkGraph({
    ...inScope,
    subnets: subnets.items,
    vpcs: vpcs.items,
    balancers: balancers.items,
    nat: { gateways, eips, snatRules, dnatRules, fipRules },
  } as unknown as NetworkObjects);
  const { namespaces } = filter;
  const isNarrow = Boolean(namespaces || isInWorkspace || application);
  const narrow = isNarrow
    ? narrowGraph(graph, ({ kind, object }) => {
        if (application) return kind === 'POD';
        const { namespace } = object.metadata;
        if (namespace === undefined) return isInWorkspace?.(object) === true;
        return isInside(object) && (!namespaces || namespaces.includes(namespace));
      })
    : graph;
  const told = hasPods ? narrow : withoutPods(narrow);
  requireFew(told.nodes.length, mostNodes);
  const withEngines = withMissingEngines(balancers, [gatewayKind], cluster, context);
  // That an engine is missing one of its kinds tells for all.
  const problems = [
    ...[pods, services, ingresses, vpcs, withEngines].flatMap((rows) => rows.problems ?? []),
    ...[subnets, ...groups, ...nat].flatMap((rows) =>
      (rows.problems ?? []).filter(({ code }) => code !== 'CAPABILITY_MISSING'),
    ),
  ];
  return { ...told, problems: distinct(problems) };
}

const drawnNatKinds = [natGatewayKind, eipKind, snatRuleKind, dnatRuleKind, fipRuleKind];

function requireFew(count: number, most: number): void {
  if (count <= most) return;
  const message = `The network has ${count} nodes, and ${most} at the most are told: ask for less of it, or without pods`;
  throw new RequestError('TOO_COMPLEX', message);
}

/** Whether something is of a workspace, by its namespace or its label; undefined where none is asked for, null where it is not there. */
async function placeOfWorkspace(
  id: string | number | null | undefined,
  context: RequestContext,
): Promise<Place | null | undefined> {
  if (id === null || id === undefined) return undefined;
  const node = await resolveNode(String(id), context);
  if (node === null || !('nodeTypeName' in node) || node.nodeTypeName !== 'Workspace') return null;
  const { uuid } = node as unknown as { readonly uuid: string };
  const tenancy = context.service(tenancyServiceRef);
  return (object) => {
    const { namespace } = object.metadata;
    return namespace === undefined
      ? workspaceOf(object) === uuid
      : tenancy.bindingOf(object[origin].cluster, namespace)?.workspaceUuid === uuid;
  };
}

async function findApplication(
  id: string | number | null | undefined,
  context: RequestContext,
): Promise<Application | null | undefined> {
  if (id === null || id === undefined) return undefined;
  const node = await resolveNode(String(id), context);
  return node !== null && 'nodeTypeName' in node && node.nodeTypeName === 'Application' ? (node as Application) : null;
}

/** Pods of its workloads, in the clusters and namespaces that are asked for. */
function podsOf(
  application: Application,
  {
    cluster,
    namespaces,
  }: { readonly cluster: string | null | undefined; readonly namespaces: NetworkScope['namespaces'] },
  context: RequestContext,
): MaybePromise<ListRows<KubeObject>> {
  const clusters = context.clusters.all.filter(({ name }) => !cluster || name === cluster);
  const service = context.service(applicationPodsRef);
  const lists = allMaybe(clusters.map(({ name }) => service.podsOf(application, context.kube(name))));
  return mapMaybe(lists, (found) => ({
    items: found
      .flatMap(({ items }) => [...items] as KubeObject[])
      .filter(({ metadata }) => !namespaces || namespaces.includes(metadata.namespace ?? '')),
    problems: found.flatMap(({ problems = [] }) => problems),
  }));
}

function* only<T>(items: Iterable<T>, isWanted: (item: T) => boolean): Iterable<T> {
  for (const item of items) if (isWanted(item)) yield item;
}

/** What is the same of several kinds is told once. */
function distinct(problems: readonly ClusterProblem[]): readonly ClusterProblem[] {
  return [...new Map(problems.map((each) => [JSON.stringify([each.cluster, each.code, each.message]), each])).values()];
}
