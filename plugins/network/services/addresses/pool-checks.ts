import { type DeletionCheck, type ManifestCheck, subjectOf, systemPrincipal } from 'longshore/sdk';
import { tellObjection } from '../nat/tell-objection.ts';
import { subnetKind } from '../vpc/kube-ovn-kinds.ts';
import { type IpPoolObject, ipPoolKind, type OvnIpPool } from './address-pools.ts';
import { checkPoolAddresses, everyPool, usersOfPool } from './set-address-pool.ts';

/** A pool stays while pods hold its addresses, on every road (NET-42). */
export const poolDeletionCheck: DeletionCheck = {
  subjects: [subjectOf(ipPoolKind)],
  async check({ object, left }, context) {
    const pool = object as unknown as IpPoolObject;
    const users = await usersOfPool(pool, (left as OvnIpPool | undefined)?.spec?.ips ?? [], context);
    if (users.length === 0) return undefined;
    return tellObjection({ what: `Addresses of the pool '${pool.metadata.name}' are used by`, users }, context);
  },
};

/** What `setAddressPool` refuses, YAML does not bring in. */
export const poolManifestCheck: ManifestCheck = {
  subjects: [subjectOf(ipPoolKind)],
  async check({ cluster, name, object, existing }, context) {
    const said = (object as OvnIpPool).spec ?? {};
    const before = (existing as IpPoolObject | undefined)?.spec;
    const { subnet: subnetName = '', ips = [] } = { ...before, ...said };
    if (before?.subnet && subnetName !== before.subnet) {
      return [
        { path: ['spec', 'subnet'], code: 'immutable', message: 'The subnet of an address pool can never be changed' },
      ];
    }
    const subnet = await context
      .cluster(cluster)
      .reader(systemPrincipal, context.signal)
      .get(subnetKind, undefined, subnetName);
    if (!subnet) return [{ path: ['spec', 'subnet'], code: 'unknown', message: `There is no subnet '${subnetName}'` }];
    if (!Array.isArray(ips) || JSON.stringify(ips) === JSON.stringify(before?.ips)) return [];
    const addresses = ips.map(String);
    const found = checkPoolAddresses({ name, subnet, addresses }, await everyPool(cluster, context));
    return found.map(({ path, ...issue }) => ({ ...issue, path: ['spec', 'ips', ...path.slice(1)] }));
  },
};
