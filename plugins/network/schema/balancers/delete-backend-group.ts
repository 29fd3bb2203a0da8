import {
  type Deleted,
  idOfObject,
  idOfOperation,
  type LongshoreBuilder,
  origin,
  registerMutation,
  replayDeletion,
  subjectOf,
} from 'longshore/sdk';
import { listenersOfGroup } from '../../services/balancers/find-groups.ts';
import { protocolOfRoute, type RouteObject, routeKindOf, routeKinds } from '../../services/balancers/gateway-kinds.ts';
import { deleteAsJudged } from '../../services/balancers/write-balancer.ts';
import { backendGroupRef } from './balancer-types.ts';
import { loadGroup } from './bind-group.ts';

/** Deleting backend groups (NET-19, CON-25). */
export function registerDeleteBackendGroup(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deleteBackendGroup',
    description:
      'Deletes a backend group; its Services stay. Listeners that lead to it then lead nowhere, which asks for `acknowledge: [LISTENER_LOSES_BACKEND]` (NET-19, CON-25).',
    allow: { action: 'DELETE', subject: routeKinds.map(subjectOf) },
    mustConfirm: 'BY_PROFILE',
    batch: { name: 'deleteBackendGroups', description: 'Deletes several backend groups, in whatever clusters.' },
    input: (t) => ({ id: t.id({ required: true, description: "The backend group's global id." }) }),
    success: {
      description: 'The backend group is deleted, or will be when its finalizers are done.',
      fields: (t) => ({
        id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }),
        backendGroup: t.field({
          type: backendGroupRef,
          nullable: true,
          description: 'The backend group while it is still there; null once it is gone.',
          resolve: ({ value }) => value.object ?? null,
        }),
      }),
    },
    load: ({ id }, context) => loadGroup(String(id), context),
    warn: {
      codes: ['LISTENER_LOSES_BACKEND'],
      find: async (_input, route: RouteObject, context) => {
        const listeners = await listenersOfGroup(context.kube(route[origin].cluster), route);
        if (listeners.length === 0) return [];
        const names = listeners.map(({ entry, gateway }) => `'${gateway.metadata.name}/${entry.name}'`).join(', ');
        const message = `${listeners.length === 1 ? 'The listener' : 'The listeners'} ${names} will lead nowhere.`;
        return [{ code: 'LISTENER_LOSES_BACKEND', message, path: ['id'] }];
      },
    },
    run: async (_input, route, ticket, context) => {
      const { cluster } = route[origin];
      const { namespace, name, uid } = route.metadata;
      await deleteAsJudged(route, () => Promise.resolve(), ticket, context);
      const kind = routeKindOf[protocolOfRoute(route.kind)];
      const now = ticket.isDryRun ? route : await context.kube(cluster).get(kind, namespace, name);
      const left = now?.metadata.uid === uid ? now : undefined;
      const value: Deleted<RouteObject> = { id: idOfObject(route), object: left };
      return { value, resultId: idOfOperation(ticket), recorded: [{ before: route, after: left }] };
    },
    replay: replayDeletion<RouteObject>,
  });
}
