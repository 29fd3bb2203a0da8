/** Why something about VPCs is refused: members of `PreconditionReason`. */
export const vpcReasons = {
  NETWORK_OF_PLATFORM: 'The platform has planned this network for everybody: nobody deletes it.',
  VPC_MISSING: 'The VPC that a subnet names is not there.',
  VPC_WITHOUT_SUBNET: 'A security group is for pods in a subnet, and the VPC has none.',
  NETWORK_GOING: 'The network is being deleted.',
};
