import type { GatewayClassObject } from './gateway-kinds.ts';

export type BalancerType = 'PUBLIC' | 'INTERNAL' | 'UNKNOWN';

/** On a GatewayClass: `public` or `internal`, from where its Gateways can be reached. The API itself does not say. */
export const balancerTypeLabel = 'longshore.dev/load-balancer-type';
/** On a GatewayClass: what its Gateways see to besides the Gateway API, separated by commas (`BackendGroupSetting`). */
export const balancerFeaturesAnnotation = 'longshore.dev/load-balancer-features';

export function typeOfClass(gatewayClass: Pick<GatewayClassObject, 'metadata'> | null | undefined): BalancerType {
  const word = gatewayClass?.metadata.labels?.[balancerTypeLabel];
  if (word === 'public') return 'PUBLIC';
  return word === 'internal' ? 'INTERNAL' : 'UNKNOWN';
}

export function featuresOfClass({ metadata }: Pick<GatewayClassObject, 'metadata'>): ReadonlySet<string> {
  const words = metadata.annotations?.[balancerFeaturesAnnotation] ?? '';
  return new Set(words.split(',').map((word) => word.trim()));
}

export function isAcceptedClass({ status }: GatewayClassObject): boolean {
  return (status?.conditions ?? []).some((condition) => condition.type === 'Accepted' && condition.status === 'True');
}

/** The class of a new load balancer of a type: of several the one that its controller has accepted, then by name. */
export function chooseClass(
  classes: readonly GatewayClassObject[],
  type: BalancerType,
): GatewayClassObject | undefined {
  const rank = (each: GatewayClassObject): string => `${isAcceptedClass(each) ? 0 : 1}${each.metadata.name}`;
  return classes
    .filter((each) => !each.metadata.deletionTimestamp && typeOfClass(each) === type)
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1))[0];
}
