import { violationOf } from '../apply-violation.ts';
import { isUnset, valueAt } from '../read-manifest.ts';
import { type PodControl, securityContexts } from './pod-control.ts';

const name = 'seccompProfile_baseline';

/** Unconfined system calls. Clusters before 1.27 read it from annotations too. */
export const seccompProfile: PodControl = {
  name,
  check: (pod) => [
    ...securityContexts(pod).flatMap(({ context, path }) => {
      const type = valueAt(context, 'seccompProfile', 'type');
      return isUnset(type) || type === 'RuntimeDefault' || type === 'Localhost'
        ? []
        : [violationOf(name, [...path, 'seccompProfile', 'type'], 'must be RuntimeDefault or Localhost', type)];
    }),
    ...Object.entries(pod.annotations)
      .filter(([key, value]) => isSeccompKey(key) && !isAllowedAnnotation(value))
      .map(([key, value]) =>
        violationOf(name, [...pod.annotationsPath, key], "must be 'runtime/default' or 'localhost/…'", value),
      ),
  ],
};

function isSeccompKey(key: string): boolean {
  return (
    key === 'seccomp.security.alpha.kubernetes.io/pod' ||
    key.startsWith('container.seccomp.security.alpha.kubernetes.io/')
  );
}

function isAllowedAnnotation(value: unknown): boolean {
  if (isUnset(value) || value === 'runtime/default' || value === 'docker/default') return true;
  return typeof value === 'string' && value.startsWith('localhost/');
}
