import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keysByResource, ownKey, splitKey } from './controller.ts';
import { createKindClient } from './kind-client.ts';
import type { Service } from './kubernetes-shapes.ts';

/** What a cloud takes to bring up a load balancer, shortened. */
const provisionMs = 2_000;
/** Addresses for documentation (RFC 5737): nobody reaches them by mistake. */
const network = '203.0.113';
const lastHost = 254;

/** Gives Services of type LoadBalancer an external address, and takes it back when they change their type. */
export function createLoadBalancerController(context: ClusterContext): Controller {
  const { store, clock, events, speed } = context;
  const services = createKindClient<Service>(store, 'cloud-controller-manager', '', 'services');
  const readyAtMs = new Map<string, number>();

  function freeAddress(): string | undefined {
    const taken = new Set(services.list().map(addressOf));
    for (let host = 1; host <= lastHost; host += 1) {
      if (!taken.has(`${network}.${host}`)) return `${network}.${host}`;
    }
    return undefined;
  }

  function tell(service: Service, reason: string, message: string): void {
    events.record(service, { type: 'Normal', reason, message, component: 'service-controller' });
  }

  return {
    name: 'load-balancer',
    keysOf: keysByResource({ services: ownKey }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = services.get(namespace, name);
      const wants = service?.spec.type === 'LoadBalancer' && service.metadata.deletionTimestamp === undefined;
      if (!wants) {
        readyAtMs.delete(key);
        if (service !== undefined && addressOf(service) !== undefined) {
          services.updateStatus(service, { ...service.status, loadBalancer: {} });
        }
        return undefined;
      }
      if (addressOf(service) !== undefined) return undefined;
      const now = clock.now();
      const at = readyAtMs.get(key);
      if (at === undefined) {
        readyAtMs.set(key, now + provisionMs / speed);
        tell(service, 'EnsuringLoadBalancer', 'Ensuring load balancer');
        return provisionMs / speed;
      }
      if (at > now) return at - now;
      const ip = freeAddress();
      if (ip === undefined) return provisionMs;
      services.updateStatus(service, { ...service.status, loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } });
      tell(service, 'EnsuredLoadBalancer', 'Ensured load balancer');
      return undefined;
    },
  };
}

function addressOf(service: Service): string | undefined {
  return service.status?.loadBalancer?.ingress?.[0]?.ip;
}
