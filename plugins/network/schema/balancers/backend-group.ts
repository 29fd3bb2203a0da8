import { descriptionAnnotation, displayNameAnnotation } from 'longshore/plugins/core';
import {
  defineKubernetesList,
  type KubernetesFilter,
  kubernetesObjectRef,
  type ListRows,
  type LongshoreBuilder,
  listKubernetesObjects,
  type MaybePromise,
  mapMaybe,
  named,
  nodeRef,
  origin,
  readObject,
  registerKubernetesChanges,
  registerKubernetesType,
  registerList,
  registerQuery,
  resolveTypeOfNode,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import {
  backendKeysOf,
  backendsOf,
  type GroupState,
  groupOutcome,
  onlyRuleOf,
} from '../../services/balancers/backend-groups.ts';
import { classesOfGroup, listenersOfGroup } from '../../services/balancers/find-groups.ts';
import {
  type GroupProtocol,
  httpRouteKind,
  protocolOfRoute,
  type RouteObject,
  routeKindOf,
  routeKinds,
  tcpRouteKind,
  udpRouteKind,
} from '../../services/balancers/gateway-kinds.ts';
import { groupBindingsOf } from '../../services/balancers/group-bindings.ts';
import { settingsOf, unenforcedSettings } from '../../services/balancers/group-settings.ts';
import { withMissingEngines } from '../../services/balancers/missing-engine.ts';
import { backendGroupRef, groupBackendRef, groupSettingsRef, listenerRef } from './balancer-types.ts';
import { groupBindingRef, registerGroupBinding } from './group-binding.ts';
import { registerGroupMember } from './group-member.ts';
import { registerGroupSettings } from './group-settings.ts';

const allow = { action: 'READ', subject: routeKinds.map(subjectOf) };

interface GroupFilter extends KubernetesFilter {
  readonly protocols?: readonly GroupProtocol[] | null | undefined;
  readonly states?: readonly GroupState[] | null | undefined;
  readonly service?: string | null | undefined;
}

/** Backend groups: the interface over the three kinds of routes, its list and its stream (NET-19). */
export function registerBackendGroup(builder: LongshoreBuilder): void {
  registerGroupMember(builder);
  registerGroupSettings(builder);
  registerGroupBinding(builder);
  registerInterface(builder);
  registerRoutes(builder);
  const list = defineKubernetesList(builder, {
    name: 'BackendGroup',
    node: backendGroupRef,
    plural: 'backend groups',
    isNamespaced: true,
    filter: (t) => ({
      protocols: t.field({ type: [named('BackendGroupProtocol')], description: 'Of one of these protocols.' }),
      states: t.field({ type: [named('BackendGroupState')], description: 'In one of these states.' }),
      service: t.string({ description: 'That lead to a Service of this name.' }),
    }),
    matches(given) {
      const { protocols, states, service } = given as GroupFilter;
      return (route) =>
        (!protocols || protocols.includes(protocolOfRoute(route.kind))) &&
        (!states || states.includes(groupOutcome(route).state)) &&
        (!service || backendsOf(route).some((backend) => backend.service === service));
    },
    orders: {
      PROTOCOL: { description: 'By protocol.', value: ({ kind }) => protocolOfRoute(kind) },
      STATE: { description: 'By state.', value: (route) => groupOutcome(route).state },
    },
  });
  registerQuery(builder, {
    name: 'backendGroup',
    description: 'One backend group by its protocol and name; null where it is not there for you.',
    allow,
    type: backendGroupRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      protocol: t({ type: named('BackendGroupProtocol'), required: true, description: 'Its protocol.' }),
      namespace: t.string({ required: true, description: 'Its namespace.' }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, protocol, namespace, name }, context) =>
      readObject(context, routeKindOf[protocol as GroupProtocol], cluster, namespace, name) as MaybePromise<never>,
  });
  registerList(builder, {
    name: 'backendGroups',
    description:
      'Backend groups (TCPRoutes, UDPRoutes and HTTPRoutes) of all clusters that you may see. What a cluster does not serve stands among the problems, each protocol by itself.',
    allow,
    list,
    rows(args, context): MaybePromise<ListRows<RouteObject>> {
      const { protocols } = (args.filter ?? {}) as GroupFilter;
      const kinds = protocols ? [...new Set(protocols)].map((protocol) => routeKindOf[protocol]) : routeKinds;
      return mapMaybe(listKubernetesObjects(kinds, args, context) as MaybePromise<ListRows<RouteObject>>, (rows) =>
        withMissingEngines(rows, kinds, args.filter?.cluster, context),
      );
    },
  });
  registerKubernetesChanges(builder, {
    name: 'backendGroupChanges',
    description: 'Backend groups as they come, change and go.',
    allow,
    kinds: routeKinds,
    itemField: 'backendGroup',
    itemType: backendGroupRef,
    itemDescription: 'The backend group after the change; of a deleted one the last state known.',
    list: list as never,
  });
}

function registerRoutes(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: typeRef<RouteObject>('TCPRoute') as never,
    kind: tcpRouteKind,
    description: 'A backend group for TCP (gateway.networking.k8s.io/v1 TCPRoute).',
    interfaces: [backendGroupRef],
    fields: () => ({}),
  });
  registerKubernetesType(builder, {
    ref: typeRef<RouteObject>('UDPRoute') as never,
    kind: udpRouteKind,
    description: 'A backend group for UDP (gateway.networking.k8s.io/v1 UDPRoute).',
    interfaces: [backendGroupRef],
    fields: () => ({}),
  });
  registerKubernetesType(builder, {
    ref: typeRef<RouteObject>('HTTPRoute') as never,
    kind: httpRouteKind,
    description: 'A backend group for HTTP and HTTPS (gateway.networking.k8s.io/v1 HTTPRoute).',
    interfaces: [backendGroupRef],
    fields: (t) => ({
      hostnames: t.stringList({
        description: 'Hosts whose requests it takes; empty for those of its listener.',
        resolve: ({ spec }) => [...(spec?.hostnames ?? [])],
      }),
      ruleCount: t.int({
        description: 'How many rules it has. The forms change those with one; the others are edited as YAML.',
        resolve: ({ spec }) => spec?.rules?.length ?? 0,
      }),
    }),
  });
}

function registerInterface(builder: LongshoreBuilder): void {
  builder.interfaceType(backendGroupRef, {
    description:
      'Services that listeners lead traffic to, with their shares: a TCPRoute, UDPRoute or HTTPRoute. Endpoints follow its Services by themselves, when workloads scale or move too (NET-22).',
    interfaces: [nodeRef, kubernetesObjectRef],
    resolveType: (route, context) => resolveTypeOfNode(route as never, context),
    fields: (t) => ({
      displayName: t.string({
        description: 'What people call it; its name where nothing else is said.',
        resolve: ({ metadata }) => metadata.annotations?.[displayNameAnnotation] || metadata.name,
      }),
      description: t.string({
        description: 'What it is for; empty where nothing is said.',
        resolve: ({ metadata }) => metadata.annotations?.[descriptionAnnotation] ?? '',
      }),
      protocol: t.field({
        type: named('BackendGroupProtocol'),
        description: 'What it speaks, for good.',
        resolve: ({ kind }) => protocolOfRoute(kind) as never,
      }),
      state: t.field({
        type: named('BackendGroupState'),
        description: 'How it does, from its conditions.',
        resolve: (route) => groupOutcome(route).state as never,
      }),
      stateReason: t.string({
        nullable: true,
        description: 'Why it is not RUNNING, in one word of the controller, e.g. `BackendNotFound`.',
        resolve: (route) => groupOutcome(route).reason ?? null,
      }),
      stateMessage: t.string({
        nullable: true,
        description: 'The same in a sentence.',
        resolve: (route) => groupOutcome(route).message ?? null,
      }),
      serviceCount: t.int({
        description: 'How many different Services it leads to.',
        resolve: (route) => backendKeysOf(route).length,
      }),
      members: t.field({
        type: [groupBackendRef],
        description: 'Its Services with their ports and weights.',
        resolve: (route) => backendsOf(route).map((backend) => ({ ...backend, cluster: route[origin].cluster })),
      }),
      listeners: t.field({
        type: [listenerRef],
        description: 'Listeners that it is bound to, of the load balancers that you may see.',
        resolve: async (route, _args, context) => [
          ...(await listenersOfGroup(context.kube(route[origin].cluster), route)),
        ],
      }),
      bindings: t.field({
        type: [groupBindingRef],
        description: 'What it asks listeners to lead to it, and what their controllers say of that.',
        resolve: (route) => [...groupBindingsOf(route)],
      }),
      settings: t.field({
        type: groupSettingsRef,
        description: 'How it treats its backends.',
        resolve: settingsOf,
      }),
      unenforcedSettings: t.field({
        type: [named('BackendGroupSetting')],
        description:
          'Which of its settings nobody sees to: the Gateway API has no field for them, and the class of a load balancer that it is bound to does not say that it does (`LoadBalancerClass.settings`). Empty while it is not bound.',
        resolve: async (route, _args, context) => [
          ...(unenforcedSettings(
            settingsOf(route),
            await classesOfGroup(context.kube(route[origin].cluster), route),
          ) as never[]),
        ],
      }),
      isFormEditable: t.boolean({
        description: 'Whether the forms can change what it leads to: it has one rule. Others are edited as YAML.',
        resolve: (route) => onlyRuleOf(route) !== undefined,
      }),
    }),
  });
}
