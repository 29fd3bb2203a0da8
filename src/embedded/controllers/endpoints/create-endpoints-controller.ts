import { isEqualJson } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { ClusterContext } from '../cluster-context.ts';
import { type Controller, keyOf, keysByResource, ownKey, splitKey } from '../controller.ts';
import { isNamespaceEnding } from '../is-namespace-ending.ts';
import { createKindClient } from '../kind-client.ts';
import type { Service } from '../kubernetes-shapes.ts';
import { lastChangeAnnotation } from './create-endpoint-slice-controller.ts';
import { createTriggerTimes } from './create-trigger-times.ts';
import { isBackend } from './decide-endpoints.ts';
import { decideSubsets, truncateSubsets } from './decide-subsets.ts';
import { createServiceFinder, isHeadless } from './service-finder.ts';

const managedBy = 'endpoints.kubernetes.io/managed-by';
const managerName = 'endpoint-controller';
const headlessLabel = 'service.kubernetes.io/headless';
const overCapacity = 'endpoints.kubernetes.io/over-capacity';
const addressLimit = 1_000;

/** Keeps the older Endpoints object of every Service that selects pods. */
export function createEndpointsController(context: ClusterContext): Controller {
  const { store } = context;
  const manager = 'kube-controller-manager';
  const services = createKindClient<Service>(store, manager, '', 'services');
  const endpoints = createKindClient<ClusterObject>(store, manager, '', 'endpoints');
  const finder = createServiceFinder(store);
  const times = createTriggerTimes();

  function write(key: string, service: Service): void {
    const { namespace, name } = service.metadata;
    const pods = context.podIndex.selectedBy(namespace, { matchLabels: service.spec.selector ?? {} });
    // An address without a node is not valid in Endpoints; the object waits until all its pods have one.
    if (pods.some((pod) => isBackend(pod) && (pod.spec.nodeName ?? '') === '')) return;
    const { subsets, isTruncated } = truncateSubsets(decideSubsets(service, pods), addressLimit);
    const labels = {
      ...service.metadata.labels,
      ...(isHeadless(service) ? { [headlessLabel]: '' } : {}),
      [managedBy]: managerName,
    };
    const trigger = times.next(key, service, pods);
    const known = endpoints.get(namespace, name);
    const { [lastChangeAnnotation]: _, [overCapacity]: __, ...kept } = known?.metadata.annotations ?? {};
    const isSame = isEqualJson(known?.subsets ?? [], subsets) && isEqualJson(known?.metadata.labels ?? {}, labels);
    if (known !== undefined && isSame) return;
    const annotations = {
      ...kept,
      ...(trigger === undefined ? {} : { [lastChangeAnnotation]: trigger }),
      ...(isTruncated ? { [overCapacity]: 'truncated' } : {}),
    };
    const content = subsets.length === 0 ? {} : { subsets };
    if (known === undefined) {
      const metadata = { name, namespace, labels, annotations };
      endpoints.create({ apiVersion: 'v1', kind: 'Endpoints', metadata, ...content });
      return;
    }
    const { subsets: ___, ...head } = known;
    endpoints.update({ ...head, metadata: { ...known.metadata, labels, annotations }, ...content });
  }

  return {
    name: 'endpoints',
    keysOf: keysByResource({
      services: ownKey,
      pods: (object, change) => finder.selecting(object, change.previous).map(keyOf),
      endpoints: (object) => (object.metadata.labels?.[managedBy] === managerName ? [keyOf(object)] : []),
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = services.get(namespace, name);
      if (service === undefined) {
        times.forget(key);
        // Endpoints have no owner; they share their Service's name.
        const left = endpoints.get(namespace, name);
        if (left?.metadata.labels?.[managedBy] === managerName) endpoints.delete(left);
        return undefined;
      }
      if (service.spec.type === 'ExternalName' || service.spec.selector === undefined) return undefined;
      try {
        write(key, service);
      } catch (cause) {
        if (!isNamespaceEnding(cause)) throw cause;
      }
      return undefined;
    },
  };
}
