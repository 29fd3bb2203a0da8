import {
  type ChangedThing,
  idOfObject,
  isOfKind,
  type KubeObject,
  loadOfKind,
  type MutationTarget,
  NotFoundError,
  type OperationHandle,
  origin,
  PreconditionError,
  parseGlobalId,
  type RequestContext,
  systemPrincipal,
  ValidationError,
} from 'longshore/sdk';
import {
  boundTo,
  patchOfListeners,
  withChangedListener,
  withNamespace,
} from '../../services/balancers/change-listeners.ts';
import { boundGroups } from '../../services/balancers/find-groups.ts';
import { protocolOfRoute, type RouteObject, routeKinds, tcpRouteKind } from '../../services/balancers/gateway-kinds.ts';
import { groupProtocolOf, type Listener } from '../../services/balancers/listeners.ts';
import { patchBalancer } from '../../services/balancers/write-balancer.ts';

export type GroupObject = RouteObject;

/** The backend group behind an id, of whichever of the three kinds. */
export async function loadGroup(id: string, context: RequestContext): Promise<MutationTarget<RouteObject>> {
  const parsed = parseGlobalId(id);
  const kind = routeKinds.find(
    (each) => parsed?.of === 'kubernetes' && parsed.kind === each.kind && parsed.group === each.group,
  );
  if (!kind) throw new NotFoundError('There is no backend group with this id');
  const target = await loadOfKind(id, kind, context);
  return { ...target, thing: 'BACKEND_GROUP' };
}

export const isGroup = (node: unknown): node is RouteObject => routeKinds.some((kind) => isOfKind(node, kind));

/**
 * Throws where a group cannot be bound to a listener: other cluster, other protocol, another group is bound already, or its namespace is not let in
 * and the caller may not change the load balancer.
 */
export async function requireBindable(
  group: RouteObject,
  listener: Listener,
  context: RequestContext,
  field: string,
): Promise<void> {
  const { gateway, entry } = listener;
  const refuse = (code: string, message: string): never => {
    throw new ValidationError([{ path: [field], code, message }]);
  };
  const { cluster } = gateway[origin];
  if (group[origin].cluster !== cluster)
    refuse('other_cluster', 'Backend group and load balancer must be in one cluster');
  const protocol = protocolOfRoute(group.kind);
  if (groupProtocolOf(entry) !== protocol) {
    refuse(
      'other_protocol',
      `Listener '${entry.name}' speaks ${entry.protocol}, backend group '${group.metadata.name}' ${protocol}`,
    );
  }
  const reader = context.cluster(cluster).reader(systemPrincipal, context.signal);
  const others = (await boundGroups(reader, listener)).filter((other) => idOfObject(other) !== idOfObject(group));
  if (others.length > 0) {
    const visible = others.find((other) => context.access.allowed('READ', other));
    const name = visible ? `'${visible.metadata.name}'` : 'that you may not see';
    throw new PreconditionError(
      'LISTENER_BOUND',
      `Listener '${entry.name}' leads to the backend group ${name} already: unbind that first`,
    );
  }
  if (withNamespace(listener, group.metadata)) context.access.requireAllowed('UPDATE', gateway);
}

/** Binds a group to a listener, which lets the group's namespace in first where it does not yet. */
export async function bindToListener(
  group: RouteObject,
  listener: Listener,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<{
  readonly group: RouteObject;
  readonly recorded: readonly ChangedThing[];
  readonly warnings: readonly string[];
}> {
  const recorded: ChangedThing[] = [];
  const warnings: string[] = [];
  const { gateway, entry } = listener;
  const note = (written: {
    readonly before?: unknown;
    readonly after?: unknown;
    readonly warnings?: readonly string[];
  }) => {
    const object = idOfObject(written.after as KubeObject);
    recorded.push({ before: written.before, after: written.after, object });
    warnings.push(...(written.warnings ?? []));
  };
  if (withNamespace(listener, group.metadata) && !isUnwritten(ticket, listener)) {
    const placeholder = context.cluster(gateway[origin].cluster).serves(tcpRouteKind) ? 'TCP' : 'HTTP';
    note(
      await patchBalancer(
        gateway,
        (current) =>
          patchOfListeners(
            withChangedListener(current, entry.name, (each) => {
              const allowedRoutes = withNamespace({ ...listener, gateway: current, entry: each }, group.metadata);
              return allowedRoutes ? { ...each, allowedRoutes } : each;
            }),
            placeholder,
          ),
        ticket,
        context,
      ),
    );
  }
  const written = await patchBalancer(
    group,
    (current) => ({ spec: { parentRefs: boundTo(current, listener) } }),
    ticket,
    context,
  );
  note(written);
  return { group: written.value, recorded, warnings };
}

/** In a dry run a listener that is made with the same mutation is not there to be changed. */
function isUnwritten(ticket: OperationHandle, { gateway, entry }: Listener): boolean {
  return ticket.isDryRun && !(gateway.status?.listeners ?? []).some(({ name }) => name === entry.name);
}
