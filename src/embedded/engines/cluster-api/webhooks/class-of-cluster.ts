import { asObject, asString } from '../../../machinery/json.ts';
import type { StrategyEnvironment } from '../../../registry/resource-strategy.ts';
import type { ClusterObject } from '../../../store/types.ts';
import { coreGroup } from '../groups.ts';

/** The class that a topology names; undefined where it is not there. */
export function findClass(
  topology: unknown,
  namespace: unknown,
  environment: StrategyEnvironment,
): ClusterObject | undefined {
  const ref = asObject(asObject(topology)?.classRef);
  const name = asString(ref?.name) ?? '';
  return environment.find(coreGroup, 'clusterclasses', name, asString(ref?.namespace) ?? String(namespace));
}
