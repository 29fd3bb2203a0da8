import {
  type Cluster,
  type DeletionCheck,
  type DeletionObjection,
  idOfObject,
  type KubeObject,
  origin,
  PreconditionError,
  type RequestContext,
  systemPrincipal,
} from 'longshore/sdk';
import { type SubnetObject, subnetKind, type VpcObject, vpcKind } from './kube-ovn-kinds.ts';
import { subnetsOf, usersOfSubnet, usersOfVpc } from './network-uses.ts';
import { displayNameOf, isPlannedSubnet, isPlannedVpc } from './vpc-facts.ts';

/**
 * VPCs and subnets stay while something uses them, on every road (NET-27, NET-28, P41): Kube-OVN lets a VPC go under live NAT rules, which are
 * stuck for good then (kube-ovn#6717). Roads that take the VPC alone are refused while it has subnets at all; `deleteVpc` takes those along.
 */
export const networkDeletionCheck: DeletionCheck = {
  subjects: ['kubeovn.io/Vpc', 'kubeovn.io/Subnet'],
  async check({ object, left }, context) {
    if (left !== undefined) return undefined;
    if (object[origin].kind === subnetKind.kind) {
      const subnet = object as SubnetObject;
      refusePlanned(subnet, isPlannedSubnet(subnet));
      return objectionTo(subnet, await everyUser(subnet, context, usersOfSubnet), context);
    }
    const vpc = object as VpcObject;
    refusePlanned(vpc, isPlannedVpc(vpc));
    const subnets = await everyUser(vpc, context, ({ metadata }, reader) => subnetsOf(metadata.name, reader));
    return objectionTo(vpc, [...subnets, ...(await usersOfWholeVpc(vpc, context))], context);
  },
};

/** What stands against deleting a VPC together with its subnets: what is in them, and what leads through it. Throws for a planned one. */
export async function objectionToVpc(vpc: VpcObject, context: RequestContext): Promise<DeletionObjection | undefined> {
  refusePlanned(vpc, isPlannedVpc(vpc));
  return objectionTo(vpc, await usersOfWholeVpc(vpc, context), context);
}

/** What is in a VPC's subnets, and what leads through it; also what the caller does not see. */
export function usersOfWholeVpc(vpc: VpcObject, context: RequestContext): Promise<readonly KubeObject[]> {
  return everyUser(vpc, context, async (given, reader) => {
    const subnets = await subnetsOf(given.metadata.name, reader);
    const inside = await Promise.all(subnets.map((subnet) => usersOfSubnet(subnet, reader)));
    return [...(await usersOfVpc(given, reader)), ...inside.flat()];
  });
}

/** Also what the caller does not see; the caller's own reader knows what the caller wrote a moment ago. */
export async function everyUser<T extends VpcObject | SubnetObject>(
  object: T,
  context: RequestContext,
  find: (object: T, reader: ReturnType<Cluster['reader']>) => Promise<readonly KubeObject[]>,
): Promise<readonly KubeObject[]> {
  const cluster = context.cluster(object[origin].cluster);
  const found = await Promise.all(
    [context.principal, systemPrincipal].map((principal) => find(object, cluster.reader(principal, context.signal))),
  );
  return [...new Map(found.flat().map((user) => [user.metadata.uid, user])).values()];
}

function refusePlanned(object: VpcObject | SubnetObject, isPlanned: boolean): void {
  if (!isPlanned) return;
  throw new PreconditionError(
    'NETWORK_OF_PLATFORM',
    `${object.kind} '${object.metadata.name}' is planned by the platform and is never deleted`,
  );
}

/** Names that one message tells; the references have all of them. */
const maxNames = 5;

function objectionTo(
  object: VpcObject | SubnetObject,
  users: readonly KubeObject[],
  context: RequestContext,
): DeletionObjection | undefined {
  if (users.length === 0) return undefined;
  const visible = users.filter((user) => context.access.allowed('READ', user));
  const told = visible.slice(0, maxNames).map(({ kind, metadata }) => `${kind} '${metadata.name}'`);
  const rest = users.length - told.length;
  const more = rest > 0 ? [told.length > 0 ? `${rest} more` : 'what you may not see'] : [];
  const what = object[origin].kind === vpcKind.kind ? 'VPC' : 'Subnet';
  return {
    isRefused: true,
    message: `${what} '${displayNameOf(object)}' is used by ${[...told, ...more].join(', ')}: it goes only after that is gone.`,
    references: visible.map((user) => idOfObject(user)),
  };
}
