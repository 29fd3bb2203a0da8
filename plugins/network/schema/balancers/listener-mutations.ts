import { type SecretObject, secretKind } from 'longshore/plugins/core';
import {
  type Deleted,
  type FieldBuilder,
  InUseError,
  idOfObject,
  idOfOperation,
  type LongshoreBuilder,
  type MutationOutcome,
  type MutationSuccess,
  type MutationTarget,
  NotFoundError,
  named,
  type OperationHandle,
  origin,
  type RequestContext,
  readObject,
  registerMutation,
  replayDeletion,
  resolveNode,
  subjectOf,
  type ValidationIssue,
} from 'longshore/sdk';
import { listenerObjection } from '../../services/balancers/balancer-checks.ts';
import {
  patchOfListeners,
  requireFree,
  withChangedListener,
  withListener,
  withoutListener,
} from '../../services/balancers/change-listeners.ts';
import {
  checkListener,
  checkOffered,
  checkPort,
  entryOf,
  type ListenerForm,
  requirePortAllowed,
} from '../../services/balancers/check-listener.ts';
import {
  type GatewayObject,
  gatewayKind,
  type ListenerEntry,
  tcpRouteKind,
} from '../../services/balancers/gateway-kinds.ts';
import { isListener, type Listener, listenerNamed, toListener } from '../../services/balancers/listeners.ts';
import { patchBalancer } from '../../services/balancers/write-balancer.ts';
import { listenerRef, loadBalancerRef } from './balancer-types.ts';
import { bindToListener, type GroupObject, loadGroup, requireBindable } from './bind-group.ts';
import { loadBalancerOf } from './change-load-balancer.ts';

const subject = subjectOf(gatewayKind);
const profileOf = (gateway: GatewayObject, { services }: RequestContext) =>
  services.profiles.at({ cluster: gateway[origin].cluster, namespace: gateway.metadata.namespace });

/** The listener behind an id. Its load balancer is what is written: rights and records are about that one. */
export async function loadListener(id: string, context: RequestContext): Promise<MutationTarget<Listener>> {
  const node = await resolveNode(id, context);
  if (!isListener(node)) throw new NotFoundError('There is no listener with this id');
  const target = await loadBalancerOf(idOfObject(node.gateway), context);
  return { ...target, value: node, thing: 'LISTENER', confirmWith: node.entry.name };
}

const placeholderOf = ({ [origin]: { cluster } }: GatewayObject, context: RequestContext) =>
  context.cluster(cluster).serves(tcpRouteKind) ? 'TCP' : 'HTTP';

/** The entry as the Gateway has it after the write. */
function outcomeOf(written: MutationOutcome<GatewayObject>, name: string): MutationOutcome<Listener> {
  const listener = listenerNamed(written.value, name);
  if (!listener) throw new NotFoundError('There is no listener with this id');
  return { ...written, value: listener, resultId: listener.id };
}

async function checkCertificate(
  name: string | null | undefined,
  gateway: GatewayObject,
  context: RequestContext,
): Promise<readonly ValidationIssue[]> {
  if (!name) return [];
  const { namespace } = gateway.metadata;
  const secret: SecretObject | null = await readObject(context, secretKind, gateway[origin].cluster, namespace, name);
  const path = ['certificateSecret'];
  if (!secret)
    return [{ path, code: 'not_found', message: `There is no Secret '${name}' in namespace '${namespace}'` }];
  const { type } = secret as { readonly type?: string };
  if (type === 'kubernetes.io/tls') return [];
  return [
    { path, code: 'invalid', message: `Secret '${name}' must be of type kubernetes.io/tls, got ${type ?? 'Opaque'}` },
  ];
}

const listenerSuccess = (description: string) =>
  ({
    description,
    fields: (t: FieldBuilder<MutationSuccess<Listener>>) => ({
      listener: t.field({
        type: listenerRef,
        description: 'The listener as the cluster has it after the write; in a dry run as it would be.',
        resolve: ({ value }) => value,
      }),
    }),
  }) as const;

/** Making, changing and deleting listeners (NET-17, NET-18, NET-20). */
export function registerListenerMutations(builder: LongshoreBuilder): void {
  registerCreate(builder);
  registerUpdate(builder);
  registerDelete(builder);
}

interface Creation {
  readonly gateway: GatewayObject;
  readonly group: GroupObject;
}

function registerCreate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createListener',
    description:
      'Makes a listener of a load balancer and binds a backend group of its protocol to it. A sensitive port (`lb.sensitivePorts`) is refused while the profile does not say that its filing was approved (NET-17, VND-03).',
    allow: { action: 'UPDATE', subject },
    input: (t) => ({
      loadBalancerId: t.id({ required: true, description: "The load balancer's global id." }),
      name: t.string({
        required: true,
        description: "Its name, unique in the load balancer: up to 63 lower-case letters, digits and '-'.",
      }),
      protocol: t.field({
        type: named('OfferedListenerProtocol'),
        required: true,
        description: 'What it speaks; by `lb.protocols` of the profile.',
      }),
      port: t.int({
        required: true,
        description: 'Its port, 1 to 65535, unique in the load balancer; UDP has ports of its own.',
      }),
      hostname: t.string({ description: 'With HTTP and HTTPS: the host whose requests it takes; any where absent.' }),
      certificateSecret: t.string({
        description: 'With HTTPS, and only there: name of a Secret of type `kubernetes.io/tls` in its namespace.',
      }),
      backendGroupId: t.id({
        required: true,
        description: 'Global id of the backend group that it leads to, of the same protocol; HTTPS leads to HTTP.',
      }),
    }),
    success: listenerSuccess('The listener is there and its backend group is bound.'),
    inputOf: () => undefined,
    validate: (input) => checkListener(input as unknown as ListenerForm, []),
    load: async ({ loadBalancerId, backendGroupId }, context) => {
      const target = await loadBalancerOf(String(loadBalancerId), context);
      const group = await loadGroup(String(backendGroupId), context);
      return { ...target, value: { gateway: target.value, group: group.value } satisfies Creation };
    },
    check: async (input, { gateway, group }, context) => {
      const form = input as unknown as ListenerForm;
      const profile = profileOf(gateway, context);
      context.access.requireAllowed('UPDATE', group);
      const entry = entryOf(form);
      const issues = [
        ...checkOffered(form.protocol, profile, ['protocol']),
        ...(await checkCertificate(form.certificateSecret, gateway, context)),
      ];
      if (issues.length > 0) return issues;
      requirePortAllowed(form.port, profile);
      requireFree(gateway, entry);
      await requireBindable(group, toListener(gateway, entry), context, 'backendGroupId');
      return [];
    },
    run: async (input, { gateway, group }, ticket, context) => {
      const entry = entryOf(input as unknown as ListenerForm);
      const placeholder = placeholderOf(gateway, context);
      const written = await patchBalancer(
        gateway,
        (current) => patchOfListeners(withListener(current, entry), placeholder),
        ticket,
        context,
      );
      const made = outcomeOf(written, entry.name);
      const bound = await bindToListener(group, made.value, ticket, context);
      return {
        ...made,
        recorded: [{ before: written.before, after: written.after }, ...bound.recorded],
        warnings: [...(made.warnings ?? []), ...bound.warnings],
      };
    },
    replay: (node): Listener | null => (isListener(node) ? node : null),
  });
}

function registerUpdate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateListener',
    description: 'Changes the port, host name or certificate of a listener. Name and protocol never change.',
    allow: { action: 'UPDATE', subject },
    input: (t) => ({
      id: t.id({ required: true, description: "The listener's global id." }),
      port: t.int({ description: 'Its port, 1 to 65535, unique in the load balancer; UDP has ports of its own.' }),
      hostname: t.string({ description: 'With HTTP and HTTPS: the host whose requests it takes; empty for any.' }),
      certificateSecret: t.string({
        description: 'With HTTPS: name of a Secret of type `kubernetes.io/tls` in its namespace.',
      }),
    }),
    success: listenerSuccess('The listener is changed.'),
    validate: ({ port, hostname, certificateSecret }) => [
      ...([port, hostname, certificateSecret].every((value) => value === null || value === undefined)
        ? [{ path: [], code: 'nothing_to_change', message: 'Say what shall change' }]
        : []),
      ...(port === null || port === undefined ? [] : checkPort(port, ['port'])),
    ],
    load: ({ id }, context) => loadListener(String(id), context),
    check: async (input, { gateway, entry }, context) => {
      const changed = changedEntry(entry, input);
      const form = { ...formOf(changed), name: entry.name } as ListenerForm;
      const issues = [
        ...checkListener(form, []),
        ...(await checkCertificate(input.certificateSecret, gateway, context)),
      ];
      if (issues.length > 0) return issues;
      if (changed.port !== entry.port) requirePortAllowed(changed.port, profileOf(gateway, context));
      requireFree(gateway, changed, entry.name);
      return [];
    },
    run: async (input, { gateway, entry }, ticket, context) => {
      const written = await patchBalancer(
        gateway,
        (current) =>
          patchOfListeners(
            withChangedListener(current, entry.name, (each) => changedEntry(each, input)),
            placeholderOf(gateway, context),
          ),
        ticket,
        context,
      );
      return outcomeOf(written, entry.name);
    },
    replay: (node): Listener | null => (isListener(node) ? node : null),
  });
}

interface ListenerChange {
  readonly port?: number | null | undefined;
  readonly hostname?: string | null | undefined;
  readonly certificateSecret?: string | null | undefined;
}

function changedEntry(entry: ListenerEntry, { port, hostname, certificateSecret }: ListenerChange): ListenerEntry {
  const { hostname: old, ...rest } = entry;
  const host = hostname === null || hostname === undefined ? old : hostname;
  return {
    ...rest,
    ...(port === null || port === undefined ? {} : { port }),
    ...(host ? { hostname: host } : {}),
    ...(certificateSecret
      ? { tls: { ...entry.tls, mode: 'Terminate', certificateRefs: [{ name: certificateSecret }] } }
      : {}),
  };
}

const formOf = ({ name, port, protocol, hostname, tls }: ListenerEntry): object => ({
  name,
  port,
  protocol,
  hostname,
  certificateSecret: tls?.certificateRefs?.[0]?.name,
});

function registerDelete(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deleteListener',
    description:
      'Deletes a listener. While a backend group is bound to it that is an `InUseError` that names the group: unbind or delete it first (NET-18).',
    allow: { action: 'UPDATE', subject },
    mustConfirm: 'BY_PROFILE',
    input: (t) => ({ id: t.id({ required: true, description: "The listener's global id." }) }),
    success: {
      description: 'The listener is deleted.',
      fields: (t: FieldBuilder<MutationSuccess<DeletedListener>>) => ({
        id: t.id({ description: "The listener's global id.", resolve: ({ value }) => value.id }),
        loadBalancer: t.field({
          type: loadBalancerRef,
          nullable: true,
          description: 'The load balancer that it was of; null where that is gone, too.',
          resolve: ({ value }) => value.gateway ?? null,
        }),
      }),
    },
    load: ({ id }, context) => loadListener(String(id), context),
    check: async (_input, listener, context) => {
      await requireUnbound(listener, context);
      return [];
    },
    run: async (_input, listener, ticket, context) => {
      const { gateway, entry, id } = listener;
      const written = await removeListener(gateway, entry, ticket, context);
      const value: DeletedListener = { id, gateway: written.value };
      return { ...written, value, resultId: idOfOperation(ticket) };
    },
    replay: async (node, context, { id }): Promise<DeletedListener | null> => {
      const deleted = await replayDeletion<GatewayObject>(node, context);
      return deleted && { id: String(id), gateway: deleted.object };
    },
  });
}

interface DeletedListener extends Pick<Deleted, 'id'> {
  readonly gateway: GatewayObject | undefined;
}

function removeListener(
  gateway: GatewayObject,
  entry: ListenerEntry,
  ticket: OperationHandle,
  context: RequestContext,
) {
  return patchBalancer(
    gateway,
    async (current) => {
      await requireUnbound(toListener(current, entry), context);
      return patchOfListeners(withoutListener(current, entry.name), placeholderOf(gateway, context));
    },
    ticket,
    context,
  );
}

/** Throws `InUseError` that names the groups. */
async function requireUnbound(listener: Listener, context: RequestContext): Promise<void> {
  const objection = await listenerObjection([listener], context);
  if (objection) throw new InUseError(objection.message, objection.references);
}
