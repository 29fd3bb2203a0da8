export type Path = readonly (string | number)[];

/** Where the form for a Service has what stands at a place of its manifest. */
export function inputPathOfService(path: Path, isCustom: boolean): Path {
  const [top, field, ...rest] = path;
  if (top === 'metadata') return field === 'name' ? ['name'] : field === undefined ? [] : [field, ...rest];
  if (top !== 'spec') return [...path];
  if (isCustom) return [...path];
  switch (field) {
    case undefined:
      return [];
    case 'clusterIPs':
      return ['clusterIP'];
    case 'ports':
      return ['ports', ...rest];
    case 'selector':
      return ['selector'];
    case 'loadBalancerClass':
      return ['loadBalancer', 'className'];
    case 'loadBalancerSourceRanges':
    case 'LoadBalancerSourceRanges':
      return ['loadBalancer', 'sourceRanges', ...rest];
    case 'sessionAffinityConfig':
      return ['sessionAffinitySeconds'];
    default:
      return [field];
  }
}
