import { asList, asObject, asObjectList, asString, ensureObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import type { Draft } from '../resource-strategy.ts';
import { allocateService } from '../service/allocate-service.ts';
import { dropOfOtherType, followClusterAddress, keepAllocated } from '../service/carry-over-service.ts';
import { isExternallyAccessible } from '../service/service-kinds.ts';
import { validateService, validateServiceUpdate } from '../service/validate-service.ts';
import { serviceTable } from '../tables/service-table.ts';

const defaultAffinitySeconds = 10_800;

export const services = defineResource(
  {
    group: '',
    version: 'v1',
    kind: 'Service',
    plural: 'services',
    shortNames: ['svc'],
    categories: ['all'],
    subresources: ['status', 'proxy'],
  },
  {
    returnsDeleted: true,
    // A service may be named like a pod since its name became a plain label.
    nameRule: 'dns-label',
    createsOnUpdate: true,
    setDefaults: defaultService,
    prepareForCreate(draft) {
      draft.status = { loadBalancer: {} };
      const spec = ensureObject(draft, 'spec');
      if ((spec.clusterIP ?? '') !== '' && asList(spec.clusterIPs).length === 0) spec.clusterIPs = [spec.clusterIP];
    },
    prepareForUpdate(draft, current) {
      const spec = ensureObject(draft, 'spec');
      const before = asObject(current.spec) ?? {};
      followClusterAddress(spec, before);
      keepAllocated(spec, before);
      dropOfOtherType(spec, before);
      if (spec.type !== 'LoadBalancer') draft.status = { ...asObject(draft.status), loadBalancer: {} };
    },
    allocate: allocateService,
    validate: (draft, errors) => validateService(asObject(draft.spec) ?? {}, errors),
    validateUpdate: (draft, current, errors) => validateServiceUpdate(asObject(draft.spec) ?? {}, current, errors),
    selectableFields: {
      'spec.clusterIP': (service) => asString(asObject(service.spec)?.clusterIP) ?? '',
      'spec.type': (service) => asString(asObject(service.spec)?.type) ?? '',
    },
    table: serviceTable,
  },
);

function defaultService(draft: Draft): void {
  const spec = ensureObject(draft, 'spec');
  setDefault(spec, 'sessionAffinity', 'None');
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'ClientIP') {
    const config = ensureObject(ensureObject(spec, 'sessionAffinityConfig'), 'clientIP');
    setDefault(config, 'timeoutSeconds', defaultAffinitySeconds);
  }
  setDefault(spec, 'type', 'ClusterIP');
  for (const port of asObjectList(spec.ports)) {
    setDefault(port, 'protocol', 'TCP');
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port;
    if (port.nodePort === 0) delete port.nodePort;
  }
  if (isExternallyAccessible(spec)) setDefault(spec, 'externalTrafficPolicy', 'Cluster');
  if (['ClusterIP', 'NodePort', 'LoadBalancer'].includes(String(spec.type))) {
    setDefault(spec, 'internalTrafficPolicy', 'Cluster');
  }
  if (spec.type === 'LoadBalancer') setDefault(spec, 'allocateLoadBalancerNodePorts', true);
}
