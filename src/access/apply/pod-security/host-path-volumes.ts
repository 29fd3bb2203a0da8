import { violationOf } from '../apply-violation.ts';
import { isUnset, itemsAt, valueAt } from '../read-manifest.ts';
import type { PodControl } from './pod-control.ts';

/** A volume from the node's own disk reaches everything on it. */
export const hostPathVolumes: PodControl = {
  name: 'hostPathVolumes',
  check: ({ spec, path }) =>
    itemsAt(spec, 'volumes').flatMap((volume, index) =>
      isUnset(valueAt(volume, 'hostPath'))
        ? []
        : [violationOf('hostPathVolumes', [...path, 'volumes', index, 'hostPath'], 'must not be set')],
    ),
};
