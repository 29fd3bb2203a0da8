import { descriptionAnnotation, displayNameAnnotation } from 'longshore/plugins/core';
import {
  defineKubernetesList,
  type ListRows,
  type LongshoreBuilder,
  listKubernetesObjects,
  type MaybePromise,
  mapMaybe,
  named,
  origin,
  type RequestContext,
  readObject,
  registerKubernetesChanges,
  registerKubernetesType,
  registerList,
  registerQuery,
  relatedRows,
  relationField,
  subjectOf,
} from 'longshore/sdk';
import { typeOfClass } from '../../services/balancers/balancer-classes.ts';
import {
  addressesOf,
  type BalancerState,
  balancerOutcome,
  listenersOf,
} from '../../services/balancers/balancer-facts.ts';
import { bandwidthOf } from '../../services/balancers/bandwidth.ts';
import { groupsOfGateway } from '../../services/balancers/find-groups.ts';
import { type GatewayObject, gatewayClassKind, gatewayKind } from '../../services/balancers/gateway-kinds.ts';
import { toListener } from '../../services/balancers/listeners.ts';
import { withMissingEngines } from '../../services/balancers/missing-engine.ts';
import { listenerRef, loadBalancerClassRef, loadBalancerRef } from './balancer-types.ts';

const allow = { action: 'READ', subject: subjectOf(gatewayKind) };

interface BalancerFilter {
  readonly states?: readonly BalancerState[] | null | undefined;
  readonly classNames?: readonly string[] | null | undefined;
  readonly address?: string | null | undefined;
}

/** Load balancers: Gateways, their list and their stream (NET-15). */
export function registerLoadBalancer(builder: LongshoreBuilder): void {
  registerType(builder);
  const list = defineKubernetesList(builder, {
    name: 'LoadBalancer',
    node: loadBalancerRef,
    plural: 'load balancers',
    isNamespaced: true,
    filter: (t) => ({
      states: t.field({ type: [named('LoadBalancerState')], description: 'In one of these states.' }),
      classNames: t.stringList({ description: 'Of one of these classes.' }),
      address: t.string({ description: 'That take traffic at this address.' }),
    }),
    matches(given) {
      const { states, classNames, address } = given as BalancerFilter;
      return (gateway: GatewayObject) =>
        (!states || states.includes(balancerOutcome(gateway).state)) &&
        (!classNames || classNames.includes(gateway.spec?.gatewayClassName ?? '')) &&
        (!address || addressesOf(gateway).includes(address));
    },
    orders: {
      STATE: { description: 'By state.', value: (gateway) => balancerOutcome(gateway).state },
      LISTENERS: { description: 'By number of listeners.', value: (gateway) => listenersOf(gateway).length },
    },
  });
  registerQuery(builder, {
    name: 'loadBalancer',
    description: 'One load balancer by its name; null where it is not there for you.',
    allow,
    type: loadBalancerRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      namespace: t.string({ required: true, description: 'Its namespace.' }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, namespace, name }, context) => readObject(context, gatewayKind, cluster, namespace, name),
  });
  registerList(builder, {
    name: 'loadBalancers',
    description:
      'Load balancers (Gateways) of all clusters that you may see. A cluster without the Gateway API stands among the problems.',
    allow,
    list,
    rows: (args, context): MaybePromise<ListRows<GatewayObject>> =>
      mapMaybe(listKubernetesObjects([gatewayKind], args, context), (rows) =>
        withMissingEngines(rows, [gatewayKind], args.filter?.cluster, context),
      ),
  });
  registerKubernetesChanges(builder, {
    name: 'loadBalancerChanges',
    description: 'Load balancers as they come, change and go.',
    allow,
    kinds: [gatewayKind],
    itemField: 'loadBalancer',
    itemType: loadBalancerRef,
    itemDescription: 'The load balancer after the change; of a deleted one the last state known.',
    list: list as never,
  });
}

const classOf = (gateway: GatewayObject, context: RequestContext) =>
  context.kube(gateway[origin].cluster).get(gatewayClassKind, undefined, gateway.spec?.gatewayClassName ?? '');

function registerType(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: loadBalancerRef,
    kind: gatewayKind,
    description:
      'A load balancer: a Gateway (gateway.networking.k8s.io/v1) with addresses and listeners. It lives apart from applications and stays when they go (NET-22).',
    fields: (t) => ({
      displayName: t.string({
        description: 'What people call it; its name where nothing else is said.',
        resolve: ({ metadata }) => metadata.annotations?.[displayNameAnnotation] || metadata.name,
      }),
      description: t.string({
        description: 'What it is for; empty where nothing is said.',
        resolve: ({ metadata }) => metadata.annotations?.[descriptionAnnotation] ?? '',
      }),
      state: t.field({
        type: named('LoadBalancerState'),
        description: 'How it does, from its conditions.',
        resolve: (gateway) => balancerOutcome(gateway).state as never,
      }),
      stateReason: t.string({
        nullable: true,
        description: 'Why it is not RUNNING, in one word of its controller, e.g. `AddressNotAssigned`.',
        resolve: (gateway) => balancerOutcome(gateway).reason ?? null,
      }),
      stateMessage: t.string({
        nullable: true,
        description: 'The same in a sentence.',
        resolve: (gateway) => balancerOutcome(gateway).message ?? null,
      }),
      addresses: t.stringList({
        description: 'Addresses and host names at which it takes traffic; empty until its controller says so.',
        resolve: (gateway) => [...addressesOf(gateway)],
      }),
      bandwidthMbps: t.int({
        nullable: true,
        description:
          'Peak bandwidth in Mbps that it was asked to keep to; null: none. It is handed to what the controller makes as annotation `longshore.dev/bandwidth-mbps`: whether that sees to it is the matter of the class.',
        resolve: (gateway) => bandwidthOf(gateway) ?? null,
      }),
      className: t.string({
        description: 'Name of its class, which says who serves it.',
        resolve: ({ spec }) => spec?.gatewayClassName ?? '',
      }),
      class: t.field({
        type: loadBalancerClassRef,
        nullable: true,
        description: 'Its class; null where there is none of the name.',
        resolve: async (gateway, _args, context) => (await classOf(gateway, context)) ?? null,
      }),
      type: t.field({
        type: named('LoadBalancerType'),
        description: 'From where it can be reached, by its class.',
        resolve: (gateway, _args, context) => mapMaybe(classOf(gateway, context), typeOfClass) as never,
      }),
      listeners: t.field({
        type: [listenerRef],
        description: 'Its listeners, at most 64, in the order they were added.',
        resolve: (gateway) => listenersOf(gateway).map((entry) => toListener(gateway, entry)),
      }),
      backendGroups: relationField(builder, t, {
        description: 'Backend groups that are bound to it, by whichever listener.',
        of: 'BackendGroup',
        rows: (gateway, context) =>
          relatedRows(context, gateway[origin].cluster, (reader) => groupsOfGateway(reader, gateway)),
      }),
    }),
  });
}
