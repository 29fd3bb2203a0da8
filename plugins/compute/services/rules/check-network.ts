import { itemsAt, valueAt, type WorkloadRule } from './seen-workload.ts';

/** CMP-61: a pod in its node's network has the node's names; the kubelet would not write others. */
export const checkNetwork: WorkloadRule = ({ object, podSpec }) => {
  const isOnHost = valueAt(object, [...podSpec, 'hostNetwork']) === true;
  if (!isOnHost || itemsAt(object, [...podSpec, 'hostAliases']).length === 0) return [];
  const message = 'hostAliases can be given only where hostNetwork is off';
  return [{ path: [...podSpec, 'hostAliases'], code: 'host_network', message }];
};
