import { lifecycleHandlers } from '../../profile-keys/workloads.ts';
import { containersOf, isGiven, valueAt, type WorkloadRule } from './seen-workload.ts';

/** CMP-50: how long a pod may take to end by itself. */
export const checkGrace: WorkloadRule = ({ object, podSpec }) => {
  const path = [...podSpec, 'terminationGracePeriodSeconds'];
  const seconds = valueAt(object, path);
  if (typeof seconds !== 'number' || seconds >= 0) return [];
  return [{ path, code: 'out_of_range', message: `terminationGracePeriodSeconds must be from 0, got ${seconds}` }];
};

/** CON-10, CMP-49: what may run after the start of a container and before its end, and at which ports. */
export const checkLifecycle: WorkloadRule = (seen) => {
  const { profile } = seen;
  const offered: readonly string[] = profile.get(lifecycleHandlers);
  return containersOf(seen).flatMap(({ container, path, name }) =>
    ['postStart', 'preStop'].flatMap((moment) => {
      const place = [...path, 'lifecycle', moment];
      const handler = valueAt(container, ['lifecycle', moment]);
      const port = valueAt(handler, ['httpGet', 'port']);
      const word = isGiven(valueAt(handler, ['httpGet'])) ? 'HTTP_GET' : 'EXEC';
      if (!isGiven(handler)) return [];
      if (!offered.includes(word)) {
        const message = `${moment} of '${name}' must be one of ${offered.join(', ')} by the profile '${profile.name}', got ${word}`;
        return [{ path: place, code: 'not_offered', message }];
      }
      if (typeof port !== 'number' || (port >= 1 && port <= 65_535)) return [];
      const message = `The port of ${moment} of '${name}' must be 1 to 65535, got ${port}`;
      return [{ path: [...place, 'httpGet', 'port'], code: 'out_of_range', message }];
    }),
  );
};
