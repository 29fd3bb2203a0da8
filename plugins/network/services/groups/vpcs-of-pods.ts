import type { WorkloadObject } from 'longshore/plugins/compute';
import type { ClusterReader } from 'longshore/sdk';
import { podTemplateOf } from '../services/workload-labels.ts';
import { subnetKind } from '../vpc/kube-ovn-kinds.ts';

/** Names of the VPCs that pods of a workload may lie in: that of the subnet they choose, else those that their namespace is bound to. */
export async function vpcsOfPods(workload: WorkloadObject, reader: ClusterReader): Promise<ReadonlySet<string>> {
  const chosen = podTemplateOf(workload)?.metadata?.annotations?.['ovn.kubernetes.io/logical_switch'];
  const { items } = await reader.list(subnetKind);
  const namespace = workload.metadata.namespace ?? '';
  const subnets = items.filter(({ metadata, spec }) =>
    chosen ? metadata.name === chosen : spec?.namespaces?.includes(namespace) === true,
  );
  return new Set(subnets.flatMap(({ spec }) => spec?.vpc ?? []));
}
