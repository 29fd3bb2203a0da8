import { violationOf } from '../apply-violation.ts';
import { isBlank } from '../read-manifest.ts';
import { type PodControl, securityContexts } from './pod-control.ts';

/**
 * The default mask over /proc hides the node's own. Since 1.35 the standard lets pods with `hostUsers: false` lift it;
 * not here, where a manifest may be only part of a pod and the rest can change without it.
 */
export const procMount: PodControl = {
  name: 'procMount',
  check: (pod) =>
    securityContexts(pod)
      .filter(({ context }) => !isBlank(context.procMount) && context.procMount !== 'Default')
      .map(({ context, path }) =>
        violationOf('procMount', [...path, 'procMount'], "must be 'Default' or not set", context.procMount),
      ),
};
