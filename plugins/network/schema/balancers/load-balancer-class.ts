import {
  defineKubernetesList,
  type ListRows,
  type LongshoreBuilder,
  listKubernetesObjects,
  type MaybePromise,
  mapMaybe,
  named,
  registerKubernetesType,
  registerList,
  subjectOf,
} from 'longshore/sdk';
import { featuresOfClass, isAcceptedClass, typeOfClass } from '../../services/balancers/balancer-classes.ts';
import { type GatewayClassObject, gatewayClassKind } from '../../services/balancers/gateway-kinds.ts';
import { withMissingEngines } from '../../services/balancers/missing-engine.ts';
import { loadBalancerClassRef } from './balancer-types.ts';

/** Classes of load balancers: what a form offers. */
export function registerLoadBalancerClass(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: loadBalancerClassRef,
    kind: gatewayClassKind,
    description: 'A kind of load balancers that a cluster offers: a GatewayClass (gateway.networking.k8s.io/v1).',
    fields: (t) => ({
      controllerName: t.string({
        description: 'Who serves it, e.g. `gateway.envoyproxy.io/gatewayclass-controller`.',
        resolve: ({ spec }) => spec?.controllerName ?? '',
      }),
      description: t.string({
        nullable: true,
        description: 'What its author says of it.',
        resolve: ({ spec }) => spec?.description ?? null,
      }),
      type: t.field({
        type: named('LoadBalancerType'),
        description: 'From where its load balancers can be reached: its label `longshore.dev/load-balancer-type`.',
        resolve: (gatewayClass) => typeOfClass(gatewayClass) as never,
      }),
      isAccepted: t.boolean({
        description: 'Whether its controller has taken it on.',
        resolve: isAcceptedClass,
      }),
      supportedFeatures: t.stringList({
        description: 'Names of features that its controller tells, e.g. `HTTPRouteMethodMatching`.',
        resolve: ({ status }) =>
          (status?.supportedFeatures ?? []).map((feature) => (typeof feature === 'string' ? feature : feature.name)),
      }),
      settings: t.field({
        type: [named('BackendGroupSetting')],
        description:
          'What it sees to beyond the Gateway API: its annotation `longshore.dev/load-balancer-features`, words with commas.',
        resolve: (gatewayClass) => {
          const features = featuresOfClass(gatewayClass);
          return ['LEAST_CONN', 'SESSION_PERSISTENCE', 'HEALTH_CHECK'].filter((word) => features.has(word)) as never;
        },
      }),
    }),
  });
  const list = defineKubernetesList(builder, {
    name: 'LoadBalancerClass',
    node: loadBalancerClassRef,
    plural: 'classes of load balancers',
    isNamespaced: false,
    filter: (t) => ({
      types: t.field({ type: [named('LoadBalancerType')], description: 'Of one of these types.' }),
    }),
    matches: ({ types }) => {
      const wanted = types as readonly string[] | null | undefined;
      return (gatewayClass) => !wanted || wanted.includes(typeOfClass(gatewayClass));
    },
  });
  registerList(builder, {
    name: 'loadBalancerClasses',
    description: 'Classes of load balancers of all clusters that you may see.',
    allow: { action: 'READ', subject: subjectOf(gatewayClassKind) },
    list,
    rows: (args, context): MaybePromise<ListRows<GatewayClassObject>> =>
      mapMaybe(listKubernetesObjects([gatewayClassKind], args, context), (rows) =>
        withMissingEngines(rows, [gatewayClassKind], args.filter?.cluster, context),
      ),
  });
}
