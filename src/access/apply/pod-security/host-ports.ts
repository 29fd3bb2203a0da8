import { violationOf } from '../apply-violation.ts';
import { isUnset, itemsAt, valueAt } from '../read-manifest.ts';
import type { PodControl } from './pod-control.ts';

/** A port of the node is reachable past every Service and network policy. */
export const hostPorts: PodControl = {
  name: 'hostPorts',
  check: ({ containers }) =>
    containers.flatMap(({ container, path }) =>
      itemsAt(container, 'ports').flatMap((port, index) => {
        const hostPort = valueAt(port, 'hostPort');
        return isUnset(hostPort) || hostPort === 0
          ? []
          : [violationOf('hostPorts', [...path, 'ports', index, 'hostPort'], 'must be 0 or not set', hostPort)];
      }),
    ),
};
