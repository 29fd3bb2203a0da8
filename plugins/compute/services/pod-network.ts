import { parseQuantity } from 'longshore/sdk';
import type { PodObject } from '../api.ts';

/** How fast a pod may take and send, in megabits a second; undefined where nothing bounds it. */
export interface PodBandwidth {
  readonly ingressMbps: number | undefined;
  readonly egressMbps: number | undefined;
}

/** By the annotations of the bandwidth plugin of CNI (bits a second), or of Kube-OVN (megabits a second). */
export function bandwidthOf({ metadata: { annotations = {} } }: Pick<PodObject, 'metadata'>): PodBandwidth {
  const of = (way: 'ingress' | 'egress') =>
    megabitsOf(annotations[`kubernetes.io/${way}-bandwidth`], 1e6) ??
    megabitsOf(annotations[`ovn.kubernetes.io/${way}_rate`], 1);
  return { ingressMbps: of('ingress'), egressMbps: of('egress') };
}

/** The address that Kube-OVN gives a pod towards the outside; undefined where it shares one, or has none. */
export function publicIPOf({ metadata: { annotations = {} } }: Pick<PodObject, 'metadata'>): string | undefined {
  return annotations['ovn.kubernetes.io/eip'] || undefined;
}

/** Longer ones than this are no amounts, and are not read for one. */
const maxLength = 32;

/** Undefined for what is no amount, or none that would let anything through. */
function megabitsOf(text: string | undefined, unitsPerMegabit: number): number | undefined {
  if (text === undefined || text.length > maxLength) return undefined;
  const { value = 0 } = parseQuantity(text) ?? {};
  return value > 0 ? value / unitsPerMegabit : undefined;
}
