import type { PodObject } from '../api.ts';

type PodSpec = NonNullable<PodObject['spec']>;
type PodStatus = NonNullable<PodObject['status']>;

export type ContainerSpec = PodSpec['containers'][number];
export type ContainerStatus = NonNullable<PodStatus['containerStatuses']>[number];
export type ContainerState = NonNullable<ContainerStatus['state']>;

/** A container as its pod describes it, with what the kubelet last said about it. */
export interface ContainerView {
  readonly spec: ContainerSpec;
  /** Undefined until the kubelet has seen the pod. */
  readonly status: ContainerStatus | undefined;
  /** An init container that goes on running beside the main ones. */
  readonly isSidecar: boolean;
  /** Those of its pod or template: some speak of containers. */
  readonly annotations: Readonly<Record<string, string>> | undefined;
}

export function containersOf(pod: PodObject): ContainerView[] {
  return join(pod, pod.spec?.containers, pod.status?.containerStatuses, false);
}

/** In the order in which they run, sidecars among them. */
export function initContainersOf(pod: PodObject): ContainerView[] {
  return join(pod, pod.spec?.initContainers, pod.status?.initContainerStatuses, true);
}

/** Containers added to the running pod for debugging. */
export function ephemeralContainersOf(pod: PodObject): ContainerView[] {
  return join(pod, pod.spec?.ephemeralContainers, pod.status?.ephemeralContainerStatuses, false);
}

/** Names of everything in the pod that may have logs, main containers first. */
export function containerNamesOf(pod: PodObject): string[] {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = pod.spec ?? {};
  return [...containers, ...initContainers, ...ephemeralContainers].map((container) => container.name);
}

/** The container kubectl takes where none is named: the annotated one, else the first. */
export function defaultContainerOf(pod: PodObject): string | undefined {
  const named = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  const names = containerNamesOf(pod);
  return named !== undefined && names.includes(named) ? named : names[0];
}

function join(
  { metadata: { annotations } }: PodObject,
  specs: readonly ContainerSpec[] | undefined,
  statuses: readonly ContainerStatus[] | undefined,
  areInit: boolean,
): ContainerView[] {
  const byName = new Map((statuses ?? []).map((status) => [status.name, status]));
  return (specs ?? []).map((spec) => ({
    spec,
    status: byName.get(spec.name),
    isSidecar: areInit && spec.restartPolicy === 'Always',
    annotations,
  }));
}
