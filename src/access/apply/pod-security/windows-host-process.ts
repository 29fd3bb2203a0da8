import { violationOf } from '../apply-violation.ts';
import { isUnset, valueAt } from '../read-manifest.ts';
import { type PodControl, securityContexts } from './pod-control.ts';

/** A host process of Windows is a process of the node. */
export const windowsHostProcess: PodControl = {
  name: 'windowsHostProcess',
  check: (pod) =>
    securityContexts(pod).flatMap(({ context, path }) => {
      const hostProcess = valueAt(context, 'windowsOptions', 'hostProcess');
      return isUnset(hostProcess) || hostProcess === false
        ? []
        : [
            violationOf(
              'windowsHostProcess',
              [...path, 'windowsOptions', 'hostProcess'],
              'must be false or not set',
              hostProcess,
            ),
          ];
    }),
};
