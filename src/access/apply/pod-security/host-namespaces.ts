import { violationOf } from '../apply-violation.ts';
import { isUnset } from '../read-manifest.ts';
import type { PodControl } from './pod-control.ts';

/** A pod in a namespace of its node sees the node's network, processes or memory. */
export const hostNamespaces: PodControl = {
  name: 'hostNamespaces',
  check: ({ spec, path }) =>
    ['hostNetwork', 'hostPID', 'hostIPC']
      .filter((key) => !isUnset(spec[key]) && spec[key] !== false)
      .map((key) => violationOf('hostNamespaces', [...path, key], 'must be false or not set', spec[key])),
};
