import {
  type NamespaceBinding,
  type Project,
  projectTypeRef,
  tenancyServiceRef,
  type Workspace,
  workspaceTypeRef,
} from 'longshore/plugins/core';
import {
  allMaybe,
  type ClusterProblem,
  clusterProblemRef,
  type FieldBuilder,
  type KindRef,
  type LongshoreBuilder,
  type ObjectList,
  type RequestContext,
  RequestError,
  type TypeRef,
  typeRef,
} from 'longshore/sdk';
import {
  type Application,
  anyWorkloadKinds,
  type OverviewOfTenant,
  type PodObject,
  persistentVolumeClaimKind,
  podKind,
  tenantImagesRef,
  tenantOverviewTypeRef,
  type WorkloadObject,
} from '../../api.ts';
import { type PodCounts, toPodCounts, wordsOfPod } from '../../services/counts/pod-counts.ts';
import { countRows } from '../../services/counts/tally.ts';
import { toWorkloadCounts, type WorkloadCounts, wordsOfWorkload } from '../../services/counts/workload-counts.ts';
import { requestedBy } from '../../services/nodes/node-allocation.ts';
import { type ImageUse, imagesOf } from '../../services/overview/image-uses.ts';
import { isOwnedByWorkload } from '../../services/workload-kinds.ts';
import { visibleApplications } from '../applications/load-applications.ts';
import { podCountsRef } from '../counts/pod-counts.ts';
import type { WithProblems } from '../counts/register-counts.ts';
import { workloadCountsRef } from '../counts/workload-counts.ts';

type Tenant = Workspace | Project;

interface TenantOverview extends OverviewOfTenant {
  readonly applicationCount: number;
  readonly workloads: WorkloadCounts & WithProblems;
  readonly pods: PodCounts & WithProblems;
  readonly volumeClaimCount: number;
  /** The most used first. */
  readonly images: readonly ImageUse[];
  readonly cpuRequestedMillicores: number;
  readonly memoryRequestedBytes: number;
  readonly problems: readonly ClusterProblem[];
}

const overviewRef = tenantOverviewTypeRef as TypeRef<TenantOverview>;
const imageRef = typeRef<ImageUse>('ImageUse');
const mostImages = 100;
const mostReasons = 20;

/** The first page of a project or workspace (CMP-112): of its namespaces what the caller may see. */
export function registerTenantOverview(builder: LongshoreBuilder): void {
  builder.objectType(imageRef, {
    description: 'An image, and how much it is used.',
    fields: (t) => ({
      image: t.exposeString('image', { description: 'As pods name it.' }),
      podCount: t.exposeInt('podCount', {
        description: 'Pods that have a container of it, without those that have ended.',
      }),
    }),
  });
  builder.objectType(overviewRef, {
    description: 'What runs in the namespaces of a workspace or project, in numbers: only what you may see.',
    fields: (t) => ({
      applicationCount: t.exposeInt('applicationCount', {
        description: 'Applications that lie in it or in its namespaces.',
      }),
      workloads: t.field({
        type: workloadCountsRef,
        description: 'Workloads and how they do, without those that another workload owns.',
        resolve: ({ workloads }) => workloads,
      }),
      pods: t.field({
        type: podCountsRef,
        description: `Pods and how they do, with the ${mostReasons} most frequent reasons.`,
        resolve: ({ pods }) => pods,
      }),
      volumeClaimCount: t.exposeInt('volumeClaimCount', { description: 'PersistentVolumeClaims.' }),
      cpuRequestedMillicores: t.field({
        type: 'SafeInt',
        description: 'CPU that its pods ask for, in thousandths of a core.',
        resolve: ({ cpuRequestedMillicores }) => cpuRequestedMillicores,
      }),
      memoryRequestedBytes: t.field({
        type: 'SafeInt',
        description: 'Memory that its pods ask for, in bytes.',
        resolve: ({ memoryRequestedBytes }) => memoryRequestedBytes,
      }),
      popularImages: t.field({
        type: [imageRef],
        description: 'Images that most of its pods have, the most used first.',
        args: {
          first: t.arg.int({ defaultValue: 5, required: true, description: `How many, 0 to ${mostImages}.` }),
        },
        resolve: ({ images }, { first }) => {
          if (first < 0 || first > mostImages) {
            throw new RequestError('BAD_USER_INPUT', `first must be 0 to ${mostImages}, got ${first}`);
          }
          return images.slice(0, first);
        },
      }),
      privateImageCount: t.int({
        nullable: true,
        description: 'Images that are its own; null where no plugin of registries is loaded.',
        resolve: ({ tenant }, _args, context) =>
          context.services.registry.provided.has(tenantImagesRef.id)
            ? context.service(tenantImagesRef).countOwn(tenant, context)
            : null,
      }),
      problems: t.field({
        type: [clusterProblemRef],
        description: 'Clusters of which something is not counted, or as it was last seen, and why.',
        resolve: ({ problems }) => [...problems],
      }),
    }),
  });
  builder.objectField(workspaceTypeRef, 'overview', overviewField);
  builder.objectField(projectTypeRef, 'overview', overviewField);
}

function overviewField<T extends Tenant>(t: FieldBuilder<T>) {
  return t.field({
    type: overviewRef,
    description: 'What runs in it, in numbers (CMP-112).',
    resolve: (tenant: T, _args: unknown, context: RequestContext) => load(tenant, context),
  } as never) as never;
}

/** Its namespaces in clusters that the caller may see. */
export async function namespacesOfTenant(
  tenant: Tenant,
  context: RequestContext,
): Promise<readonly NamespaceBinding[]> {
  const all = await context.service(tenancyServiceRef).namespacesOf(tenant);
  return all.filter(({ cluster }) => context.clusters.get(cluster) !== undefined);
}

async function load(tenant: Tenant, context: RequestContext): Promise<TenantOverview> {
  const places = await namespacesOfTenant(tenant, context);
  const kinds = [podKind, persistentVolumeClaimKind, ...anyWorkloadKinds] as readonly KindRef[];
  const byCluster = Map.groupBy(places, ({ cluster }) => cluster);
  const asked = [...byCluster].map(async ([cluster, group]) => {
    const reader = context.kube(cluster);
    const namespaces = group.map(({ namespace }) => namespace);
    return allMaybe<ObjectList<unknown>>(kinds.map((kind) => reader.list(kind, { namespaces })));
  });
  const [applications, ...found] = await Promise.all([visibleApplications(context), ...asked]);
  const itemsOf = <T>(from: number, to?: number): readonly T[] =>
    found.flatMap((lists) => lists.slice(from, to).flatMap(({ items }) => items as readonly unknown[] as readonly T[]));
  const pods = itemsOf<PodObject>(0, 1);
  const workloads = itemsOf<WorkloadObject>(2).filter((workload) => !isOwnedByWorkload(workload));
  const problems = distinct(found.flatMap((lists) => lists.flatMap((list) => list.problems)));
  const requested = requestedBy(pods);
  return {
    tenant,
    images: imagesOf(pods),
    applicationCount: applications.filter((application) => liesIn(application, tenant, places)).length,
    workloads: { ...toWorkloadCounts(countRows(workloads as never, wordsOfWorkload as never)), problems },
    pods: { ...toPodCounts(countRows(pods as never, wordsOfPod as never), mostReasons), problems },
    volumeClaimCount: itemsOf(1, 2).length,
    cpuRequestedMillicores: requested.cpuMillicores,
    memoryRequestedBytes: requested.memoryBytes,
    problems,
  };
}

function liesIn(application: Application, tenant: Tenant, places: readonly NamespaceBinding[]): boolean {
  if (tenant.nodeTypeName === 'Workspace' && application.workspaceUuid === tenant.uuid) return true;
  return places.some(
    ({ cluster, namespace }) => application.cluster === cluster && application.namespace === namespace,
  );
}

function distinct(problems: readonly ClusterProblem[]): readonly ClusterProblem[] {
  return [...new Map(problems.map((each) => [`${each.cluster}\n${each.code}\n${each.message}`, each])).values()];
}
