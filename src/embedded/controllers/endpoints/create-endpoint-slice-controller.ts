import type { ClusterObject } from '../../store/types.ts';
import type { ClusterContext } from '../cluster-context.ts';
import { type Controller, keyOf, keysByResource, ownKey, splitKey } from '../controller.ts';
import { createKindClient } from '../kind-client.ts';
import type { Node, Service } from '../kubernetes-shapes.ts';
import { createTriggerTimes } from './create-trigger-times.ts';
import { decideEndpoints } from './decide-endpoints.ts';
import { createServiceFinder, isHeadless } from './service-finder.ts';
import { createSliceWriter, managedByLabel, serviceNameLabel } from './slice-writer.ts';

const managedBy = 'endpointslice-controller.k8s.io';
const component = 'endpoint-slice-controller';
const endpointsPerSlice = 100;
export const lastChangeAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';
const headlessLabel = 'service.kubernetes.io/headless';

/** Keeps the EndpointSlices of every Service that selects pods (KEP-0752). */
export function createEndpointSliceController(context: ClusterContext): Controller {
  const { store } = context;
  const manager = 'kube-controller-manager';
  const services = createKindClient<Service>(store, manager, '', 'services');
  const nodes = createKindClient<Node>(store, manager, '', 'nodes');
  const finder = createServiceFinder(store);
  const writer = createSliceWriter(store, context.random, managedBy);
  const times = createTriggerTimes();

  function tellStrays(service: Service, names: readonly string[]): void {
    const { namespace, name } = service.metadata;
    const subject = `${namespace ?? ''}/${name}`;
    const causes = names.map((each) => `skipping Pod ${each} for Service ${subject}: Node  Not Found`);
    const why = causes.length === 1 ? causes[0] : `[${causes.join(', ')}]`;
    const message = `Error updating Endpoint Slices for Service ${subject}: ${why}`;
    context.events.record(service, { type: 'Warning', reason: 'FailedToUpdateEndpointSlices', message, component });
  }

  return {
    name: 'endpoint-slice',
    keysOf: keysByResource({
      services: ownKey,
      pods: (object, change) => finder.selecting(object, change.previous).map(keyOf),
      nodes: (object, change) => {
        const zone = (node: ClusterObject | undefined): string | undefined =>
          node?.metadata.labels?.['topology.kubernetes.io/zone'];
        const isNews = change.type !== 'MODIFIED' || zone(object) !== zone(change.previous);
        return isNews ? services.list().map(keyOf) : [];
      },
      'endpointslices.discovery.k8s.io': (object, change) => {
        // Somebody else's hand in a slice of ours is corrected.
        const { labels } = object.metadata;
        const isOurs = [labels, change.previous?.metadata.labels].some((each) => each?.[managedByLabel] === managedBy);
        const service = labels?.[serviceNameLabel];
        return isOurs && service !== undefined ? [`${object.metadata.namespace ?? ''}/${service}`] : [];
      },
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = services.get(namespace, name);
      if (service === undefined) {
        times.forget(key);
        return undefined;
      }
      const { selector, type } = service.spec;
      if (type === 'ExternalName' || selector === undefined || service.metadata.deletionTimestamp !== undefined) {
        return undefined;
      }
      const pods = context.podIndex.selectedBy(namespace, { matchLabels: selector });
      const { groups, strays } = decideEndpoints(service, pods, (node) => nodes.get(undefined, node));
      const trigger = times.next(key, service, pods);
      writer.write(
        {
          owner: service,
          labels: {
            ...service.metadata.labels,
            [serviceNameLabel]: name,
            [managedByLabel]: managedBy,
            ...(isHeadless(service) ? { [headlessLabel]: '' } : {}),
          },
          annotations: trigger === undefined ? {} : { [lastChangeAnnotation]: trigger },
          addressType: service.spec.ipFamilies?.[0] ?? 'IPv4',
        },
        groups,
        endpointsPerSlice,
      );
      if (strays.length > 0)
        tellStrays(
          service,
          strays.map(({ metadata }) => metadata.name),
        );
      return undefined;
    },
  };
}
