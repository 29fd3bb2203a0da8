import { defineList, type LongshoreBuilder, named, relationField } from 'longshore/sdk';
import { appServiceTypeRef } from '../../api.ts';
import type { ServiceRelease } from '../../services/orders/order-nodes.ts';
import { loadReleasesOfService } from './load-orders.ts';
import { serviceReleaseTypeRef } from './service-release.ts';

/** Releases of an app service at the app service. */
export function registerServiceLinks(builder: LongshoreBuilder): void {
  defineList(builder, {
    name: 'ServiceRelease',
    node: serviceReleaseTypeRef,
    plural: 'releases of an app service',
    filter: (t) => ({
      states: t.field({ type: [named('ServiceReleaseState')], description: 'In one of these states.' }),
    }),
    matches: (filter) => {
      const { states } = filter as { readonly states?: readonly string[] | null };
      return ({ row }: ServiceRelease) => !states || states.includes(row.state);
    },
    orders: { CREATED_AT: { description: 'By when it was made.', value: ({ row }) => row.createdAt.getTime() } },
    defaultOrder: [{ field: 'CREATED_AT', direction: 'DESC' }],
    place: ({ uuid, row }) => ({ cluster: '', namespace: row.serviceId, name: uuid }),
  });
  builder.objectField(appServiceTypeRef, 'releases', (t) =>
    relationField(builder, t, {
      description: 'Its releases in orders that you may see, the newest first.',
      of: 'ServiceRelease',
      rows: async ({ uuid }, context) => ({ items: (await loadReleasesOfService(uuid, context)) ?? [] }),
    }),
  );
  builder.objectField(appServiceTypeRef, 'activeRelease', (t) =>
    t.field({
      type: serviceReleaseTypeRef,
      nullable: true,
      description: 'The release that has it now, one that failed included; null while it is in none, or not for you.',
      resolve: async ({ uuid, releaseUuid }, _args, context) =>
        (releaseUuid === null ? undefined : await loadReleasesOfService(uuid, context))?.find(
          (release) => release.uuid === releaseUuid,
        ) ?? null,
    }),
  );
  builder.objectField(appServiceTypeRef, 'latestRelease', (t) =>
    t.field({
      type: serviceReleaseTypeRef,
      nullable: true,
      description: 'Its newest release; null where it was never in an order that you may see.',
      resolve: async ({ uuid }, _args, context) => (await loadReleasesOfService(uuid, context))?.[0] ?? null,
    }),
  );
}
