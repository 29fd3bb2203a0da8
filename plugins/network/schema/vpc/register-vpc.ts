import type { LongshoreBuilder } from 'longshore/sdk';
import { registerAddSubnets } from './add-subnets.ts';
import { registerCreateVpc } from './create-vpc.ts';
import { registerNetworkDeletions } from './network-deletions.ts';
import { registerSetSubnetNamespaces } from './set-subnet-namespaces.ts';
import { registerSubnet } from './subnet-type.ts';
import { registerUpdateNetworks } from './update-networks.ts';
import { registerVpcType } from './vpc-type.ts';

/** VPCs and their subnets (NET-24 to NET-31). */
export function registerVpc(builder: LongshoreBuilder): void {
  registerVpcType(builder);
  registerSubnet(builder);
  registerCreateVpc(builder);
  registerAddSubnets(builder);
  registerUpdateNetworks(builder);
  registerSetSubnetNamespaces(builder);
  registerNetworkDeletions(builder);
}
