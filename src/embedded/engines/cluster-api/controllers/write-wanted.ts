import { isJsonObject } from '../../../machinery/json.ts';
import type { ClusterObject, OwnerReference } from '../../../store/types.ts';
import type { EngineContext } from '../../engine.ts';
import type { WantedObject } from '../topology/decide-topology.ts';

/** Brings an object to what is wanted of it, made where it is not there; what is not named stays. Returns what stands then. */
export function writeWanted(context: EngineContext, wanted: WantedObject, owner: OwnerReference): ClusterObject {
  const { store } = context;
  const group = wanted.apiVersion.split('/')[0] ?? '';
  const resource = store.resourceOfKind(group, wanted.kind);
  if (resource === undefined) throw new Error(`no kind ${wanted.kind} is served in ${group}`);
  const options = { fieldManager: 'capi-topology' };
  const { name, namespace } = wanted.metadata;
  const found = store.get(resource, namespace, name);
  if (found === undefined) {
    return store.create(resource, { ...wanted, metadata: { ...wanted.metadata, ownerReferences: [owner] } }, options);
  }
  const merged = {
    ...found,
    metadata: {
      ...found.metadata,
      labels: { ...found.metadata.labels, ...wanted.metadata.labels },
      annotations: { ...found.metadata.annotations, ...wanted.metadata.annotations },
    },
    spec: overlay(found.spec, wanted.spec),
  };
  return store.update(resource, merged, options);
}

/** Members one by one; below `template` and `machineTemplate` what is wanted is all there is. */
function overlay(found: unknown, wanted: unknown, depth = 0): unknown {
  if (!isJsonObject(found) || !isJsonObject(wanted)) return wanted;
  const merged: Record<string, unknown> = { ...found };
  for (const [key, value] of Object.entries(wanted)) {
    const isWhole = depth === 0 && ['template', 'machineTemplate', 'selector'].includes(key);
    merged[key] = isWhole ? value : overlay(found[key], value, depth + 1);
  }
  return merged;
}
