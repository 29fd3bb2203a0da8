import type { PodAddressing } from '../../controllers/pod-network.ts';

/** What the plugin on the node answers to a kubelet: the address that the controller has written on the pod. */
export const podAddressOf: PodAddressing = ({ metadata }) => {
  const { annotations, namespace, name } = metadata;
  const [address = ''] = (annotations?.['ovn.kubernetes.io/ip_address'] ?? '').split(',');
  if (annotations?.['ovn.kubernetes.io/allocated'] === 'true' && address !== '') return { address };
  return {
    problem: `plugin type="kube-ovn" failed (add): RPC failed; request ip return 500 no address allocated to pod ${namespace}/${name} provider ovn, please see kube-ovn-controller logs to find errors`,
  };
};
