import {
  type InputFieldBuilder,
  idOfObject,
  type LongshoreBuilder,
  type RequestContext,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { unboundFrom } from '../../services/balancers/change-listeners.ts';
import { type RouteObject, routeKinds } from '../../services/balancers/gateway-kinds.ts';
import type { Listener } from '../../services/balancers/listeners.ts';
import { patchBalancer } from '../../services/balancers/write-balancer.ts';
import { bindToListener, isGroup, loadGroup, requireBindable } from './bind-group.ts';
import { groupSuccess } from './group-parts.ts';
import { loadListener } from './load-listener.ts';

interface Binding {
  readonly group: RouteObject;
  readonly listener: Listener;
}

async function loadBinding(id: string, listenerId: string, context: RequestContext) {
  const target = await loadGroup(id, context);
  const { value: listener } = await loadListener(listenerId, context);
  return { ...target, value: { group: target.value, listener } satisfies Binding };
}

/** Making listeners lead to backend groups, and no more (NET-18, NET-19, CON-25). */
export function registerBindBackendGroup(builder: LongshoreBuilder): void {
  const fields = (t: InputFieldBuilder) => ({
    id: t.id({ required: true, description: "The backend group's global id." }),
    listenerId: t.id({ required: true, description: "The listener's global id." }),
  });
  registerMutation(builder, {
    name: 'bindBackendGroup',
    description:
      'Makes a listener lead to a backend group of the same protocol. A listener leads to one group; a group may have several listeners. For a group of another namespace than the load balancer the listener lets that namespace in, which needs the right to change the load balancer.',
    allow: { action: 'UPDATE', subject: routeKinds.map(subjectOf) },
    input: fields,
    success: groupSuccess('The listener leads to the backend group.'),
    inputOf: () => undefined,
    load: ({ id, listenerId }, context) => loadBinding(String(id), String(listenerId), context),
    check: async (_input, { group, listener }, context) => {
      await requireBindable(group, listener, context, 'listenerId');
      return [];
    },
    run: async (_input, { group, listener }, ticket, context) => {
      const bound = await bindToListener(group, listener, ticket, context);
      return {
        value: bound.group,
        resultId: idOfObject(group),
        before: group,
        after: bound.group,
        recorded: bound.recorded,
        warnings: bound.warnings,
      };
    },
    replay: (node): RouteObject | null => (isGroup(node) ? node : null),
  });
  registerMutation(builder, {
    name: 'unbindBackendGroup',
    description:
      'Takes a backend group off a listener: where that leads to no other, its state is NO_BACKEND and it takes no traffic (CON-25).',
    allow: { action: 'UPDATE', subject: routeKinds.map(subjectOf) },
    input: fields,
    success: groupSuccess('The listener leads to the backend group no more.'),
    inputOf: () => undefined,
    load: ({ id, listenerId }, context) => loadBinding(String(id), String(listenerId), context),
    run: async (_input, { group, listener }, ticket, context) =>
      patchBalancer(group, (current) => ({ spec: { parentRefs: unboundFrom(current, listener) } }), ticket, context),
    replay: (node): RouteObject | null => (isGroup(node) ? node : null),
  });
}
