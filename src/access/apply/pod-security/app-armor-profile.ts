import { violationOf } from '../apply-violation.ts';
import { isBlank, valueAt } from '../read-manifest.ts';
import { type PodControl, securityContexts } from './pod-control.ts';

const name = 'appArmorProfile';

/** No AppArmor profile, or somebody's own. Clusters before 1.30 read it from annotations. */
export const appArmorProfile: PodControl = {
  name,
  check: (pod) => [
    ...securityContexts(pod).flatMap(({ context, path }) => {
      const type = valueAt(context, 'appArmorProfile', 'type');
      return isBlank(type) || type === 'RuntimeDefault' || type === 'Localhost'
        ? []
        : [violationOf(name, [...path, 'appArmorProfile', 'type'], 'must be RuntimeDefault or Localhost', type)];
    }),
    ...Object.entries(pod.annotations)
      .filter(([key, value]) => key.startsWith('container.apparmor.security.beta.kubernetes.io/') && !isAllowed(value))
      .map(([key, value]) =>
        violationOf(name, [...pod.annotationsPath, key], "must be 'runtime/default' or 'localhost/…'", value),
      ),
  ],
};

function isAllowed(value: unknown): boolean {
  return isBlank(value) || value === 'runtime/default' || (typeof value === 'string' && value.startsWith('localhost/'));
}
