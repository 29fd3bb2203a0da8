import {
  type DeletionCheck,
  type KubeObject,
  origin,
  type RequestContext,
  subjectOf,
  systemPrincipal,
} from 'longshore/sdk';
import { type VpcObject, vpcKind } from '../vpc/kube-ovn-kinds.ts';
import { withoutRoutesTo } from './default-route.ts';
import { eipKind, type NatGatewayObject, natGatewayKind, qosPolicyKind } from './nat-kinds.ts';
import { madeWithAnnotation } from './nat-manifests.ts';
import { eipsOfGateway, type NatObjection, type NatView, rulesOfEip, rulesOfGateway } from './nat-view.ts';
import { readWholeNat } from './read-whole-nat.ts';
import { tellObjection } from './tell-objection.ts';

/**
 * The order in which NAT is taken down: rules, then their elastic IPs, then the gateway (NET-38, P41), on every road by which any of
 * them goes; subnets and the VPC come last (`natUses`).
 */
export const natDeletionCheck: DeletionCheck = {
  subjects: [natGatewayKind, eipKind, qosPolicyKind].map(subjectOf),
  async check({ object, left, takesParts }, context) {
    if (left !== undefined) return undefined;
    const objection = await objectionTo(object, takesParts, context);
    return objection && tellObjection(objection, context);
  },
};

async function objectionTo(
  object: KubeObject,
  takesParts: boolean,
  context: RequestContext,
): Promise<NatObjection | undefined> {
  const { cluster } = object[origin];
  const view = await readWholeNat(cluster, context);
  switch (object.kind) {
    case natGatewayKind.kind:
      return takesParts
        ? objectToGatewayGoing(view, object.metadata.name)
        : objectToGatewayGoingAlone(view, object as unknown as NatGatewayObject, await vpcsOf(cluster, context));
    case eipKind.kind:
      return objectToEipGoing(view, object.metadata.name);
    default:
      return objectToBandwidthGoing(view, object.metadata.name);
  }
}

/** A gateway stays while it has rules (NET-38), or elastic IPs that were not made together with it. */
function objectToGatewayGoing(view: NatView, gateway: string): NatObjection | undefined {
  const { snat, dnat, fip } = rulesOfGateway(view, gateway);
  const others = eipsOfGateway(view, gateway).filter((eip) => !isMadeWith(eip, gateway));
  const users = [...snat, ...dnat, ...fip, ...others];
  return users.length === 0 ? undefined : { what: `NAT gateway '${gateway}' is used by`, users };
}

/** A gateway that goes alone would strand its elastic IPs, and leave the VPC's default route to where nobody is. */
function objectToGatewayGoingAlone(
  view: NatView,
  { metadata: { name }, spec }: NatGatewayObject,
  vpcs: readonly VpcObject[],
): NatObjection | undefined {
  const { snat, dnat, fip } = rulesOfGateway(view, name);
  const led = vpcs.filter(
    ({ metadata, spec: of }) =>
      metadata.name === spec?.vpc && withoutRoutesTo(of?.staticRoutes ?? [], spec?.lanIp ?? ''),
  );
  const users = [...snat, ...dnat, ...fip, ...eipsOfGateway(view, name), ...led];
  const what = `NAT gateway '${name}' goes alone only when nothing leads to it (\`deleteNatGateway\` takes along what was made with it)`;
  return users.length === 0 ? undefined : { what, users };
}

async function vpcsOf(cluster: string, context: RequestContext): Promise<readonly VpcObject[]> {
  return (await context.cluster(cluster).reader(systemPrincipal, context.signal).list(vpcKind)).items;
}

/** An elastic IP stays while a rule uses it. */
function objectToEipGoing(view: NatView, eip: string): NatObjection | undefined {
  const { snat, dnat, fip } = rulesOfEip(view, eip);
  const users = [...snat, ...dnat, ...fip];
  return users.length === 0 ? undefined : { what: `The elastic IP '${eip}' is used by`, users };
}

function objectToBandwidthGoing(view: NatView, policy: string): NatObjection | undefined {
  const users = view.eips.filter(({ spec, metadata }) => spec?.qosPolicy === policy && !metadata.deletionTimestamp);
  return users.length === 0 ? undefined : { what: `QoSPolicy '${policy}' is used by`, users };
}

/** Whether it goes with the gateway that it was made with. */
export function isMadeWith({ metadata }: Pick<KubeObject, 'metadata'>, gateway: string): boolean {
  return metadata.annotations?.[madeWithAnnotation] === gateway;
}
