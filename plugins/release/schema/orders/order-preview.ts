import { AnswerError, type LongshoreBuilder, named, type RequestContext, type TypeRef, typeRef } from 'longshore/sdk';
import {
  type AppService,
  type AppServiceVersion,
  appServiceTypeRef,
  appServiceVersionTypeRef,
  type ReleaseOrder,
} from '../../api.ts';
import { applicationLabelsOf, unitsOf } from '../../services/app-services/place-of-service.ts';
import type { PlannedGroup } from '../../services/grouping/plan-groups.ts';
import { orderDeskRef } from '../../services/orders/order-desk.ts';
import { planPods } from '../../services/orders/plan-pods.ts';
import { loadReleases, loadService, loadVersion } from './load-orders.ts';
import type { WantedRelease } from './plan-input.ts';

/** What the release of one service would come to. */
interface ReleasePreview {
  readonly service: AppService;
  readonly version: AppServiceVersion;
  readonly groups: readonly PlannedGroup[];
  readonly totalPods: number;
  readonly problem: string | null;
}

export const releasePreviewRef: TypeRef<ReleasePreview> = typeRef<ReleasePreview>('ReleasePreview');

export function registerOrderPreview(builder: LongshoreBuilder): void {
  builder.objectType(releasePreviewRef, {
    description: 'What the release of one app service would come to, as things are now (REL-29).',
    fields: (t) => ({
      service: t.field({
        type: appServiceTypeRef,
        description: 'What is released.',
        resolve: ({ service }) => service,
      }),
      version: t.field({
        type: appServiceVersionTypeRef,
        description: 'The version that is released.',
        resolve: ({ version }) => version,
      }),
      groups: t.field({
        type: [named('PlannedReleaseGroup')],
        description: 'In which groups its pods are released, in their order.',
        resolve: ({ groups }) => [...groups] as never,
      }),
      totalPods: t.exposeInt('totalPods', { description: 'Pods of all groups.' }),
      problem: t.exposeString('problem', {
        nullable: true,
        description: 'Why it could not be planned as things are now; null where it can.',
      }),
    }),
  });
}

/** The groups of each service (REL-19), of an order that is there or of one that is to be made. */
export async function previewOrder(
  order: Pick<ReleaseOrder, 'uuid' | 'units' | 'betaGroup'>,
  wanted: readonly Pick<WantedRelease, 'service' | 'version'>[] | undefined,
  context: RequestContext,
): Promise<readonly ReleasePreview[]> {
  const releases = wanted ?? (await releasesOfOrder(order.uuid, context));
  const running = await context.service(orderDeskRef).running(releases.map(({ service }) => service.uuid));
  return Promise.all(
    releases.map(async ({ service, version }) => {
      const request = {
        service,
        version,
        units: await unitsOf(service, context),
        applicationLabels: applicationLabelsOf(service, context.services.profiles),
      };
      try {
        const { groups, totalPods } = planPods(request, order, running.get(service.uuid)?.target ?? null);
        return { service, version, groups, totalPods, problem: null };
      } catch (error) {
        if (!(error instanceof AnswerError)) throw error;
        return { service, version, groups: [], totalPods: 0, problem: error.message };
      }
    }),
  );
}

async function releasesOfOrder(uuid: string, context: RequestContext) {
  const rows = (await loadReleases(uuid, context)) ?? [];
  const found = await Promise.all(
    rows.map(async ({ serviceId, versionId }) => {
      const [service, version] = await Promise.all([loadService(serviceId, context), loadVersion(versionId, context)]);
      return service && version ? [{ service, version }] : [];
    }),
  );
  return found.flat();
}
