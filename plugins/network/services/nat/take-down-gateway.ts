import {
  type ChangedThing,
  idOfObject,
  type KindRef,
  type KubeObject,
  NotFoundError,
  type OperationHandle,
  origin,
  type RequestContext,
} from 'longshore/sdk';
import { changeRoutes } from '../vpc/change-routes.ts';
import { vpcKind } from '../vpc/kube-ovn-kinds.ts';
import { withoutRoutesTo } from './default-route.ts';
import { isMadeWith } from './nat-deletion-check.ts';
import { type EipObject, eipKind, type NatGatewayObject, qosPolicyKind } from './nat-kinds.ts';
import { natNames } from './nat-manifests.ts';
import { eipsOfGateway } from './nat-view.ts';
import { readWholeNat } from './read-whole-nat.ts';

/**
 * What goes before a gateway: the VPC's default route to it, so that nothing is led to where nobody is, then the elastic IPs that were
 * made with it, then what held their bandwidth. Kube-OVN lets those go by itself once no rule uses them. Each step looks at what is there, so
 * that one that was cut short goes on where it stopped.
 */
export async function takeDownBefore(
  gateway: NatGatewayObject,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<readonly ChangedThing[]> {
  const { cluster } = gateway[origin];
  const { name } = gateway.metadata;
  const view = await readWholeNat(cluster, context);
  const route = await dropRoute(gateway, ticket, context);
  const own = eipsOfGateway(view, name).filter((eip) => isMadeWith(eip, name) && !eip.metadata.deletionTimestamp);
  const policies = (await context.kube(cluster).list(qosPolicyKind)).items.filter(
    (policy) => isMadeWith(policy, name) && !policy.metadata.deletionTimestamp,
  );
  const writer = context.cluster(cluster).writer(context.principal);
  const gone: ChangedThing[] = [];
  for (const { kind, objects } of [
    { kind: eipKind, objects: own },
    { kind: qosPolicyKind, objects: policies },
  ]) {
    for (const object of objects as readonly KubeObject[]) {
      const { name: of, uid } = object.metadata;
      await ifThere(() => writer.delete(ticket, kind as KindRef, undefined, of, { uid }));
      gone.push({ before: object, after: undefined, object: idOfObject(object) });
    }
  }
  return [...route, ...gone];
}

/** Deletes what held the bandwidth of an elastic IP that is gone. A policy that others share stays. */
export async function deleteBandwidth(
  eip: EipObject,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<readonly ChangedThing[]> {
  const { cluster } = eip[origin];
  const wanted = natNames.bandwidthOf(eip.metadata.name);
  const policy =
    eip.spec?.qosPolicy === wanted ? await context.kube(cluster).get(qosPolicyKind, undefined, wanted) : undefined;
  if (!policy) return [];
  const writer = context.cluster(cluster).writer(context.principal);
  await ifThere(() => writer.delete(ticket, qosPolicyKind, undefined, wanted, { uid: policy.metadata.uid }));
  return [{ before: policy, after: undefined, object: idOfObject(policy) }];
}

async function dropRoute(
  { spec, [origin]: { cluster } }: NatGatewayObject,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<readonly ChangedThing[]> {
  const vpc = await context.kube(cluster).get(vpcKind, undefined, spec?.vpc ?? '');
  return vpc ? changeRoutes(vpc, (routes) => withoutRoutesTo(routes, spec?.lanIp ?? ''), ticket, context) : [];
}

/** What is gone already need not go. */
async function ifThere(remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}
