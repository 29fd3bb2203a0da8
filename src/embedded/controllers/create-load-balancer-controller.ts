import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keysByResource, ownKey, splitKey } from './controller.ts';
import { createKindClient } from './kind-client.ts';
import type { Service } from './kubernetes-shapes.ts';

/** What a cloud takes to bring up a load balancer, shortened. */
const provisionMs = 2_000;
/** Addresses for documentation (RFC 5737): nobody reaches them by mistake. */
const network = '203.0.113';
const lastHost = 254;
const component = 'service-controller';
const cleanup = 'service.kubernetes.io/load-balancer-cleanup';
const retryMs = 30_000;

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
    events.record(service, { type: 'Normal', reason, message, component });
  }

  function setFinalizer(service: Service, isWanted: boolean): Service {
    const rest = (service.metadata.finalizers ?? []).filter((name) => name !== cleanup);
    const finalizers = isWanted ? [...rest, cleanup] : rest;
    if (finalizers.length === (service.metadata.finalizers ?? []).length) return service;
    return services.update({ ...service, metadata: { ...service.metadata, finalizers } });
  }

  /** What was built for the Service is taken down before it may go, or be of another type. */
  function tearDown(service: Service): void {
    if (!(service.metadata.finalizers ?? []).includes(cleanup)) return;
    tell(service, 'DeletingLoadBalancer', 'Deleting load balancer');
    const bare = addressOf(service) === undefined ? service : clearStatus(service);
    tell(service, 'DeletedLoadBalancer', 'Deleted load balancer');
    setFinalizer(bare, false);
  }

  function clearStatus(service: Service): Service {
    return services.updateStatus(service, { ...service.status, loadBalancer: {} });
  }

  function setUp(key: string, service: Service): number | undefined {
    if (addressOf(service) !== undefined) {
      setFinalizer(service, true);
      return undefined;
    }
    const now = clock.now();
    const at = readyAtMs.get(key);
    if (at === undefined) {
      readyAtMs.set(key, now + provisionMs / speed);
      tell(service, 'EnsuringLoadBalancer', 'Ensuring load balancer');
      setFinalizer(service, true);
      return provisionMs / speed;
    }
    if (at > now) return at - now;
    const asked = service.spec.loadBalancerIP;
    const ip = asked !== undefined && asked !== '' ? asked : freeAddress();
    if (ip === undefined) {
      const message = 'Error syncing load balancer: failed to ensure load balancer: no free address';
      events.record(service, { type: 'Warning', reason: 'SyncLoadBalancerFailed', message, component });
      return retryMs;
    }
    services.updateStatus(service, { ...service.status, loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } });
    tell(service, 'EnsuredLoadBalancer', 'Ensured load balancer');
    return undefined;
  }

  return {
    name: 'load-balancer',
    keysOf: keysByResource({ services: ownKey }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = services.get(namespace, name);
      const { type, loadBalancerClass } = service?.spec ?? {};
      // A class of its own is somebody else's to serve.
      const isOurs = type === 'LoadBalancer' && (loadBalancerClass ?? '') === '';
      if (service !== undefined && isOurs && service.metadata.deletionTimestamp === undefined) {
        return setUp(key, service);
      }
      readyAtMs.delete(key);
      if (service !== undefined) tearDown(service);
      return undefined;
    },
  };
}

function addressOf(service: Service): string | undefined {
  return service.status?.loadBalancer?.ingress?.[0]?.ip;
}
