import {
  type AnyNode,
  enumValue,
  type LongshoreBuilder,
  type MaybePromise,
  mapMaybe,
  named,
  nodeRef,
  origin,
  type RequestContext,
  readObject,
  registryOf,
  relatedRows,
  relationField,
  viewerCanField,
} from 'longshore/sdk';
import { type Outcome, toldConditions } from '../../services/balancers/condition-outcome.ts';
import { boundGroups } from '../../services/balancers/find-groups.ts';
import { gatewayKind } from '../../services/balancers/gateway-kinds.ts';
import {
  type Listener,
  type ListenerState,
  listenerNamed,
  listenerOutcome,
  listenerTypeName,
  parseListenerKey,
} from '../../services/balancers/listeners.ts';
import { listenerRef, loadBalancerRef } from './balancer-types.ts';

export const listenerProtocols = { TCP: 'TCP', UDP: 'UDP', HTTP: 'HTTP', HTTPS: 'HTTPS' } as const;

const outcomeOf = (listener: Listener, context: RequestContext): MaybePromise<Outcome<ListenerState>> =>
  mapMaybe(boundGroups(context.kube(listener.gateway[origin].cluster), listener), (groups) =>
    listenerOutcome(listener, groups.length > 0),
  );

/** Listeners of load balancers (NET-17): nodes of their own, though the cluster keeps them as entries of their Gateway. */
export function registerListener(builder: LongshoreBuilder): void {
  registryOf(builder).rowLoaders.set(`network|${listenerTypeName}`, (keys, context) =>
    Promise.all(keys.map((key) => loadListener(key, context))),
  );
  builder.objectType(listenerRef, {
    description: 'Where a load balancer takes traffic by one protocol at one port, and leads it to a backend group.',
    interfaces: [nodeRef],
    fields: (t) => ({
      name: t.string({ description: 'Its name, unique in its load balancer.', resolve: ({ entry }) => entry.name }),
      loadBalancer: t.field({
        type: loadBalancerRef,
        description: 'The load balancer that it is of.',
        resolve: ({ gateway }) => gateway,
      }),
      protocol: t.field({
        type: named('ListenerProtocol'),
        description: 'What it speaks.',
        resolve: ({ entry }) => enumValue(listenerProtocols, entry.protocol) as never,
      }),
      rawProtocol: t.string({
        description: 'The protocol as the cluster has it.',
        resolve: ({ entry }) => entry.protocol,
      }),
      port: t.int({ description: 'Its port, 1 to 65535.', resolve: ({ entry }) => entry.port }),
      hostname: t.string({
        nullable: true,
        description: 'The host whose requests it takes, perhaps with a wildcard; null for any.',
        resolve: ({ entry }) => entry.hostname ?? null,
      }),
      certificateSecrets: t.stringList({
        description: 'Names of the Secrets with its certificates; empty without TLS.',
        resolve: ({ entry }) => (entry.tls?.certificateRefs ?? []).map(({ name }) => name),
      }),
      state: t.field({
        type: named('ListenerState'),
        description: 'How it does, from its conditions and its backend groups.',
        resolve: (listener, _args, context) => mapMaybe(outcomeOf(listener, context), ({ state }) => state) as never,
      }),
      stateReason: t.string({
        nullable: true,
        description: 'Why it is not RUNNING, in one word, e.g. `InvalidCertificateRef`.',
        resolve: (listener, _args, context) => mapMaybe(outcomeOf(listener, context), ({ reason }) => reason ?? null),
      }),
      stateMessage: t.string({
        nullable: true,
        description: 'The same in a sentence.',
        resolve: (listener, _args, context) => mapMaybe(outcomeOf(listener, context), ({ message }) => message ?? null),
      }),
      conditions: t.field({
        type: [named('Condition')],
        description: 'What its controller says of it, with its reasons; empty until it has looked at it.',
        resolve: ({ gateway, entry }) =>
          toldConditions(gateway.status?.listeners?.find(({ name }) => name === entry.name)?.conditions) as never,
      }),
      ...viewerCanField(t, ({ gateway }: Listener) => gateway),
      attachedRoutes: t.int({
        description: 'How many routes its controller says that it carries.',
        resolve: ({ gateway, entry }) =>
          gateway.status?.listeners?.find(({ name }) => name === entry.name)?.attachedRoutes ?? 0,
      }),
      backendGroups: relationField(builder, t, {
        description: 'Backend groups that are bound to it; the platform binds one.',
        of: 'BackendGroup',
        rows: (listener, context) =>
          relatedRows(context, listener.gateway[origin].cluster, (reader) => boundGroups(reader, listener)),
      }),
    }),
  });
}

async function loadListener(key: string, context: RequestContext): Promise<AnyNode | null> {
  const place = parseListenerKey(key);
  if (!place) return null;
  const gateway = await readObject(context, gatewayKind, place.cluster, place.namespace, place.gateway);
  return (gateway && listenerNamed(gateway, place.name)) ?? null;
}
