import { profileKey, profileValues } from 'longshore/sdk';

export const vpcManagedBy = profileKey({
  name: 'vpc.managedBy',
  schema: profileValues.oneOf('MEMBERS', 'ADMINISTRATORS'),
  default: 'MEMBERS',
  description: 'Who makes, changes and deletes VPCs, subnets, NAT gateways and load balancers of a workspace.',
  sources: ['CORE-17', 'NET-24', 'NET-30'],
});

export const vpcKeys = [vpcManagedBy];
