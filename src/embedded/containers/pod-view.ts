import { asObject, asObjectList, asString, type JsonObject, readPath } from '../machinery/json.ts';
import type { ClusterObject } from '../store/types.ts';

/** A container that runs now, with what the pod says of it. */
export interface RunningContainer {
  readonly pod: ClusterObject;
  readonly spec: JsonObject;
  readonly name: string;
  readonly containerId: string;
  /** When it was started, in milliseconds since the epoch. */
  readonly startedAtMs: number;
}

const specLists = ['containers', 'initContainers', 'ephemeralContainers'];
const statusLists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'];

/** The container of that name if it runs by the pod's status. */
export function findRunningContainer(pod: ClusterObject, name: string): RunningContainer | undefined {
  return runningContainers(pod).find((container) => container.name === name);
}

/** All containers that run by the pod's status: main, init (sidecars) and ephemeral ones. */
export function runningContainers(pod: ClusterObject): RunningContainer[] {
  const specs = specLists.flatMap((list) => asObjectList(readPath(pod, 'spec', list)));
  return statusLists
    .flatMap((list) => asObjectList(readPath(pod, 'status', list)))
    .flatMap((status) => {
      const running = asObject(asObject(status.state)?.running);
      const spec = specs.find((each) => each.name === status.name);
      if (running === undefined || spec === undefined) return [];
      return [
        {
          pod,
          spec,
          name: String(status.name),
          containerId: asString(status.containerID) ?? '',
          startedAtMs: Date.parse(asString(running.startedAt) ?? '') || 0,
        },
      ];
    });
}
