import { isCanonical, overlaps, parseCidr, printCidr, type ValidationIssue } from 'longshore/sdk';
import { issue } from './issues.ts';

/** A network that is there, and whose it is in words: `the VPC 'shop'`. */
export interface TakenNetwork {
  readonly cidr: string;
  readonly of: string;
}

/** Networks of pods and services, which never change: apart from one another, from the VPC and from other clusters in it (CMP-02). */
export function checkNetworks(
  { podCidr, serviceCidr }: { readonly podCidr?: string | null; readonly serviceCidr?: string | null },
  taken: readonly TakenNetwork[],
): readonly ValidationIssue[] {
  const pods = podCidr ? checkOne('podCidr', podCidr, 4, 26, taken) : [];
  const others = podCidr && parseCidr(podCidr) ? [...taken, { cidr: podCidr, of: 'podCidr' }] : taken;
  const services = serviceCidr ? checkOne('serviceCidr', serviceCidr, 8, 28, others) : [];
  return [...pods, ...services];
}

function checkOne(
  name: string,
  text: string,
  widest: number,
  narrowest: number,
  taken: readonly TakenNetwork[],
): ValidationIssue[] {
  const refuse = (code: string, message: string) => [issue([name], code, message)];
  const cidr = parseCidr(text);
  if (!cidr) return refuse('invalid_cidr', `${name} must be a network such as 10.244.0.0/16`);
  if (!isCanonical(text)) return refuse('invalid_cidr', `${name} must name the network itself: ${printCidr(cidr)}`);
  if (cidr.family !== 4) return refuse('not_offered', `${name} must be an IPv4 network`);
  if (cidr.prefix < widest || cidr.prefix > narrowest) {
    return refuse('invalid_cidr', `${name} must have a mask of ${widest} to ${narrowest} bits, got ${cidr.prefix}`);
  }
  const met = taken.flatMap((each) => {
    const other = parseCidr(each.cidr);
    return other && overlaps(cidr, other) ? [`${each.of} (${each.cidr})`] : [];
  });
  return met.length === 0 ? [] : refuse('overlaps', `${name} must not overlap ${met.slice(0, 5).join(', ')}`);
}
