import { type SecretObject, secretKind } from 'longshore/plugins/core';
import {
  type FieldBuilder,
  idOfObject,
  type MutationOutcome,
  type MutationSuccess,
  type MutationTarget,
  NotFoundError,
  origin,
  type Profile,
  type RequestContext,
  readObject,
  resolveNode,
  type ValidationIssue,
} from 'longshore/sdk';
import { type GatewayObject, tcpRouteKind } from '../../services/balancers/gateway-kinds.ts';
import { isListener, type Listener, listenerNamed } from '../../services/balancers/listeners.ts';
import { listenerRef } from './balancer-types.ts';
import { loadBalancerOf } from './change-load-balancer.ts';

/** The listener behind an id. Its load balancer is what is written: rights and records are about that one. */
export async function loadListener(id: string, context: RequestContext): Promise<MutationTarget<Listener>> {
  const node = await resolveNode(id, context);
  if (!isListener(node)) throw new NotFoundError('There is no listener with this id');
  const target = await loadBalancerOf(idOfObject(node.gateway), context);
  return { ...target, value: node, thing: 'LISTENER', confirmWith: node.entry.name };
}

/** The profile where a load balancer lies. */
export const profileOfBalancer = (gateway: GatewayObject, { services }: RequestContext): Profile =>
  services.profiles.at({ cluster: gateway[origin].cluster, namespace: gateway.metadata.namespace });

/** What the entry that keeps the place of listeners speaks in a cluster. */
export const placeholderOf = ({ [origin]: { cluster } }: GatewayObject, context: RequestContext) =>
  context.cluster(cluster).serves(tcpRouteKind) ? 'TCP' : 'HTTP';

/** The entry as the Gateway has it after the write. */
export function outcomeOfListener(written: MutationOutcome<GatewayObject>, name: string): MutationOutcome<Listener> {
  const listener = listenerNamed(written.value, name);
  if (!listener) throw new NotFoundError('There is no listener with this id');
  return { ...written, value: listener, resultId: listener.id };
}

/** What stands against a Secret as certificate of a listener. */
export async function checkCertificate(
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

/** The success of a mutation that answers with the listener. */
export const listenerSuccess = (description: string) =>
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
