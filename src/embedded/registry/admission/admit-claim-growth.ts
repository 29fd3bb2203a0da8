import { forbidden } from '../../api/status-error.ts';
import { asString, readPath } from '../../machinery/json.ts';
import { compareQuantities } from '../../machinery/quantity.ts';
import type { ClusterObject, ResourceDefinition } from '../../store/types.ts';
import type { Draft, StrategyEnvironment } from '../resource-strategy.ts';

/**
 * Lets a bound claim ask for more only where its class allows that (admission plugin PersistentVolumeClaimResize).
 * Throws `StatusError` 403.
 */
export function admitClaimGrowth(
  definition: ResourceDefinition,
  draft: Draft,
  current: ClusterObject,
  environment: StrategyEnvironment,
): void {
  if (compareQuantities(requestOf(draft), requestOf(current)) <= 0) return;
  const name = asString(readPath(draft, 'spec', 'storageClassName')) ?? '';
  const isSame = name !== '' && name === readPath(current, 'spec', 'storageClassName');
  if (isSame && environment.find('storage.k8s.io', 'storageclasses', name)?.allowVolumeExpansion === true) return;
  const why =
    'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
  throw forbidden(definition, current.metadata.name, why);
}

function requestOf(claim: Draft | ClusterObject): unknown {
  return readPath(claim, 'spec', 'resources', 'requests', 'storage');
}
