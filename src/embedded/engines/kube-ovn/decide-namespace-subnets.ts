import { matchesSelector } from '../../controllers/matches-selector.ts';
import type { ClusterObject } from '../../store/types.ts';
import { isDeleting, names, type Subnet, type Vpc } from './kinds.ts';

/**
 * The subnets that pods of a namespace get addresses from, in the order they are tried: those that name it, the default of
 * the Vpc it belongs to before them, and the default subnet of all where there are none.
 */
export function decideNamespaceSubnets(
  namespace: ClusterObject,
  subnets: readonly Subnet[],
  vpcs: readonly Vpc[],
): Subnet[] {
  const { name, labels } = namespace.metadata;
  const present = subnets.filter((subnet) => !isDeleting(subnet));
  const bound = present.filter(
    ({ spec }) =>
      spec?.namespaces?.includes(name) === true ||
      (spec?.namespaceSelectors ?? []).some((selector) => matchesSelector(selector, labels)),
  );
  const vpc = vpcs.find(({ spec }) => spec?.namespaces?.includes(name) === true);
  const find = (wanted: string | undefined): Subnet[] => present.filter(({ metadata }) => metadata.name === wanted);
  const first = name === names.system ? [] : find(vpc?.spec?.defaultSubnet);
  const chosen = [...new Set([...first, ...bound])];
  if (chosen.length > 0) return chosen;
  const own = find(vpc?.status?.defaultLogicalSwitch);
  return own.length > 0 ? own : find(names.defaultSubnet);
}
