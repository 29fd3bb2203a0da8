import { probeMethods } from '../../profile-keys/probes.ts';
import {
  containersOf,
  isGiven,
  type SeenContainer,
  type SeenWorkload,
  valueAt,
  type WorkloadRule,
} from './seen-workload.ts';

/** CON-09, CMP-51: how containers may be probed, and what a liveness probe may ask for. */
export const checkProbes: WorkloadRule = (seen) =>
  containersOf(seen).flatMap((container) =>
    ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((field) => checkProbe(seen, container, field)),
  );

function checkProbe({ profile }: SeenWorkload, { container, path, name }: SeenContainer, field: string) {
  const probe = valueAt(container, [field]);
  if (!isGiven(probe)) return [];
  const methods: readonly string[] = profile.get(probeMethods);
  const method = methodOf(probe);
  const place = [...path, field];
  const threshold = valueAt(probe, ['successThreshold']);
  return [
    ...(method === undefined || methods.includes(method)
      ? []
      : [
          {
            path: place,
            code: 'not_offered',
            message: `The ${field} of '${name}' must be one of ${methods.join(', ')} by the profile '${profile.name}', got ${method}`,
          },
        ]),
    ...(field !== 'readinessProbe' && isGiven(threshold) && threshold !== 1
      ? [
          {
            path: [...place, 'successThreshold'],
            code: 'not_one',
            message: `successThreshold of the ${field} of '${name}' must be 1, got ${String(threshold)}`,
          },
        ]
      : []),
    ...numbers.flatMap(({ at, from, to }) => {
      const value = valueAt(probe, at);
      if (typeof value !== 'number' || (value >= from && value <= to)) return [];
      const range = to === Number.MAX_SAFE_INTEGER ? `from ${from}` : `${from} to ${to}`;
      const message = `${at.at(-1)} of the ${field} of '${name}' must be ${range}, got ${value}`;
      return [{ path: [...place, ...at], code: 'out_of_range', message }];
    }),
  ];
}

const port = { from: 1, to: 65_535 };
const count = { from: 1, to: Number.MAX_SAFE_INTEGER };
const numbers: readonly { readonly at: readonly string[]; readonly from: number; readonly to: number }[] = [
  { at: ['initialDelaySeconds'], from: 0, to: Number.MAX_SAFE_INTEGER },
  { at: ['timeoutSeconds'], ...count },
  { at: ['periodSeconds'], ...count },
  { at: ['failureThreshold'], ...count },
  { at: ['successThreshold'], ...count },
  { at: ['tcpSocket', 'port'], ...port },
  { at: ['httpGet', 'port'], ...port },
];

/** gRPC is no method of any form: it goes with TCP, over which it runs. */
function methodOf(probe: unknown): string | undefined {
  if (isGiven(valueAt(probe, ['exec']))) return 'EXEC';
  if (isGiven(valueAt(probe, ['tcpSocket'])) || isGiven(valueAt(probe, ['grpc']))) return 'TCP';
  if (!isGiven(valueAt(probe, ['httpGet']))) return undefined;
  return valueAt(probe, ['httpGet', 'scheme']) === 'HTTPS' ? 'HTTPS' : 'HTTP';
}
