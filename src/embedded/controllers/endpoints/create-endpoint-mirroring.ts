import type { ClusterObject } from '../../store/types.ts';
import type { ClusterContext } from '../cluster-context.ts';
import { type Controller, keysByResource, ownKey, splitKey } from '../controller.ts';
import { createKindClient } from '../kind-client.ts';
import type { Service } from '../kubernetes-shapes.ts';
import { lastChangeAnnotation } from './create-endpoint-slice-controller.ts';
import type { Endpoint, EndpointGroup, EndpointPort } from './decide-endpoints.ts';
import type { EndpointAddress, EndpointSubset } from './decide-subsets.ts';
import { createSliceWriter, managedByLabel, serviceNameLabel } from './slice-writer.ts';

const managedBy = 'endpointslicemirroring-controller.k8s.io';
const skipLabel = 'endpointslice.kubernetes.io/skip-mirror';
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader';
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const addressesPerSubset = 1_000;

interface Endpoints extends ClusterObject {
  readonly subsets?: readonly EndpointSubset[];
}

/** Mirrors Endpoints that somebody wrote by hand, for a Service without selector, into EndpointSlices. */
export function createEndpointMirroring(context: ClusterContext): Controller {
  const { store } = context;
  const manager = 'kube-controller-manager';
  const services = createKindClient<Service>(store, manager, '', 'services');
  const endpoints = createKindClient<Endpoints>(store, manager, '', 'endpoints');
  const writer = createSliceWriter(store, context.random, managedBy);

  return {
    name: 'endpoint-slice-mirroring',
    keysOf: keysByResource({ services: ownKey, endpoints: ownKey }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = services.get(namespace, name);
      const source = endpoints.get(namespace, name);
      const isMirrored =
        service !== undefined &&
        service.spec.selector === undefined &&
        source !== undefined &&
        source.metadata.labels?.[skipLabel] !== 'true' &&
        source.metadata.annotations?.[leaderAnnotation] === undefined &&
        source.metadata.deletionTimestamp === undefined;
      const groups = isMirrored ? groupsOf(source) : [];
      if (!isMirrored || groups.length === 0) {
        writer.clear(namespace, name);
        return undefined;
      }
      const { [lastChangeAnnotation]: _, [lastApplied]: __, ...annotations } = source.metadata.annotations ?? {};
      const labels = { ...source.metadata.labels, [serviceNameLabel]: name, [managedByLabel]: managedBy };
      for (const addressType of ['IPv4', 'IPv6']) {
        const own = groups
          .map((group) => ({ ...group, endpoints: group.endpoints.filter((each) => typeOf(each) === addressType) }))
          .filter((group) => group.endpoints.length > 0);
        if (own.length > 0) writer.write({ owner: source, labels, annotations, addressType }, own, addressesPerSubset);
      }
      return undefined;
    },
  };
}

function groupsOf({ subsets }: Endpoints): EndpointGroup[] {
  return (subsets ?? []).map(({ addresses, notReadyAddresses, ports }) => ({
    ports: ((ports ?? []) as readonly Partial<EndpointPort>[]).map(({ name, port, protocol, appProtocol }) => ({
      name: name ?? '',
      protocol: protocol ?? 'TCP',
      port: port ?? 0,
      ...(appProtocol === undefined ? {} : { appProtocol }),
    })),
    endpoints: [
      ...(addresses ?? []).map((address) => toEndpoint(address, true)),
      ...(notReadyAddresses ?? []).map((address) => toEndpoint(address, false)),
    ].slice(0, addressesPerSubset),
  }));
}

function toEndpoint({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname === undefined ? {} : { hostname }),
    ...(targetRef === undefined ? {} : { targetRef }),
    ...(nodeName === undefined ? {} : { nodeName }),
  };
}

function typeOf({ addresses }: Endpoint): string {
  return addresses[0]?.includes(':') === true ? 'IPv6' : 'IPv4';
}
