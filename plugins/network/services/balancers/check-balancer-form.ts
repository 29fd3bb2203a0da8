import { descriptionText } from 'longshore/plugins/core';
import { checkText, type Profile, type ValidationIssue } from 'longshore/sdk';
import { lbBandwidthMax, lbDisplayName, lbInstancesMax } from '../../profile-keys/balancers.ts';
import { checkClusters } from '../clusters/target-in-clusters.ts';
import { isSamePort } from './change-listeners.ts';
import {
  checkListener,
  checkOffered,
  kubernetesName,
  type ListenerForm,
  requirePortAllowed,
} from './check-listener.ts';

/** Load balancers as a form says them (NET-15, NET-20). */
export interface BalancerForm {
  readonly namespace: string;
  readonly name: string;
  readonly clusters: readonly string[];
  readonly type: string;
  readonly className?: string | null | undefined;
  readonly displayName?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly bandwidthMbps?: number | null | undefined;
  readonly instances: number;
  readonly listeners?: readonly ListenerForm[] | null | undefined;
}

/** The names of as many alike as are asked for. */
export const balancerNamesOf = ({ name, instances }: BalancerForm): readonly string[] =>
  instances > 1 ? Array.from({ length: instances }, (_, index) => `${name}-${index + 1}`) : [name];

/** Everything that is wrong with a form by itself. */
export function checkBalancerForm({
  clusters,
  name,
  bandwidthMbps,
  instances,
  listeners,
}: BalancerForm): readonly ValidationIssue[] {
  const entries = listeners ?? [];
  return [
    ...checkClusters(clusters),
    ...checkText(kubernetesName, 'name', name),
    ...(bandwidthMbps !== null && bandwidthMbps !== undefined && bandwidthMbps < 1
      ? [
          {
            path: ['bandwidthMbps'],
            code: 'too_small',
            message: `bandwidthMbps must be at least 1, got ${bandwidthMbps}`,
          },
        ]
      : []),
    ...(instances < 1
      ? [{ path: ['instances'], code: 'too_small', message: `instances must be at least 1, got ${instances}` }]
      : []),
    ...(entries.length > 64
      ? [
          {
            path: ['listeners'],
            code: 'too_big',
            message: `listeners must have up to 64 entries, got ${entries.length}`,
          },
        ]
      : []),
    ...entries.flatMap((entry, index) => checkListener(entry, ['listeners', index])),
    ...entries.flatMap((entry, index) => checkTaken(entry, entries.slice(0, index), ['listeners', index])),
  ];
}

function checkTaken(
  entry: ListenerForm,
  others: readonly ListenerForm[],
  path: readonly (string | number)[],
): readonly ValidationIssue[] {
  return [
    ...(others.some(({ name }) => name === entry.name)
      ? [{ path: [...path, 'name'], code: 'duplicate', message: `Two listeners have the name '${entry.name}'` }]
      : []),
    ...(others.some((other) => isSamePort(other, entry))
      ? [{ path: [...path, 'port'], code: 'port_taken', message: `Two listeners have the port ${entry.port}` }]
      : []),
  ];
}

/** What the profile of one place has against it. Throws `PreconditionError` for a sensitive port. */
export function checkBalancerByProfile(form: BalancerForm, profile: Profile): readonly ValidationIssue[] {
  const { displayName, description, bandwidthMbps, instances, listeners } = form;
  for (const { port } of listeners ?? []) requirePortAllowed(port, profile);
  const most = profile.get(lbInstancesMax);
  return [
    ...(displayName ? checkText(profile.get(lbDisplayName), 'displayName', displayName) : []),
    ...checkText(profile.get(descriptionText), 'description', description ?? ''),
    ...checkBandwidth(bandwidthMbps, profile),
    ...(instances > most
      ? [{ path: ['instances'], code: 'too_big', message: `instances must be 1 to ${most}, got ${instances}` }]
      : []),
    ...(listeners ?? []).flatMap(({ protocol }, index) =>
      checkOffered(protocol, profile, ['listeners', index, 'protocol']),
    ),
  ];
}

export function checkBandwidth(bandwidthMbps: number | null | undefined, profile: Profile): readonly ValidationIssue[] {
  const most = profile.get(lbBandwidthMax);
  if (bandwidthMbps === null || bandwidthMbps === undefined || most === null || bandwidthMbps <= most) return [];
  const message = `bandwidthMbps must be 1 to ${most}, got ${bandwidthMbps}`;
  return [{ path: ['bandwidthMbps'], code: 'too_big', message }];
}
