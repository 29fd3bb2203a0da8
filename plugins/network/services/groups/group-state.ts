import type { NetworkState } from '../vpc/vpc-facts.ts';
import type { SecurityGroupObject } from './group-kinds.ts';

/** Kube-OVN tells of each direction whether its rules are in force; of rules that make no sense it tells nothing. */
export function groupStateOf({ metadata, status }: Pick<SecurityGroupObject, 'metadata' | 'status'>): NetworkState {
  if (metadata.deletionTimestamp) return 'DELETING';
  const { ingressLastSyncSuccess: ingress, egressLastSyncSuccess: egress } = status ?? {};
  if (ingress === false || egress === false) return 'FAILED';
  return ingress === true && egress === true ? 'ENABLED' : 'CREATING';
}
