import { tenancyServiceRef } from 'longshore/plugins/core';
import {
  type AnyNode,
  allMaybe,
  type ClusterReader,
  DataLoader,
  type KubeObject,
  type ListRows,
  type LongshoreBuilder,
  type MaybePromise,
  mapMaybe,
  NotFoundError,
  type origin,
  type RequestContext,
  registryOf,
  relatedRows,
  resolveNode,
  whereAllowed,
} from 'longshore/sdk';
import { type Application, applicationSubject, type ObservedApplication, type WorkloadObject } from '../../api.ts';
import {
  applicationNameOf,
  belongsToApplication,
  type MembershipRules,
  workloadsOfApplication,
} from '../../services/applications/application-members.ts';
import { observeWorkloads } from '../../services/applications/application-state.ts';
import { instanceOfApplication, isApplication, isUuid } from '../../services/applications/applications.ts';
import { applicationsServiceRef } from '../../services/applications/applications-service.ts';
import { applications } from '../../tables.ts';

/** What decides what belongs to an application, as it is now. */
export function membershipRules(context: RequestContext): MembershipRules {
  const tenancy = context.service(tenancyServiceRef);
  return {
    profiles: context.services.profiles,
    workspaceOf: (cluster, namespace) => tenancy.bindingOf(cluster, namespace)?.workspaceUuid ?? undefined,
  };
}

/** The applications that this caller may read, by a condition on their rows. */
export async function visibleApplications(
  context: RequestContext,
  { isForStream = false }: { readonly isForStream?: boolean } = {},
): Promise<readonly Application[]> {
  const where = whereAllowed(context.access, 'READ', applicationSubject, {
    cluster: applications.cluster,
    namespace: applications.namespace,
    tenants: { workspace: applications.workspaceId },
  });
  const rows = await context.service(applicationsServiceRef).list(where);
  return isForStream ? rows : rows.map(asAsked);
}

/** The loader behind `node(id:)`: what the caller may not read is not there. */
export function registerApplicationLoader(builder: LongshoreBuilder): void {
  registryOf(builder).rowLoaders.set(
    'compute|Application',
    async (keys, context): Promise<readonly (AnyNode | null)[]> => {
      const rows = await context.service(applicationsServiceRef).get(keys.filter(isUuid));
      const found = new Map(
        rows
          .filter((row) => context.access.allowed('READ', instanceOfApplication(row)))
          .map((row) => [row.uuid, asAsked(row)]),
      );
      return keys.map((key) => found.get(key) ?? null);
    },
  );
}

/** The application behind a global id as this caller sees it; `NotFoundError` for everything else. */
export async function findApplication(id: string, context: RequestContext): Promise<Application> {
  const node = await resolveNode(id, context);
  if (!isApplication(node)) throw new NotFoundError('There is no application with this id');
  return node;
}

/** Who asks gets the state of this moment; what the loop saw is for streams, whose messages must agree with one another. */
const asAsked = (row: Application): Application => ({ ...row, observed: null });

/** Clusters that may hold something of it, as far as this caller may see them. */
function clustersOfApplication({ cluster }: Application, context: RequestContext): readonly string[] {
  if (cluster !== null) return context.clusters.get(cluster) ? [cluster] : [];
  return context.clusters.all.map(({ name }) => name);
}

/** Its workloads as this caller may see them, with the problems of clusters that could not be asked. */
export function loadWorkloadsOfApplication(application: Application, context: RequestContext) {
  return loadFromClusters<WorkloadObject>(application, context, workloadsOfApplication);
}

/** What belongs to it in all clusters where it may be. */
export function loadFromClusters<T>(
  application: Application,
  context: RequestContext,
  find: (application: Application, reader: ClusterReader, rules: MembershipRules) => MaybePromise<ListRows<T>>,
) {
  const rules = membershipRules(context);
  const lists = clustersOfApplication(application, context).map((cluster) =>
    relatedRows<T>(context, cluster, (reader) => find(application, reader, rules)),
  );
  return mapMaybe(allMaybe(lists), (all) => ({
    items: all.flatMap(({ items }) => [...items]),
    problems: all.flatMap(({ problems = [] }) => [...problems]),
  }));
}

/** How it does now (CMP-39), or, in a stream, did then. */
export function loadObserved(application: Application, context: RequestContext): MaybePromise<ObservedApplication> {
  if (application.observed) return application.observed;
  return mapMaybe(loadWorkloadsOfApplication(application, context), ({ items }) => observeWorkloads(items));
}

/** The same row with its state on it, for lists that filter or sort by it. */
export function withState(application: Application, context: RequestContext): MaybePromise<Application> {
  return mapMaybe(loadObserved(application, context), (observed) => ({ ...application, observed }));
}

/** The application that a workload, Service or Ingress belongs to by its label; null for none that the caller may read. */
export function loadApplicationOf(object: Pick<KubeObject, 'metadata' | typeof origin>, context: RequestContext) {
  const name = applicationNameOf(object, context.services.profiles);
  if (name === undefined) return null;
  const loader = context.memo(
    loaderKey,
    () =>
      // Nothing is kept: a request may read, change and read again.
      new DataLoader<string, readonly Application[]>(
        async (names) => {
          const all = await visibleApplications(context);
          return names.map((each) => all.filter((row) => row.name === each));
        },
        { cache: false },
      ),
  );
  const rules = membershipRules(context);
  return loader.load(name).then((rows) => rows.find((row) => belongsToApplication(row, object, rules)) ?? null);
}

const loaderKey = {};
