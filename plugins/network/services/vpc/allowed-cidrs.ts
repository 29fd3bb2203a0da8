import type { ValidationIssue } from 'longshore/sdk';
import { isCanonical, parseCidr } from './cidr.ts';

/**
 * What is wrong with the range of a new VPC (CON-23). `allowed` lists networks whose base is fixed, `10.0.0.0/9`, or whose mask may be
 * chosen too, `10.0.0.0/8-24`; null: any range.
 */
export function checkVpcCidr(cidr: string, allowed: readonly string[] | null): readonly ValidationIssue[] {
  const refuse = (code: string, message: string): ValidationIssue[] => [{ path: ['cidr'], code, message }];
  const parsed = parseCidr(cidr);
  if (!parsed) return refuse('invalid_cidr', `cidr must be a network such as 10.0.0.0/16, got '${cidr.slice(0, 50)}'`);
  if (!isCanonical(cidr)) return refuse('not_a_network', `cidr must begin with the first address of its network`);
  if (allowed === null) return [];
  const fits = allowed
    .flatMap((word) => readAllowed(word) ?? [])
    .some(
      ({ base, shortest, longest }) =>
        base.family === parsed.family &&
        base.first === parsed.first &&
        parsed.prefix >= shortest &&
        parsed.prefix <= longest,
    );
  return fits ? [] : refuse('cidr_not_allowed', `cidr must be one of ${allowed.join(', ')}, got '${cidr}'`);
}

function readAllowed(word: string) {
  const [, base = '', shortest = '', longest = shortest] = /^(.+)\/(\d+)(?:-(\d+))?$/.exec(word) ?? [];
  const parsed = parseCidr(`${base}/${shortest}`);
  return parsed && { base: parsed, shortest: Number(shortest), longest: Number(longest) };
}
