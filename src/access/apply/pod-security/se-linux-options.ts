import { violationOf } from '../apply-violation.ts';
import { isBlank, valueAt } from '../read-manifest.ts';
import { type PodControl, securityContexts } from './pod-control.ts';

const allowedTypes = new Set<unknown>(['container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']);

/** Another SELinux type, user or role takes the container out of its confinement. */
export const seLinuxOptions: PodControl = {
  name: 'seLinuxOptions',
  check: (pod) =>
    securityContexts(pod).flatMap(({ context, path }) =>
      ['type', 'user', 'role'].flatMap((key) => {
        const value = valueAt(context, 'seLinuxOptions', key);
        if (isBlank(value) || (key === 'type' && allowedTypes.has(value))) return [];
        const expected = key === 'type' ? 'must be a type for containers' : 'must not be set';
        return [violationOf('seLinuxOptions', [...path, 'seLinuxOptions', key], expected, value)];
      }),
    ),
};
