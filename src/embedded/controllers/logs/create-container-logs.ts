import type { ClusterClock, LogSource } from '../../store/types.ts';
import type { Pod } from '../kubernetes-shapes.ts';
import { chooseScript } from './choose-script.ts';
import { ContainerLog } from './container-log.ts';
import { crashLines } from './crash-script.ts';
import { line } from './log-script.ts';

/** The logs of all simulated containers, as their kubelet writes them and as the API server reads them. */
export interface ContainerLogs {
  readonly source: LogSource;
  /** A new instance of the container has started; the one before becomes `previous`, the one before that is dropped. */
  open(pod: Pod, container: string): void;
  /** The running instance has ended. Does nothing when none runs. */
  close(podUid: string, container: string, exitCode: number): void;
  forgetPod(podUid: string): void;
}

interface Instances {
  readonly current: ContainerLog;
  readonly previous: ContainerLog | undefined;
  readonly isJob: boolean;
}

export function createContainerLogs(clock: ClusterClock, speed: number, random: () => number): ContainerLogs {
  /** By uid of the pod, then by name of the container. */
  const pods = new Map<string, { readonly key: string; readonly containers: Map<string, Instances> }>();
  /** The uid of the pod that has this `namespace/name` now. */
  const uids = new Map<string, string>();

  function find(namespace: string, pod: string, container: string): Instances | undefined {
    return pods.get(uids.get(`${namespace}/${pod}`) ?? '')?.containers.get(container);
  }

  return {
    source: {
      read(namespace, pod, container, previous) {
        const instances = find(namespace, pod, container);
        return (previous ? instances?.previous : instances?.current)?.lines();
      },
      follow(namespace, pod, container, listener, ended, behindTime) {
        const instances = find(namespace, pod, container);
        // Ends in a turn of its own, so that the caller has what this returns before it hears of the end.
        return instances?.current.follow(listener, ended, behindTime) ?? clock.schedule(0, ended);
      },
    },
    open(pod, container) {
      const { uid = '', namespace = '', name } = pod.metadata;
      const key = `${namespace}/${name}`;
      uids.set(key, uid);
      const containers = pods.get(uid)?.containers ?? new Map<string, Instances>();
      pods.set(uid, { key, containers });
      const image = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].find(
        (spec) => spec.name === container,
      )?.image;
      const subject = { namespace, pod: name, podIP: pod.status?.podIP ?? '', container, image: image ?? '', random };
      const current = new ContainerLog(chooseScript(pod, subject), clock, speed);
      const before = containers.get(container)?.current;
      before?.close([]);
      containers.set(container, { current, previous: before, isJob: pod.spec.restartPolicy !== 'Always' });
    },
    close(podUid, container, exitCode) {
      const instances = pods.get(podUid)?.containers.get(container);
      const farewell = instances?.isJob === true ? [line(0, `${container}: finished`)] : [];
      instances?.current.close(exitCode === 0 ? farewell : crashLines(exitCode));
    },
    forgetPod(podUid) {
      const known = pods.get(podUid);
      if (known === undefined) return;
      for (const { current } of known.containers.values()) current.close([]);
      pods.delete(podUid);
      if (uids.get(known.key) === podUid) uids.delete(known.key);
    },
  };
}
