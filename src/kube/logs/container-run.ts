/** One run of a container, to tell "the stream was cut" from "the container ended". */
export interface ContainerRun {
  /** Changes with each restart; undefined while it never ran. */
  readonly id: string | undefined;
  readonly isRunning: boolean;
}

/** The present run of a container of a pod's JSON; of its only container where none is named. */
export function containerRunOf(pod: unknown, container: string | undefined): ContainerRun {
  const status = at(pod, 'status');
  const statuses = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'].flatMap((list) => {
    const entries = at(status, list);
    return Array.isArray(entries) ? entries : [];
  });
  const found: unknown =
    container === undefined ? statuses[0] : statuses.find((entry) => at(entry, 'name') === container);
  const id = at(found, 'containerID');
  return {
    id: typeof id === 'string' && id !== '' ? `${id} ${String(at(found, 'restartCount') ?? 0)}` : undefined,
    isRunning: at(at(found, 'state'), 'running') !== undefined,
  };
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
