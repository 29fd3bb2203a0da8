import type { ClusterObject } from '../store/types.ts';
import { canonicalJson } from './canonical-json.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keyOf, keysByResource, ownKey, splitKey } from './controller.ts';
import { decideEndpoints, type Endpoint, type ServiceEndpoints } from './decide-endpoints.ts';
import { createKindClient } from './kind-client.ts';
import type { Node, Pod, Service } from './kubernetes-shapes.ts';
import { matchesLabels } from './matches-selector.ts';
import { controllerReference } from './owner-reference.ts';
import { randomSuffix } from './random-suffix.ts';

const managedBy = 'endpointslice-controller.k8s.io';
const serviceLabel = 'kubernetes.io/service-name';

/** Keeps the EndpointSlice, and the older Endpoints object, of every Service that selects pods. */
export function createEndpointController(context: ClusterContext): Controller {
  const { store } = context;
  const manager = 'kube-controller-manager';
  const services = createKindClient<Service>(store, manager, '', 'services');
  const pods = createKindClient<Pod>(store, manager, '', 'pods');
  const nodes = createKindClient<Node>(store, manager, '', 'nodes');
  const slices = createKindClient<ClusterObject>(store, manager, 'discovery.k8s.io', 'endpointslices');
  const endpoints = createKindClient<ClusterObject>(store, manager, '', 'endpoints');

  function ownSlices(service: Service): ClusterObject[] {
    return slices
      .list(service.metadata.namespace)
      .filter(({ metadata }) => metadata.labels?.[serviceLabel] === service.metadata.name)
      .filter(({ metadata }) => metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === managedBy);
  }

  function writeSlice(service: Service, decided: ServiceEndpoints): void {
    const [slice, ...surplus] = ownSlices(service);
    for (const extra of surplus) slices.delete(extra);
    const isHeadless = service.spec.clusterIP === 'None';
    const labels = {
      ...service.metadata.labels,
      [serviceLabel]: service.metadata.name,
      'endpointslice.kubernetes.io/managed-by': managedBy,
      ...(isHeadless ? { 'service.kubernetes.io/headless': '' } : {}),
    };
    const content = { addressType: 'IPv4', endpoints: decided.endpoints, ports: decided.ports };
    if (slice === undefined) {
      const generateName = `${service.metadata.name}-`;
      slices.create({
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: {
          name: `${generateName}${randomSuffix(context.random)}`,
          generateName,
          namespace: service.metadata.namespace,
          labels,
          ownerReferences: [controllerReference(service)],
        },
        ...content,
      });
      return;
    }
    const next = { ...slice, metadata: { ...slice.metadata, labels }, ...content };
    if (canonicalJson(next) !== canonicalJson(slice)) slices.update(next);
  }

  function writeEndpoints(service: Service, decided: ServiceEndpoints): void {
    const { namespace, name } = service.metadata;
    const isHeadless = service.spec.clusterIP === 'None';
    const labels = {
      ...service.metadata.labels,
      'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
      ...(isHeadless ? { 'service.kubernetes.io/headless': '' } : {}),
    };
    const subsets = subsetsOf(decided);
    const known = endpoints.get(namespace, name);
    if (known === undefined) {
      endpoints.create({ apiVersion: 'v1', kind: 'Endpoints', metadata: { name, namespace, labels }, subsets });
      return;
    }
    const next = { ...known, metadata: { ...known.metadata, labels }, subsets };
    if (canonicalJson(next) !== canonicalJson({ ...known, subsets: known.subsets ?? [] })) endpoints.update(next);
  }

  return {
    name: 'endpoints',
    keysOf: keysByResource({
      services: ownKey,
      pods: (object, change) =>
        services
          .list(object.metadata.namespace)
          .filter(({ spec }) => spec.selector !== undefined)
          .filter(({ spec }) =>
            [object, change.previous].some(
              (pod) => pod !== undefined && matchesLabels(spec.selector ?? {}, pod.metadata.labels),
            ),
          )
          .map(keyOf),
      'endpointslices.discovery.k8s.io': (object, change) => {
        const service = object.metadata.labels?.[serviceLabel];
        return change.type === 'DELETED' && service !== undefined
          ? [`${object.metadata.namespace ?? ''}/${service}`]
          : [];
      },
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = services.get(namespace, name);
      if (service === undefined) {
        // The slice goes with its owner; the Endpoints object has none and shares the Service's name.
        const left = endpoints.get(namespace, name);
        const isOurs = left?.metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller';
        if (left !== undefined && isOurs && left.metadata.deletionTimestamp === undefined) endpoints.delete(left);
        return undefined;
      }
      if (service.metadata.deletionTimestamp !== undefined || service.spec.type === 'ExternalName') return undefined;
      // Without a selector the endpoints are somebody else's to write.
      if (Object.keys(service.spec.selector ?? {}).length === 0) return undefined;
      const decided = decideEndpoints(service, pods.list(namespace), nodes.list());
      writeSlice(service, decided);
      writeEndpoints(service, decided);
      return undefined;
    },
  };
}

/** The shape of core/v1 Endpoints: ready and unready addresses over the same ports. Terminating pods are left out. */
function subsetsOf({ endpoints, ports }: ServiceEndpoints): object[] {
  const present = endpoints.filter(({ conditions }) => !conditions.terminating);
  if (present.length === 0 || ports.length === 0) return [];
  const addresses = present.filter(({ conditions }) => conditions.ready).map(addressOf);
  const notReadyAddresses = present.filter(({ conditions }) => !conditions.ready).map(addressOf);
  return [
    {
      ...(addresses.length === 0 ? {} : { addresses }),
      ...(notReadyAddresses.length === 0 ? {} : { notReadyAddresses }),
      ports: ports.map(({ name, ...port }) => (name === '' ? port : { name, ...port })),
    },
  ];
}

function addressOf({ addresses, nodeName, hostname, targetRef }: Endpoint): object {
  return {
    ip: addresses[0],
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef,
  };
}
