import { isIPv4 } from 'node:net';
import type { PodObject } from 'longshore/plugins/compute';
import { origin, PreconditionError, type RequestContext, systemPrincipal, ValidationError } from 'longshore/sdk';
import { subnetKind } from '../vpc/kube-ovn-kinds.ts';
import { ipv4PartOf, liesIn } from './ipv4.ts';
import { type EipObject, natGatewayKind } from './nat-kinds.ts';
import { readPodAt, vpcOfPod } from './read-nat.ts';

/**
 * The address inside that a rule shall lead to: that of a pod, or the one that was named. Throws `PreconditionError` where the pod has
 * none yet or is on its node's network, `ValidationError` where it is outside of the VPC of the elastic IP's gateway, `ForbiddenError` where
 * the caller may not change the pod that it is, however it was named: whoever only sees it does not open it to the world.
 */
export async function requireInstanceAddress(
  eip: EipObject,
  pod: PodObject | undefined,
  named: string | undefined,
  context: RequestContext,
): Promise<string> {
  if (pod) context.access.requireAllowed('UPDATE', pod);
  const { cluster } = eip[origin];
  const gateway = await context.kube(cluster).get(natGatewayKind, undefined, eip.spec?.natGwDp ?? '');
  if (!gateway) throw new PreconditionError('NO_NAT_GATEWAY', `There is no NAT gateway '${eip.spec?.natGwDp ?? ''}'`);
  const vpc = gateway.spec?.vpc ?? '';
  const address = pod ? addressOf(pod) : named;
  if (address === undefined) throw new Error('validated: there is a pod or an address');
  const of = pod && vpcOfPod(pod);
  const path = [pod ? 'podId' : 'address'];
  if (of !== undefined && of !== vpc) {
    const message = `The pod must be in the VPC '${vpc}' of the elastic IP's gateway, got one in '${of}'`;
    throw new ValidationError([{ path, code: 'other_vpc', message }]);
  }
  const { items } = await context.kube(cluster).list(subnetKind);
  const isInside = items.some(({ spec }) => spec?.vpc === vpc && liesIn(ipv4PartOf(spec.cidrBlock) ?? '', address));
  if (!isInside) {
    const message = `The address must be of a subnet of the VPC '${vpc}', got ${address}`;
    throw new ValidationError([{ path, code: 'other_vpc', message }]);
  }
  if (!pod && (await isOfStranger(cluster, vpc, address, context))) {
    throw new ValidationError([{ path, code: 'not_yours', message: strangerAt(address) }]);
  }
  return address;
}

/**
 * Whether an address is that of a pod which the caller may not see; so nobody leads the world to what is another's. Throws `ForbiddenError`
 * where the caller sees the pod and may not change it. An address that no pod has is anybody's in the VPC.
 */
export async function isOfStranger(
  cluster: string,
  vpc: string,
  address: string,
  context: RequestContext,
): Promise<boolean> {
  for (const principal of [context.principal, systemPrincipal]) {
    const found = await readPodAt(context.cluster(cluster).reader(principal, context.signal), vpc, address);
    if (!found) continue;
    if (!context.access.allowed('READ', found)) return true;
    context.access.requireAllowed('UPDATE', found);
    return false;
  }
  return false;
}

/** What is said of such an address: that something has it, the counts of its subnet tell anyway. */
export const strangerAt = (address: string): string => `${address} is the address of something that is not yours`;

function addressOf(pod: PodObject): string {
  const { name } = pod.metadata;
  if (pod.spec?.hostNetwork) {
    throw new PreconditionError(
      'HOST_NETWORK',
      `The pod '${name}' is on the network of its node: it has no address of its own`,
    );
  }
  const addresses = [pod.status?.podIP, ...(pod.status?.podIPs ?? []).map(({ ip }) => ip)];
  const address = addresses.find((each) => each !== undefined && isIPv4(each));
  if (address === undefined) {
    throw new PreconditionError('NO_POD_ADDRESS', `The pod '${name}' has no IPv4 address yet`);
  }
  return address;
}
