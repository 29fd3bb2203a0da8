import type { V1EndpointSlice } from '@kubernetes/client-node';
import type { ServiceObject } from 'longshore/plugins/compute';
import { type ClusterReader, type KubeObject, type MaybePromise, mapMaybe } from 'longshore/sdk';
import { endpointSliceKind } from '../../api.ts';

type EndpointSlice = KubeObject<V1EndpointSlice>;

export const endpointSliceIndexes = {
  service({ metadata }: EndpointSlice): readonly string[] {
    const service = metadata.labels?.['kubernetes.io/service-name'];
    return service ? [`${metadata.namespace}/${service}`] : [];
  },
};

export interface EndpointPort {
  readonly name: string | undefined;
  readonly protocol: string;
  /** Undefined where it means all ports. */
  readonly port: number | undefined;
}

/** Where a Service sends traffic, as its controller says (discovery.k8s.io/v1). */
export interface ServiceEndpoint {
  readonly cluster: string;
  readonly namespace: string;
  readonly addresses: readonly string[];
  readonly hostname: string | undefined;
  readonly isReady: boolean;
  readonly isServing: boolean;
  readonly isTerminating: boolean;
  readonly nodeName: string | undefined;
  readonly zone: string | undefined;
  /** Name of the pod; undefined where it is something else. */
  readonly pod: string | undefined;
  readonly ports: readonly EndpointPort[];
}

/** Most that are told of one Service. */
const most = 1_000;

/** Endpoints of a Service in the order of their addresses; those of a dual-stack one once for each family. */
export function endpointsOfService(
  reader: ClusterReader,
  { metadata }: ServiceObject,
): MaybePromise<readonly ServiceEndpoint[]> {
  const key = `${metadata.namespace}/${metadata.name}`;
  return mapMaybe(reader.byIndex(endpointSliceKind, 'service', key), (slices) =>
    slices
      .flatMap((slice) => endpointsOfSlice(reader.cluster, slice))
      .sort((one, other) => compare(one.pod ?? '', other.pod ?? '') || compare(firstOf(one), firstOf(other)))
      .slice(0, most),
  );
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
const firstOf = ({ addresses }: ServiceEndpoint): string => addresses[0] ?? '';

function endpointsOfSlice(cluster: string, { metadata, endpoints, ports }: EndpointSlice): readonly ServiceEndpoint[] {
  const told = (ports ?? []).map(({ name, protocol, port }) => ({
    name: name || undefined,
    protocol: protocol ?? 'TCP',
    port: port ?? undefined,
  }));
  return (endpoints ?? []).map(({ addresses, conditions, hostname, nodeName, zone, targetRef }) => {
    // What is not said counts as ready (discovery.k8s.io/v1).
    const isReady = conditions?.ready ?? true;
    return {
      cluster,
      namespace: metadata.namespace ?? '',
      addresses: [...addresses],
      hostname: hostname || undefined,
      isReady,
      isServing: conditions?.serving ?? isReady,
      isTerminating: conditions?.terminating ?? false,
      nodeName: nodeName || undefined,
      zone: zone || undefined,
      pod: targetRef?.kind === 'Pod' ? targetRef.name : undefined,
      ports: told,
    };
  });
}
