import type { Profile, ValidationIssue } from 'longshore/sdk';
import { mostUnlessSaid, replicasMax, replicasMin } from '../profile-keys/replicas.ts';

/** Against the profile of the workload's cluster (CON-01, CMP-78). */
export function checkReplicas(replicas: number, profile: Profile): ValidationIssue[] {
  const min = profile.get(replicasMin);
  const max = profile.get(replicasMax) ?? mostUnlessSaid;
  if (replicas >= min && replicas <= max) return [];
  const message = `replicas must be ${min} to ${max} by the profile '${profile.name}', got ${replicas}`;
  return [{ path: ['replicas'], code: replicas < min ? 'too_small' : 'too_big', message }];
}
