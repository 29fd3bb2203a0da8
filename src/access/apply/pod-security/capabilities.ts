import { violationOf } from '../apply-violation.ts';
import { itemsAt } from '../read-manifest.ts';
import { type PodControl, securityContexts } from './pod-control.ts';

/** What container runtimes grant anyway. */
const grantedByDefault = new Set<unknown>([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

export const capabilities: PodControl = {
  name: 'capabilities_baseline',
  check: (pod) =>
    securityContexts(pod).flatMap(({ context, path }) =>
      itemsAt(context, 'capabilities', 'add').flatMap((capability, index) =>
        grantedByDefault.has(capability)
          ? []
          : [
              violationOf(
                'capabilities_baseline',
                [...path, 'capabilities', 'add', index],
                'must be a capability that every container has',
                capability,
              ),
            ],
      ),
    ),
};
