/** Members that NAT adds to the enum `WarningCode`. */
export const natWarnings = {
  INTERNET_ACCESS_LOST: 'Containers without an elastic IP of their own lose the Internet (NET-36).',
  DEFAULT_ROUTE_REPLACED: 'The default route of the VPC leads elsewhere today, and will lead to the NAT gateway.',
} as const;

/** Members that NAT adds to the enum `PreconditionReason`. */
export const natReasons = {
  NO_FREE_ADDRESS: 'The subnet has no free address.',
  NO_SUBNET: 'The VPC has no subnet.',
  NO_NAT_GATEWAY: 'There is no NAT gateway.',
  NO_ELASTIC_IP: 'The NAT gateway has no elastic IP that can be shared.',
  HOST_NETWORK: 'The pod is on the network of its node, and has no address of its own.',
  NO_POD_ADDRESS: 'The pod has no address yet.',
  NOT_BOUND: 'The elastic IP is bound to no instance.',
  BANDWIDTH_SHARED: 'The bandwidth of the elastic IP is held by something that was not made for it alone.',
} as const;
