import { descriptionAnnotation, displayNameAnnotation } from 'longshore/plugins/core';
import { PreconditionError, type RequestContext, systemPrincipal } from 'longshore/sdk';
import type { ClusterPlan } from '../clusters/make-in-clusters.ts';
import { ownerAt, requireNetworkQuota } from '../quotas/network-quotas.ts';
import { type BalancerType, chooseClass, typeOfClass } from './balancer-classes.ts';
import { placeholderEntry } from './balancer-facts.ts';
import { bandwidthAnnotation } from './bandwidth.ts';
import { type BalancerForm, balancerNamesOf } from './check-balancer-form.ts';
import { entryOf } from './check-listener.ts';
import { type GatewayClassObject, gatewayClassKind, gatewayKind, tcpRouteKind } from './gateway-kinds.ts';
import { requireServed } from './missing-engine.ts';

/** One load balancer that is to be made. */
export interface BalancerPlan extends ClusterPlan {
  readonly name: string;
}

/** What is to be made in one cluster. Throws answer errors: no Gateway API, no such class, the quota. */
export async function planBalancersIn(
  name: string,
  form: BalancerForm,
  context: RequestContext,
): Promise<readonly BalancerPlan[]> {
  const cluster = context.cluster(name);
  requireServed(cluster, gatewayKind);
  // What the cluster holds as a whole is the measure, whoever may see it.
  const reader = cluster.reader(systemPrincipal, context.signal);
  const classes = (await reader.list(gatewayClassKind)).items as readonly GatewayClassObject[];
  const chosen = classFor(form, classes, name);
  const owner = ownerAt(name, form.namespace, context);
  await requireNetworkQuota('LOAD_BALANCER', cluster, owner, context, form.instances);
  if (typeOfClass(chosen) === 'PUBLIC') {
    await requireNetworkQuota('PUBLIC_ADDRESS', cluster, owner, context, form.instances);
  }
  const listeners = (form.listeners ?? []).map(entryOf);
  const placeholder = placeholderEntry(cluster.serves(tcpRouteKind) ? 'TCP' : 'HTTP');
  const { bandwidthMbps, description, displayName, namespace } = form;
  const bandwidth = bandwidthMbps ? { [bandwidthAnnotation]: String(bandwidthMbps) } : {};
  const annotations = {
    ...(displayName ? { [displayNameAnnotation]: displayName } : {}),
    ...(description ? { [descriptionAnnotation]: description } : {}),
    ...bandwidth,
  };
  return balancerNamesOf(form).map((each) => ({
    cluster: name,
    name: each,
    inputPathOf: (path) => path,
    manifest: {
      metadata: { namespace, name: each, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
      spec: {
        gatewayClassName: chosen.metadata.name,
        listeners: listeners.length > 0 ? listeners : [placeholder],
        ...(bandwidthMbps ? { infrastructure: { annotations: bandwidth } } : {}),
      },
    },
  }));
}

function classFor(
  { className, type }: BalancerForm,
  classes: readonly GatewayClassObject[],
  cluster: string,
): GatewayClassObject {
  const chosen = className
    ? classes.find(({ metadata }) => metadata.name === className)
    : chooseClass(classes, type as BalancerType);
  if (chosen) return chosen;
  throw new PreconditionError(
    'NO_LOAD_BALANCER_CLASS',
    className
      ? `Cluster '${cluster}' has no class of load balancers '${className}'`
      : `Cluster '${cluster}' has no class of load balancers that is labelled ${type}: name a class, or have one labelled`,
  );
}
