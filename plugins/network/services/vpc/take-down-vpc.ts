import {
  InUseError,
  type OperationHandle,
  origin,
  type RequestContext,
  readEveryUser,
  sleep,
  systemPrincipal,
  UpstreamError,
} from 'longshore/sdk';
import { type SubnetObject, subnetKind, type VpcObject, vpcKind } from './kube-ovn-kinds.ts';
import { objectionToVpc } from './network-deletion-check.ts';
import { subnetsOf } from './network-uses.ts';
import { displayNameOf } from './vpc-facts.ts';

/** How long a VPC waits for its subnets to be gone. */
const patienceMs = 10_000;
const lookEveryMs = 200;

/**
 * Takes a VPC down with its subnets, in an order that strands nothing (NET-27, P41): the subnets, then, once they are gone and nothing else
 * has come, the VPC. Answers the subnets that went. Each step looks at what is there, so that one that was cut short goes on where it
 * stopped. Throws `InUseError` where something uses it, `ForbiddenError` where the caller may not delete a subnet, `UpstreamError` where a
 * subnet does not go.
 */
export async function takeDownVpc(
  vpc: VpcObject,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<readonly SubnetObject[]> {
  await requireUnused(vpc, context);
  const subnets = (await readEveryUser(vpc, context, (reader) =>
    subnetsOf(vpc.metadata.name, reader),
  )) as readonly SubnetObject[];
  const { cluster } = vpc[origin];
  const writer = context.cluster(cluster).writer(context.principal);
  for (const subnet of subnets) context.access.requireAllowed('DELETE', subnet);
  for (const { metadata } of subnets) {
    await writer.delete(ticket, subnetKind, undefined, metadata.name, { uid: metadata.uid });
  }
  if (!ticket.isDryRun) await untilGone(subnets, cluster, context);
  // Whoever came in the meantime is not cut off.
  if (!ticket.isDryRun && subnets.length > 0) await requireUnused(vpc, context);
  const { name, uid } = vpc.metadata;
  await writer.delete(ticket, vpcKind, undefined, name, { uid });
  return subnets;
}

async function requireUnused(vpc: VpcObject, context: RequestContext): Promise<void> {
  const objection = await objectionToVpc(vpc, context);
  if (objection) throw new InUseError(objection.message, objection.references);
}

/** Throws where a subnet is held by something that came after it was looked at: then the VPC stays too. */
async function untilGone(subnets: readonly SubnetObject[], cluster: string, context: RequestContext): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
    const left: SubnetObject[] = [];
    const reader = context.cluster(cluster).reader(systemPrincipal, context.signal);
    for (const subnet of subnets) {
      const now = await reader.get(subnetKind, undefined, subnet.metadata.name);
      if (now?.metadata.uid === subnet.metadata.uid) left.push(now);
    }
    const [first] = left;
    if (first === undefined) return;
    if (waitedMs >= patienceMs) {
      const message = `Subnet '${displayNameOf(first)}' is deleted and not gone yet, so the VPC is still there: try again`;
      throw new UpstreamError(`cluster '${cluster}'`, message);
    }
    await sleep(context.clock, lookEveryMs, context.signal);
  }
}
