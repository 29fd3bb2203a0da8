import { type KubeObject, type RequestContext, systemPrincipal } from 'longshore/sdk';
import type { NatView } from './nat-view.ts';
import { readNat } from './read-nat.ts';

/**
 * Everything a cluster has of NAT, also what this caller may not see: rules exclude one another whoever made them. The caller's own
 * reader knows what the caller wrote a moment ago.
 */
export async function readWholeNat(cluster: string, context: RequestContext): Promise<NatView> {
  const [own, all] = await Promise.all(
    [context.principal, systemPrincipal].map((principal) =>
      readNat(context.cluster(cluster).reader(principal, context.signal)),
    ),
  );
  if (!own || !all) return own ?? all ?? { gateways: [], eips: [], snatRules: [], dnatRules: [], fipRules: [] };
  return {
    gateways: both(own.gateways, all.gateways),
    eips: both(own.eips, all.eips),
    snatRules: both(own.snatRules, all.snatRules),
    dnatRules: both(own.dnatRules, all.dnatRules),
    fipRules: both(own.fipRules, all.fipRules),
  };
}

function both<T extends KubeObject>(own: readonly T[], all: readonly T[]): readonly T[] {
  const known = new Set(own.map(({ metadata }) => metadata.name));
  return [...own, ...all.filter(({ metadata }) => !known.has(metadata.name))];
}
