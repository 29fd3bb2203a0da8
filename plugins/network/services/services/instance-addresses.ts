import { jobKind, type PodObject, podKind, replicaSetKind, type WorkloadObject } from 'longshore/plugins/compute';
import { allMaybe, type ClusterReader, type KindRef, type MaybePromise, mapMaybe } from 'longshore/sdk';

/** Where a port of one instance of a workload is reached (NET-43). */
export interface InstanceAddress {
  /** Name of its pod. */
  readonly instance: string;
  readonly port: number;
  readonly protocol: string;
  /** `address:port` inside the cluster. */
  readonly privateAddress: string;
  /** `address:port` of its node that leads there; undefined in an overlay network. */
  readonly publicAddress: string | undefined;
}

/** Which of them; what is not given, or empty, lets all through. */
export interface InstanceAddressFilter {
  readonly port?: number | null | undefined;
  readonly protocol?: string | null | undefined;
  readonly instance?: string | null | undefined;
}

/** Pods that a workload makes, by itself or by what it controls. */
export function podsOfWorkload(
  reader: ClusterReader,
  { metadata }: WorkloadObject,
): MaybePromise<readonly PodObject[]> {
  const between = [replicaSetKind, jobKind].map((kind) => reader.byOwner(kind as KindRef, metadata.uid));
  return mapMaybe(allMaybe(between), (found) => {
    const owners = [metadata.uid, ...found.flat().map((owner) => owner.metadata.uid)];
    return mapMaybe(allMaybe(owners.map((uid) => reader.byOwner(podKind, uid))), (pods) => pods.flat());
  }) as MaybePromise<readonly PodObject[]>;
}

/** Addresses of the ports that these pods announce, by pod and in their order; none of one that has no address yet. Pure. */
export function instanceAddressesOf(
  pods: readonly PodObject[],
  { port, protocol, instance }: InstanceAddressFilter,
): readonly InstanceAddress[] {
  const wanted = protocol?.toUpperCase();
  return [...pods]
    .sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
    .filter(({ metadata }) => !instance || metadata.name === instance)
    .flatMap(addressesOfPod)
    .filter((row) => (!port || row.port === port) && (!wanted || row.protocol === wanted));
}

function addressesOfPod({ metadata, spec, status }: PodObject): readonly InstanceAddress[] {
  const { podIP, hostIP } = status ?? {};
  if (!podIP) return [];
  return (spec?.containers ?? []).flatMap(({ ports = [] }) =>
    ports.map(({ containerPort, protocol = 'TCP', hostPort: asked }) => {
      const outside = asked || (spec?.hostNetwork ? containerPort : undefined);
      return {
        instance: metadata.name,
        port: containerPort,
        protocol,
        privateAddress: hostPort(podIP, containerPort),
        publicAddress: outside && hostIP ? hostPort(hostIP, outside) : undefined,
      };
    }),
  );
}

/** `address:port`, as URLs have it. */
export const hostPort = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
