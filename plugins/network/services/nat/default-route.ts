import type { StaticRoute } from '../vpc/kube-ovn-kinds.ts';

const everywhere = '0.0.0.0/0';

/** The routes of a VPC with its default route to a gateway; undefined where that stands already. */
export function withDefaultRoute(routes: readonly StaticRoute[], nextHopIP: string): StaticRoute[] | undefined {
  const others = routes.filter((route) => !isDefault(route));
  const present = routes.filter(isDefault);
  if (present.length === 1 && present[0]?.nextHopIP === nextHopIP) return undefined;
  return [...others, { policy: 'policyDst', cidr: everywhere, nextHopIP }];
}

/** The routes without those that lead to a gateway that goes; undefined where there are none. */
export function withoutRoutesTo(routes: readonly StaticRoute[], nextHopIP: string): StaticRoute[] | undefined {
  const left = routes.filter((route) => !(isDefault(route) && route.nextHopIP === nextHopIP));
  return left.length === routes.length ? undefined : left;
}

/** Where the default route leads that is there already; undefined where there is none. */
export function defaultRouteOf(routes: readonly StaticRoute[]): string | undefined {
  return routes.find(isDefault)?.nextHopIP;
}

function isDefault({ cidr, policy, routeTable }: StaticRoute): boolean {
  return cidr === everywhere && policy !== 'policySrc' && (routeTable ?? '') === '';
}
