import type { Profile, ValidationIssue } from 'longshore/sdk';
import { serviceLbAnnotations, serviceLbValues } from '../../profile-keys/services.ts';
import type { LoadBalancerForm, Maybe } from './service-form.ts';

/** What a form tells a load balancer and Kubernetes has no field for. */
export type LbOption =
  | 'ALGORITHM'
  | 'BANDWIDTH_MBPS'
  | 'X_FORWARDED_FOR'
  | 'SESSION_PERSISTENCE_SECONDS'
  | 'HEALTH_CHECK'
  | 'HEALTH_CHECK_PORTS'
  | 'LOAD_BALANCER_ID'
  | 'ADDRESS_TYPE';

const fields: readonly (readonly [option: LbOption, field: keyof LoadBalancerForm])[] = [
  ['ALGORITHM', 'algorithm'],
  ['BANDWIDTH_MBPS', 'bandwidthMbps'],
  ['X_FORWARDED_FOR', 'forwardsClientIP'],
  ['SESSION_PERSISTENCE_SECONDS', 'sessionPersistenceSeconds'],
  ['HEALTH_CHECK', 'hasHealthCheck'],
  ['HEALTH_CHECK_PORTS', 'healthCheckPorts'],
  ['LOAD_BALANCER_ID', 'existingId'],
  ['ADDRESS_TYPE', 'addressType'],
];

/** `KEY=value`, by key; what has no `=` says nothing. */
function tableOf(lines: readonly string[]): Readonly<Record<string, string>> {
  const pairs = lines.flatMap((line) => {
    const at = line.indexOf('=');
    return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
  });
  return Object.fromEntries(pairs);
}

/** The annotation of the platform for an option; undefined where it has none. */
export function lbAnnotation(profile: Profile, option: LbOption): string | undefined {
  return tableOf(profile.get(serviceLbAnnotations))[option];
}

type Written = Maybe<string | number | boolean | readonly number[]>;

/** Annotations that tell a load balancer what the form says; null takes one away. */
export function lbAnnotations(form: LoadBalancerForm, profile: Profile): Readonly<Record<string, string | null>> {
  const values = tableOf(profile.get(serviceLbValues));
  const written = (value: Exclude<Written, undefined>, option: LbOption): string | null => {
    if (value === null) return null;
    if (Array.isArray(value)) return value.join(',');
    const word = typeof value === 'boolean' ? (value ? 'ON' : 'OFF') : String(value);
    return option === 'LOAD_BALANCER_ID' ? word : (values[word] ?? word.toLowerCase());
  };
  return Object.fromEntries(
    fields.flatMap(([option, field]) => {
      const value = form[field] as Written;
      const annotation = lbAnnotation(profile, option);
      return value === undefined || annotation === undefined ? [] : [[annotation, written(value, option)]];
    }),
  );
}

/** All of them, for a Service that has no load balancer any more. */
export const everyLbAnnotation = (profile: Profile): readonly string[] =>
  Object.values(tableOf(profile.get(serviceLbAnnotations)));

/**
 * What the annotations of a Service say of an option, in the words of forms: the platform's own words are turned back. Undefined where
 * the platform has no annotation for it, or the Service has not got it.
 */
export function readLbOption(annotations: Annotations, option: LbOption, profile: Profile): string | undefined {
  const raw = annotations?.[lbAnnotation(profile, option) ?? ''];
  if (raw === undefined || option === 'LOAD_BALANCER_ID') return raw;
  const [word] = Object.entries(tableOf(profile.get(serviceLbValues))).find(([, value]) => value === raw) ?? [];
  return word ?? raw.toUpperCase();
}

type Annotations = Readonly<Record<string, string>> | undefined;

/** What a platform without such an annotation does anyway. */
const asUsual: Readonly<Partial<Record<keyof LoadBalancerForm, unknown>>> = {
  algorithm: 'ROUND_ROBIN',
  hasHealthCheck: false,
  forwardsClientIP: false,
  addressType: 'PUBLIC',
};

/** Options that the platform has no way to tell its load balancers are refused rather than forgotten (NET-02, VND-05). */
export function checkLbOptions(form: LoadBalancerForm, profile: Profile): readonly ValidationIssue[] {
  return fields.flatMap(([option, field]) => {
    const value = form[field];
    if (value === undefined || value === null || lbAnnotation(profile, option) !== undefined) return [];
    if (asUsual[field] === value) return [];
    // Kubernetes has a field for it: which load balancers serve it.
    if (field === 'addressType' && form.className) return [];
    const message = `By the profile '${profile.name}' load balancers cannot be told ${field}: service.lbAnnotations has none for ${option}`;
    return [{ path: ['loadBalancer', field], code: 'not_offered', message }];
  });
}
