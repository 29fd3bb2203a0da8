import { workspaceTypeRef } from 'longshore/plugins/core';
import {
  clusterRef,
  defineList,
  encodeGlobalId,
  type LongshoreBuilder,
  named,
  nodeRef,
  operationsField,
  type RequestContext,
  relationField,
  resolveNode,
  type TypeRef,
  typeRef,
  viewerCanField,
} from 'longshore/sdk';
import { type ReleaseEvent, type ReleaseOrder, releaseOrderTypeRef } from '../../api.ts';
import { idOfRelease, instanceOfOrder } from '../../services/orders/order-nodes.ts';
import { progressOf } from '../../services/orders/order-progress.ts';
import { ordersStoreRef } from '../../services/orders/orders-store.ts';
import { actionsOfOrder } from './load-actions.ts';
import { loadGroups, loadReleases, releasesOf } from './load-orders.ts';
import { groupRef, progressRef, type ReleaseGroup, serviceReleaseTypeRef } from './service-release.ts';

export const releaseEventRef: TypeRef<ReleaseEvent> = typeRef<ReleaseEvent>('ReleaseEvent');

/** Events of one order that its timeline shows at the most, the newest. */
const mostEvents = 10_000;

export const idOfWorkspace = (key: string): string =>
  encodeGlobalId({ of: 'row', plugin: 'core', type: 'Workspace', key });

/** Release orders and what happened to them (REL-19, REL-22, REL-24, REL-36). */
export function registerOrder(builder: LongshoreBuilder): void {
  registerEvent(builder);
  builder.objectType(releaseOrderTypeRef, {
    description: 'App services that are released together, each in a version of its own (REL-19).',
    interfaces: [nodeRef],
    fields: (t) => ({
      title: t.exposeString('title', { description: 'What people call it.' }),
      state: t.field({
        type: named('ReleaseOrderState'),
        description: 'Where it is.',
        resolve: ({ state }) => state as never,
      }),
      reason: t.exposeString('reason', {
        nullable: true,
        description: 'Why it could not be planned, in words; null where it could. Why a release failed is with that.',
      }),
      units: t.stringList({
        description: 'Deployment units that it releases to; empty for all.',
        resolve: ({ units }) => [...units],
      }),
      betaGroup: t.exposeBoolean('betaGroup', {
        description: 'Whether its services are released with a beta group first (REL-30).',
      }),
      workspace: t.field({
        type: workspaceTypeRef,
        nullable: true,
        description: 'The workspace of its app services; null where they are in none.',
        resolve: async ({ workspaceUuid }, _args, context) =>
          workspaceUuid === null ? null : ((await resolveNode(idOfWorkspace(workspaceUuid), context)) as never),
      }),
      cluster: t.field({
        type: clusterRef,
        nullable: true,
        description:
          'The cluster of its app services; null where they are in several namespaces, or it is not for you.',
        resolve: ({ cluster }, _args, context) => (cluster === null ? null : (context.clusters.get(cluster) ?? null)),
      }),
      namespace: t.exposeString('namespace', {
        nullable: true,
        description: 'The namespace of its app services; null where they are in several.',
      }),
      releases: t.field({
        type: [serviceReleaseTypeRef],
        description: 'The releases of its app services, as its author listed them.',
        resolve: async (order, _args, context) => [...(await releasesOf(order, context))],
      }),
      waitingGroups: t.field({
        type: [groupRef],
        description:
          'Groups of its releases that wait to be confirmed now, one of each at the most: what `confirmReleaseOrder` is for.',
        resolve: async (order, _args, context) => waitingGroups(order, context),
      }),
      progress: t.field({
        type: progressRef,
        description: 'How many of the pods of all its releases are updated.',
        resolve: async ({ uuid }, _args, context) => progressOf((await loadReleases(uuid, context)) ?? []),
      }),
      events: relationField(builder, t, {
        description: `What happened to it, the newest first; the newest ${mostEvents} where there are more.`,
        of: 'ReleaseEvent',
        rows: async ({ uuid }, context) => ({
          items: (await context.service(ordersStoreRef).eventsOf(uuid, mostEvents)) as readonly ReleaseEvent[],
        }),
      }),
      possibleActions: t.field({
        type: [named('ReleaseAction')],
        description:
          'What can be done to the whole of it by its state, which is to all of its releases that it can be done to; whether you may, `viewerCan` says.',
        resolve: async (order, _args, context) => (await actionsOfOrder(order, context)) as never,
      }),
      createdBy: t.exposeString('createdBy', { description: 'Who made it, as operation records name people.' }),
      createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: (row) => row.createdAt }),
      startedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it was started; null before.',
        resolve: (row) => row.startedAt,
      }),
      finishedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it ended; null before.',
        resolve: (row) => row.finishedAt,
      }),
      operations: operationsField<ReleaseOrder>(
        builder,
        t,
        'What was done to it, newest first: by people, and on its way by the platform in their name.',
        ({ id }) => ({ targetId: id }),
      ),
      ...viewerCanField<ReleaseOrder>(t, instanceOfOrder),
    }),
  });
}

async function waitingGroups(order: ReleaseOrder, context: RequestContext): Promise<ReleaseGroup[]> {
  const paused = (await releasesOf(order, context)).filter(({ row }) => row.state === 'PAUSED');
  const found = await Promise.all(
    paused.map(async (release) =>
      ((await loadGroups(release.uuid, context)) ?? [])
        .filter(({ state }) => state === 'WAITING_CONFIRM')
        .map((group) => ({ ...group, release })),
    ),
  );
  return found.flat();
}

function registerEvent(builder: LongshoreBuilder): void {
  builder.objectType(releaseEventRef, {
    description: 'Something that happened to a release order, kept as long as the order is (REL-24).',
    fields: (t) => ({
      kind: t.field({
        type: named('ReleaseEventKind'),
        description: 'What happened.',
        resolve: ({ kind }) => kind as never,
      }),
      message: t.exposeString('message', { description: 'The same in words.' }),
      actor: t.exposeString('actor', {
        nullable: true,
        description: 'Who did it, as operation records name people; null where the platform went on by itself.',
      }),
      releaseId: t.id({
        nullable: true,
        description: 'Global id of the release that it is about; null for the order itself.',
        resolve: ({ releaseId }) => (releaseId === null ? null : idOfRelease(releaseId)),
      }),
      groupPosition: t.exposeInt('groupPosition', {
        nullable: true,
        description: 'The group that it is about, from 0; null for none.',
      }),
      sequence: t.exposeInt('sequence', { description: 'Its number in the order: from 1, without gaps.' }),
      createdAt: t.field({ type: 'DateTime', description: 'When it happened.', resolve: (row) => row.createdAt }),
    }),
  });
  defineList(builder, {
    name: 'ReleaseEvent',
    node: releaseEventRef,
    plural: 'events of a release order',
    filter: (t) => ({
      kinds: t.field({ type: [named('ReleaseEventKind')], description: 'Of one of these kinds.' }),
      releaseId: t.id({ description: 'Only about the release with this global id.' }),
    }),
    matches: (filter) => {
      const { kinds, releaseId } = filter as { kinds?: readonly string[] | null; releaseId?: string | null };
      return (event: ReleaseEvent) =>
        (!kinds || kinds.includes(event.kind)) &&
        (!releaseId || (event.releaseId !== null && idOfRelease(event.releaseId) === releaseId));
    },
    orders: { SEQUENCE: { description: 'As it happened.', value: ({ sequence }) => sequence } },
    defaultOrder: [{ field: 'SEQUENCE', direction: 'DESC' }],
    place: ({ orderId, id }) => ({ cluster: '', namespace: orderId, name: id }),
  });
}
