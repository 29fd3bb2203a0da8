import type { JsonObject } from '../machinery/json.ts';
import { recordUpdate } from '../machinery/managed-fields.ts';
import { untypedShape } from '../machinery/shape.ts';
import type { Draft, RegisteredResource } from '../registry/resource-strategy.ts';
import type { RegistryWrite } from './object-registry.ts';
import { apiVersionOf } from './to-draft.ts';
import type { ClusterObject } from './types.ts';

/** `managedFields` after a write that was no apply. Writers that do not name themselves share one manager. */
export function trackUpdate(
  current: ClusterObject | undefined,
  draft: Draft,
  resource: RegisteredResource,
  write: RegistryWrite,
  time: string,
): JsonObject[] {
  return recordUpdate({
    managedFields: current?.metadata.managedFields,
    before: current as unknown as JsonObject | undefined,
    after: draft,
    shape: resource.strategy.shape ?? untypedShape,
    manager: {
      name: write.fieldManager ?? 'unknown',
      operation: 'Update',
      apiVersion: apiVersionOf(resource.definition),
      ...(write.subresource === undefined ? {} : { subresource: write.subresource }),
    },
    time,
  });
}
