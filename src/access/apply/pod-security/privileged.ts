import { violationOf } from '../apply-violation.ts';
import { isUnset } from '../read-manifest.ts';
import { type PodControl, securityContexts } from './pod-control.ts';

/** A privileged container is root on its node. */
export const privileged: PodControl = {
  name: 'privileged',
  check: (pod) =>
    securityContexts(pod)
      .filter(({ context }) => !isUnset(context.privileged) && context.privileged !== false)
      .map(({ context, path }) =>
        violationOf('privileged', [...path, 'privileged'], 'must be false or not set', context.privileged),
      ),
};
