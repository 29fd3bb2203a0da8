import { podKind, type ServiceObject, serviceKind } from 'longshore/plugins/compute';
import { bindingLabelOf, boundValue, unboundValue } from 'longshore/plugins/network';
import type { ClusterReader } from 'longshore/sdk';
import type { EngineWrite, ObservedPod, ReleaseTarget } from '../../engines/engine.ts';
import { observePods, podsOfVersion } from '../../engines/observe-pods.ts';
import { isOf } from '../../engines/workload-marks.ts';
import type { TaskFacts, TaskLook } from '../tasks/task-look.ts';

const done: TaskLook = { is: 'done' };

/** The Services of a target that bind their pods one by one. */
async function bindingServices(target: ReleaseTarget, reader: ClusterReader): Promise<readonly ServiceObject[]> {
  const found = await Promise.all(
    (target.access ?? []).map(({ name }) => reader.get(serviceKind, target.namespace, name)),
  );
  return found.filter(
    (service): service is ServiceObject =>
      service !== undefined &&
      isOf(target, service) &&
      service.spec?.selector?.[bindingLabelOf(service)] === boundValue,
  );
}

function bindingWrite(pod: ObservedPod, services: readonly ServiceObject[], value: string): EngineWrite | undefined {
  const labels = pod.object.metadata.labels ?? {};
  const others = services.map(bindingLabelOf).filter((label) => labels[label] !== undefined && labels[label] !== value);
  if (others.length === 0) return undefined;
  const body = { metadata: { labels: Object.fromEntries(others.map((label) => [label, value])) } };
  return { verb: 'patch', kind: podKind, name: pod.name, body, uid: pod.uid };
}

/**
 * Takes the pods that the group is going to update off their Services, one by one (REL-38). Which they are is known of numbered pods alone: from the
 * highest down. Others leave by the engine's own way: pods that end are taken off by Kubernetes, those in place by OpenKruise, before anything
 * happens to them. The last pod that is left on takes the traffic until another is back.
 */
export async function takeOffTraffic({ engine, target, wanted, reader }: TaskFacts): Promise<TaskLook> {
  if (!target.isStateful) return done;
  const services = await bindingServices(target, reader);
  if (services.length === 0) return done;
  const observed = await engine.observe(target, reader);
  const label = (service: ServiceObject) => bindingLabelOf(service);
  const isOn = ({ isReady, object }: ObservedPod) =>
    isReady && services.every((service) => object.metadata.labels?.[label(service)] === boundValue);
  let left = observed.flatMap(({ pods }) => pods).filter(isOn).length;
  for (const { unit, pods } of observed) {
    const staying = pods.filter(({ isLeaving }) => !isLeaving);
    const toUpdate = (wanted.get(unit) ?? 0) - podsOfVersion(pods, target.versionId).length;
    const old = staying
      .filter(({ versionId }) => versionId !== target.versionId)
      .sort((one, other) => ordinalOf(other) - ordinalOf(one))
      .slice(0, Math.max(0, toUpdate));
    for (const pod of old) {
      const write = bindingWrite(pod, services, unboundValue);
      if (!write) continue;
      if (isOn(pod) && left <= 1) return done;
      left -= 1;
      return { is: 'write', write };
    }
  }
  return done;
}

const ordinalOf = ({ name }: ObservedPod): number => Number(name.slice(name.lastIndexOf('-') + 1));

/** Puts back all pods of a service that were taken off: those that were updated, and on the way back those whose turn never came. */
export async function putBackTraffic(target: ReleaseTarget, reader: ClusterReader): Promise<TaskLook> {
  const services = await bindingServices(target, reader);
  if (services.length === 0) return done;
  for (const pods of (await observePods(target, reader)).values()) {
    for (const pod of pods) {
      const write = pod.isLeaving ? undefined : bindingWrite(pod, services, boundValue);
      if (write) return { is: 'write', write };
    }
  }
  return done;
}
