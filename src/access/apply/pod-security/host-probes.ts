import { violationOf } from '../apply-violation.ts';
import { isBlank, valueAt } from '../read-manifest.ts';
import type { PodControl } from './pod-control.ts';

const handlers = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
];

/** The node's kubelet asks probes: with a host of their own they ask anything the node can reach (since 1.34). */
export const hostProbes: PodControl = {
  name: 'hostProbesAndHostLifecycle',
  check: ({ containers }) =>
    containers.flatMap(({ container, path }) =>
      handlers.flatMap((handler) =>
        ['httpGet', 'tcpSocket'].flatMap((action) => {
          const host = valueAt(container, ...handler, action, 'host');
          return isBlank(host)
            ? []
            : [
                violationOf(
                  'hostProbesAndHostLifecycle',
                  [...path, ...handler, action, 'host'],
                  'must not be set',
                  host,
                ),
              ];
        }),
      ),
    ),
};
