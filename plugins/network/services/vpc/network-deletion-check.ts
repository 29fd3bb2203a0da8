import {
  type DeletionCheck,
  type DeletionObjection,
  type KubeObject,
  nameUsers,
  origin,
  PreconditionError,
  type RequestContext,
  readEveryUser,
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
      return objectionTo(
        subnet,
        await readEveryUser(subnet, context, (reader) => usersOfSubnet(subnet, reader)),
        context,
      );
    }
    const vpc = object as VpcObject;
    refusePlanned(vpc, isPlannedVpc(vpc));
    const subnets = await readEveryUser(vpc, context, (reader) => subnetsOf(vpc.metadata.name, reader));
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
  return readEveryUser<KubeObject>(vpc, context, async (reader) => {
    const subnets = await subnetsOf(vpc.metadata.name, reader);
    const inside = await Promise.all(subnets.map((subnet) => usersOfSubnet(subnet, reader)));
    return [...(await usersOfVpc(vpc, reader)), ...inside.flat()];
  });
}

function refusePlanned(object: VpcObject | SubnetObject, isPlanned: boolean): void {
  if (!isPlanned) return;
  throw new PreconditionError(
    'NETWORK_OF_PLATFORM',
    `${object.kind} '${object.metadata.name}' is planned by the platform and is never deleted`,
  );
}

function objectionTo(
  object: VpcObject | SubnetObject,
  users: readonly KubeObject[],
  context: RequestContext,
): DeletionObjection | undefined {
  if (users.length === 0) return undefined;
  const { words, references } = nameUsers(users, context);
  const what = object[origin].kind === vpcKind.kind ? 'VPC' : 'Subnet';
  const message = `${what} '${displayNameOf(object)}' is used by ${words}: it goes only after that is gone.`;
  return { isRefused: true, message, references };
}
