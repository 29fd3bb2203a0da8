import type { Principal } from '../../kernel/principal.ts';
import { rightsOfGroups } from '../rights-of-groups.ts';
import type { UnverifiedToken } from './read-unverified.ts';

/**
 * The principal of a service account. Its names carry the cluster, since every cluster has a `default/default`, and not
 * the prefix `system:`, which means a cluster's own. Undefined where the cluster names something else.
 */
export function principalOfAccount(username: string, { cluster, expiresAt }: UnverifiedToken): Principal | undefined {
  const found = /^system:serviceaccount:([a-z0-9-]{1,63}):([a-z0-9.-]{1,253})$/.exec(username);
  const [, namespace, account] = found ?? [];
  if (namespace === undefined || account === undefined) return undefined;
  const name = `serviceaccount:${cluster.cluster}:${namespace}:${account}`;
  const groups = [`serviceaccounts:${cluster.cluster}`, `serviceaccounts:${cluster.cluster}:${namespace}`];
  return {
    id: name,
    name,
    kind: 'SERVICE_ACCOUNT',
    groups,
    ...rightsOfGroups([...groups, name], cluster),
    expiresAt,
  };
}
