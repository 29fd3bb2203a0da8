import { podKind, type ServiceObject, serviceKind } from 'longshore/plugins/compute';
import { bindingLabelOf } from 'longshore/plugins/network';
import type { ClusterReader } from 'longshore/sdk';
import type { EngineWrite, ReleaseTarget } from '../../engines/engine.ts';
import { wholeList } from '../../engines/whole-list.ts';
import { isOf, serviceSelector } from '../../engines/workload-marks.ts';
import type { TaskLook } from '../tasks/task-look.ts';
import {
  mustBeMadeAnew,
  nextName,
  nextServiceOf,
  type ServiceManifest,
  serviceChange,
  serviceOf,
} from './service-manifest.ts';

const done: TaskLook = { is: 'done' };

/** The Services of a version are there and as it says (REL-25). One of somebody else's is left as it is, and said. */
export async function applyServices(target: ReleaseTarget, reader: ClusterReader): Promise<TaskLook> {
  const { access = [] } = target;
  if (access.length === 0) return done;
  const pods = target.isLossless ? await wholeList(reader, podKind, target.namespace, serviceSelector(target)) : [];
  for (const each of access) {
    const label = bindingLabelOf({ metadata: each });
    // A Service that asked for what its pods do not have yet would lose them.
    const isBound =
      target.isLossless === true &&
      pods.length > 0 &&
      pods.every(({ metadata }) => metadata.labels?.[label] !== undefined);
    const look = await applyService(target, serviceOf(target, each, isBound), reader);
    if (look.is !== 'done') return look;
  }
  return done;
}

export async function applyNextServices(target: ReleaseTarget, reader: ClusterReader): Promise<TaskLook> {
  for (const each of target.access ?? []) {
    const look = await applyService(target, nextServiceOf(target, each), reader);
    if (look.is !== 'done') return look;
  }
  return done;
}

async function applyService(
  target: ReleaseTarget,
  manifest: ServiceManifest,
  reader: ClusterReader,
): Promise<TaskLook> {
  const { name } = manifest.metadata;
  const found = await reader.get(serviceKind, target.namespace, name);
  if (!found) return { is: 'write', write: { verb: 'create', kind: serviceKind, name, body: manifest } };
  if (!isOf(target, found)) {
    const reason = `There is a Service '${name}' in namespace '${target.namespace}' already, which was not made for app service '${target.service}': it is left as it is.`;
    return { is: 'failed', reason };
  }
  if (mustBeMadeAnew(found, manifest)) return { is: 'write', write: removalOf(found) };
  const body = serviceChange(found, manifest);
  const { uid, resourceVersion } = found.metadata;
  return body ? { is: 'write', write: { verb: 'patch', kind: serviceKind, name, body, uid, resourceVersion } } : done;
}

/**
 * Takes Services away that a version no longer has and the other one had, and those of shifted traffic (REL-26). Only what was made for this service:
 * what somebody made beside it stays.
 */
export async function cleanServices(
  kept: Pick<ReleaseTarget, 'access' | 'namespace' | 'serviceId' | 'service'>,
  other: ReleaseTarget | null,
  reader: ClusterReader,
): Promise<TaskLook> {
  const keep = new Set((kept.access ?? []).map(({ name }) => name));
  const names = [...(other?.access ?? []), ...(kept.access ?? [])].flatMap(({ name }) => [name, nextName(name)]);
  for (const name of new Set(names)) {
    if (keep.has(name)) continue;
    const found = await reader.get(serviceKind, kept.namespace, name);
    if (found && isOf(kept, found)) return { is: 'write', write: removalOf(found) };
  }
  return done;
}

const removalOf = ({ metadata }: ServiceObject): EngineWrite => ({
  ...{ verb: 'delete', kind: serviceKind, name: metadata.name, uid: metadata.uid },
});
