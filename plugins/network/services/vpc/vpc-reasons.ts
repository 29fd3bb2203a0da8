/** Why something about VPCs is refused: members of `PreconditionReason`. */
export const vpcReasons = {
  NETWORK_OF_PLATFORM: 'The platform has planned this network for everybody: nobody deletes it.',
  VPC_MISSING: 'The VPC that a subnet names is not there.',
  NETWORK_GOING: 'The network is being deleted.',
};
