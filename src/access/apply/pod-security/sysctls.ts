import { violationOf } from '../apply-violation.ts';
import { itemsAt, valueAt } from '../read-manifest.ts';
import type { PodControl } from './pod-control.ts';

/** Kernel settings that a pod has for itself alone. */
const safeSysctls = new Set<unknown>([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
]);

export const sysctls: PodControl = {
  name: 'sysctls',
  check: ({ spec, path }) =>
    itemsAt(spec, 'securityContext', 'sysctls').flatMap((sysctl, index) => {
      const name = valueAt(sysctl, 'name');
      return safeSysctls.has(name)
        ? []
        : [
            violationOf(
              'sysctls',
              [...path, 'securityContext', 'sysctls', index, 'name'],
              'must be a kernel setting that concerns this pod alone',
              name ?? null,
            ),
          ];
    }),
};
