import { descriptionAnnotation, descriptionText, displayNameAnnotation } from 'longshore/plugins/core';
import {
  checkDeletion,
  checkText,
  type Deleted,
  idOfObject,
  idOfOperation,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  type MutationTarget,
  objectSuccess,
  origin,
  type RequestContext,
  registerMutation,
  replayDeletion,
  subjectOf,
} from 'longshore/sdk';
import { lbDisplayName } from '../../profile-keys/balancers.ts';
import { bandwidthAnnotation } from '../../services/balancers/bandwidth.ts';
import { checkBandwidth } from '../../services/balancers/check-balancer-form.ts';
import { type GatewayObject, gatewayKind } from '../../services/balancers/gateway-kinds.ts';
import { deleteAsJudged, patchBalancer } from '../../services/balancers/write-balancer.ts';
import { loadBalancerRef } from './balancer-types.ts';

const subject = subjectOf(gatewayKind);

/** The load balancer behind an id; records and confirmations call it by its type in the schema. */
export async function loadBalancerOf(id: string, context: RequestContext): Promise<MutationTarget<GatewayObject>> {
  const target = await loadOfKind(id, gatewayKind, context);
  return { ...target, record: { ...target.record, type: 'LoadBalancer' }, thing: 'LOAD_BALANCER' };
}

/** Changing and deleting load balancers (NET-15, NET-16). */
export function registerLoadBalancerChanges(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateLoadBalancer',
    description:
      'Changes what a load balancer is called, what is said of it, and its peak bandwidth. Its class never changes.',
    allow: { action: 'UPDATE', subject },
    input: (t) => ({
      id: t.id({ required: true, description: "The load balancer's global id." }),
      displayName: t.string({ description: 'What people call it; empty for its name.' }),
      description: t.string({ description: 'What it is for; empty for none.' }),
      bandwidthMbps: t.int({ description: 'Peak bandwidth in Mbps; 0 for none.' }),
    }),
    success: objectSuccess('The load balancer is changed.', 'loadBalancer', loadBalancerRef as never),
    validate: ({ displayName, description, bandwidthMbps }) => [
      ...([displayName, description, bandwidthMbps].every((value) => value === null || value === undefined)
        ? [{ path: [], code: 'nothing_to_change', message: 'Say what shall change' }]
        : []),
      ...(bandwidthMbps !== null && bandwidthMbps !== undefined && bandwidthMbps < 0
        ? [
            {
              path: ['bandwidthMbps'],
              code: 'too_small',
              message: `bandwidthMbps must be at least 0, got ${bandwidthMbps}`,
            },
          ]
        : []),
    ],
    load: ({ id }, context) => loadBalancerOf(String(id), context),
    check: ({ displayName, description, bandwidthMbps }, gateway, { services }) => {
      const profile = services.profiles.at({
        cluster: gateway[origin].cluster,
        namespace: gateway.metadata.namespace,
      });
      return [
        ...(displayName ? checkText(profile.get(lbDisplayName), 'displayName', displayName) : []),
        ...(description ? checkText(profile.get(descriptionText), 'description', description) : []),
        ...checkBandwidth(bandwidthMbps, profile),
      ];
    },
    run: ({ displayName, description, bandwidthMbps }, gateway, ticket, context) => {
      const isAsked = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;
      const bandwidth = isAsked(bandwidthMbps)
        ? { [bandwidthAnnotation]: bandwidthMbps > 0 ? `${bandwidthMbps}` : null }
        : {};
      const patch = {
        metadata: {
          annotations: {
            ...(isAsked(displayName) ? { [displayNameAnnotation]: displayName || null } : {}),
            ...(isAsked(description) ? { [descriptionAnnotation]: description || null } : {}),
            ...bandwidth,
          },
        },
        ...(isAsked(bandwidthMbps) ? { spec: { infrastructure: { annotations: bandwidth } } } : {}),
      };
      return patchBalancer(gateway, () => patch, ticket, context);
    },
    replay: (node): GatewayObject | null => (isOfKind(node, gatewayKind) ? node : null),
  });
  registerMutation(builder, {
    name: 'deleteLoadBalancer',
    description:
      'Deletes a load balancer and gives its addresses back. While it has listeners that is an `InUseError` that names them (NET-16).',
    allow: { action: 'DELETE', subject },
    mustConfirm: 'BY_PROFILE',
    batch: { name: 'deleteLoadBalancers', description: 'Deletes several load balancers, in whatever clusters.' },
    input: (t) => ({ id: t.id({ required: true, description: "The load balancer's global id." }) }),
    success: {
      description: 'The load balancer is deleted, or will be when its finalizers are done.',
      fields: (t) => ({
        id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }),
        loadBalancer: t.field({
          type: loadBalancerRef,
          nullable: true,
          description: 'The load balancer while it is still there; null once it is gone.',
          resolve: ({ value }) => value.object ?? null,
        }),
      }),
    },
    load: ({ id }, context) => loadBalancerOf(String(id), context),
    warn: {
      codes: ['IN_USE'],
      find: (_input, gateway: GatewayObject, context) => checkDeletion(gateway as never, undefined, context),
    },
    run: async (_input, gateway, ticket, context) => {
      const { cluster } = gateway[origin];
      const { namespace, name, uid } = gateway.metadata;
      // A listener that somebody adds at this moment must not go with it.
      const judge = (current: GatewayObject) => checkDeletion(current as never, undefined, context);
      await deleteAsJudged(gateway, judge, ticket, context);
      const now = ticket.isDryRun ? gateway : await context.kube(cluster).get(gatewayKind, namespace, name);
      const left = now?.metadata.uid === uid ? now : undefined;
      const value: Deleted<GatewayObject> = { id: idOfObject(gateway), object: left };
      return { value, resultId: idOfOperation(ticket), recorded: [{ before: gateway, after: left }] };
    },
    replay: replayDeletion<GatewayObject>,
  });
}
