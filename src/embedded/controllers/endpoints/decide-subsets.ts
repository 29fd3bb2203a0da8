import type { Pod, Service } from '../kubernetes-shapes.ts';
import { isReady } from '../pod-state.ts';
import {
  addressOf,
  byName,
  type EndpointPort,
  hostnameOf,
  isBackend,
  podReference,
  portFinder,
} from './decide-endpoints.ts';

export interface EndpointAddress {
  readonly ip: string;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef?: object;
}

export interface EndpointSubset {
  readonly addresses?: readonly EndpointAddress[];
  readonly notReadyAddresses?: readonly EndpointAddress[];
  readonly ports?: readonly object[];
}

/**
 * The content of core/v1 Endpoints: addresses that listen on the same ports, ready and not. Pods that are terminating are
 * left out unless the Service publishes what is not ready.
 */
export function decideSubsets(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  const isPatient = service.spec.publishNotReadyAddresses === true;
  const backends = byName(pods).filter(
    (pod) => isBackend(pod) && (isPatient || pod.metadata.deletionTimestamp === undefined),
  );
  const portsOfPod = portFinder(service);
  const hasPorts = (service.spec.ports ?? []).length > 0;
  const withPorts = backends
    .map((pod) => ({ pod, ...portsOfPod(pod) }))
    .filter(({ ports }) => ports.length > 0 || !hasPorts);
  const groups = Map.groupBy(withPorts, ({ key }) => key);
  return [...groups.values()].map((members) => {
    const isUp = (pod: Pod): boolean => isPatient || isReady(pod);
    const pick = (wanted: boolean): EndpointAddress[] =>
      members
        .filter(({ pod }) => isUp(pod) === wanted)
        .map(({ pod }) => toAddress(service, pod))
        .sort((left, right) => (left.ip < right.ip ? -1 : 1));
    const [ready, unready] = [pick(true), pick(false)];
    const ports = (members[0]?.ports ?? []).map(printPort);
    return {
      ...(ready.length === 0 ? {} : { addresses: ready }),
      ...(unready.length === 0 ? {} : { notReadyAddresses: unready }),
      ...(ports.length === 0 ? {} : { ports }),
    };
  });
}

/** At most so many addresses, ready ones first; whether some were left out. */
export function truncateSubsets(
  subsets: readonly EndpointSubset[],
  limit: number,
): { readonly subsets: readonly EndpointSubset[]; readonly isTruncated: boolean } {
  const count = subsets.reduce(
    (sum, { addresses = [], notReadyAddresses = [] }) => sum + addresses.length + notReadyAddresses.length,
    0,
  );
  if (count <= limit) return { subsets, isTruncated: false };
  let left = limit;
  const take = <T>(list: readonly T[] = []): T[] => {
    const taken = list.slice(0, left);
    left -= taken.length;
    return taken;
  };
  const ready = subsets.map(({ addresses }) => take(addresses));
  const cut = subsets.map((subset, at) => {
    const { addresses: _, notReadyAddresses, ...rest } = subset;
    const up = ready[at] ?? [];
    const down = take(notReadyAddresses);
    return {
      ...rest,
      ...(up.length === 0 ? {} : { addresses: up }),
      ...(down.length === 0 ? {} : { notReadyAddresses: down }),
    };
  });
  const isFilled = ({ addresses, notReadyAddresses }: EndpointSubset): boolean =>
    addresses !== undefined || notReadyAddresses !== undefined;
  return { subsets: cut.filter(isFilled), isTruncated: true };
}

function toAddress(service: Service, pod: Pod): EndpointAddress {
  const hostname = hostnameOf(service, pod);
  const { nodeName } = pod.spec;
  return {
    ip: addressOf(pod) ?? '',
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef: podReference(pod),
  };
}

function printPort({ name, ...port }: EndpointPort): object {
  return name === '' ? port : { name, ...port };
}
