import { asObject, asString, readPath } from '../machinery/json.ts';
import type { ClusterClock, ClusterObject, ClusterStore, LogSource } from '../store/types.ts';
import { attachSession } from './attach-session.ts';
import { buildEnvironment, hostnameOf } from './build-environment.ts';
import type { ContainerSession, ContainerSessions, SessionTarget } from './container-session.ts';
import { execSession } from './exec-session.ts';
import { buildRoot } from './files/build-root.ts';
import type { FileTree } from './files/file-tree.ts';
import { createSharedVolumes } from './files/shared-volumes.ts';
import { findRunningContainer, type RunningContainer } from './pod-view.ts';
import { createProcessTable, type ProcessTable } from './process.ts';
import { programNames } from './programs/find-program.ts';

/** One run of a container: its files and processes, made when somebody first looks inside. */
export interface ContainerInstance {
  readonly container: RunningContainer;
  readonly files: FileTree;
  readonly processes: ProcessTable;
  readonly environment: ReadonlyMap<string, string>;
  readonly hostname: string;
  readonly userId: number;
  readonly workingDirectory: string;
  /** How to end what runs in it now. */
  readonly kills: Set<() => void>;
}

export interface SessionsOptions {
  readonly store: ClusterStore;
  readonly clock: ClusterClock;
  readonly logs: LogSource;
}

/**
 * Processes inside simulated containers. Which containers run is read from the pods' status alone, so whoever writes
 * that decides: a container that ends there ends its sessions with 137.
 */
export function createContainerSessions({ store, clock, logs }: SessionsOptions): ContainerSessions {
  const pods = store.resource('', 'pods');
  const shared = createSharedVolumes(() => clock.now());
  /** By uid of the pod, then by name of the container. */
  const instances = new Map<string, Map<string, ContainerInstance>>();

  function running({ namespace, pod, container }: SessionTarget): RunningContainer | undefined {
    const found = store.get(pods, namespace, pod);
    return found === undefined ? undefined : findRunningContainer(found, container);
  }

  function instanceOf(container: RunningContainer): ContainerInstance {
    const uid = container.pod.metadata.uid ?? '';
    const ofPod = instances.get(uid) ?? new Map<string, ContainerInstance>();
    instances.set(uid, ofPod);
    const known = ofPod.get(container.name);
    if (known !== undefined && known.container.containerId === container.containerId) return known;
    if (known !== undefined) endInstance(known);
    const { pod, spec } = container;
    const environment = buildEnvironment(store, pod, spec);
    const site = { store, pod, container: spec, environment, shared, nowMs: clock.now() };
    const processes = createProcessTable(clock);
    processes.add(mainCommand(container), undefined);
    const made: ContainerInstance = {
      container,
      files: buildRoot(site, programNames, () => clock.now()),
      processes,
      environment,
      hostname: hostnameOf(pod),
      userId: userOf(pod, container),
      workingDirectory: asString(spec.workingDir) ?? '/',
      kills: new Set(),
    };
    ofPod.set(container.name, made);
    return made;
  }

  function endInstance(instance: ContainerInstance): void {
    for (const kill of [...instance.kills]) kill();
  }

  /** Ends what no longer runs by the pod's new status. */
  function observe(pod: ClusterObject, isGone: boolean): void {
    const uid = pod.metadata.uid ?? '';
    const ofPod = instances.get(uid);
    if (ofPod !== undefined) {
      for (const [name, instance] of ofPod) {
        const now = isGone ? undefined : findRunningContainer(pod, name);
        if (now?.containerId === instance.container.containerId) continue;
        endInstance(instance);
        ofPod.delete(name);
      }
      if (isGone) instances.delete(uid);
    }
    if (isGone) shared.forgetPod(uid);
  }

  const unsubscribe = store.onChange((change, resource) => {
    if (resource.group !== '') return;
    const isGone = change.type === 'DELETED';
    if (resource.plural === 'pods') observe(change.object, isGone);
    if (isGone && resource.plural === 'persistentvolumeclaims') {
      shared.forgetClaim(change.object.metadata.namespace ?? '', change.object.metadata.name);
    }
  });

  return {
    isRunning: (target) => running(target) !== undefined,
    exec(request, output) {
      const container = running(request);
      if (container === undefined) return failed(`container not found (${JSON.stringify(request.container)})`);
      return execSession(instanceOf(container), clock, request, output);
    },
    attach(request, output) {
      const container = running(request);
      if (container === undefined) return failed(`container ${request.container} not found in pod ${request.pod}`);
      return attachSession(instanceOf(container), { clock, logs, request, output });
    },
    usedBytesOf: shared.usedBytesOf,
    stop() {
      unsubscribe();
      for (const ofPod of instances.values()) for (const instance of ofPod.values()) endInstance(instance);
      instances.clear();
    },
  };
}

function failed(failure: string): ContainerSession {
  return {
    end: Promise.resolve({ failure }),
    input: () => Promise.resolve(),
    endInput: () => undefined,
    resize: () => undefined,
    hangUp: () => undefined,
  };
}

/** What the container's own process is called: its command, else what the image's name suggests. */
function mainCommand({ spec }: RunningContainer): string {
  const words = [spec.command, spec.args].flatMap((list) => (Array.isArray(list) ? list.map(String) : []));
  if (words.length > 0) return words.join(' ');
  const image = (asString(spec.image) ?? '').split('/').at(-1) ?? '';
  return image.replace(/[:@].*$/, '') || 'main';
}

function userOf(pod: ClusterObject, { spec }: RunningContainer): number {
  const user = asObject(spec.securityContext)?.runAsUser ?? readPath(pod, 'spec', 'securityContext', 'runAsUser');
  return typeof user === 'number' ? user : 0;
}
