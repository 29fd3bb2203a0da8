import type { KindClient } from '../../controllers/kind-client.ts';
import type { BareMetalHost, DevMachine } from './kinds.ts';
import { isDeleting } from './metadata.ts';

/** The hosts that machines may be in the place of simulated ones, as Cluster API's provider for Metal³ chooses them. */
export interface HostPool {
  needsHost(dev: DevMachine): boolean;
  /** Takes an available host of its labels; false where there is none. A machine that asks for none needs none. */
  take(dev: DevMachine): boolean;
  /** Gives its host back, which is cleaned then. */
  release(dev: DevMachine): void;
}

export function createHostPool(hosts: KindClient<BareMetalHost>): HostPool {
  const labelsOf = (dev: DevMachine) => Object.entries(dev.spec.backend?.inMemory?.vm?.hostSelector?.matchLabels ?? {});
  const isOf = ({ spec }: BareMetalHost, { kind, metadata }: DevMachine): boolean =>
    spec.consumerRef?.kind === kind && spec.consumerRef.name === metadata.name;
  const hostOf = (dev: DevMachine): BareMetalHost | undefined =>
    hosts.list(dev.metadata.namespace).find((host) => isOf(host, dev));
  return {
    needsHost: (dev) => labelsOf(dev).length > 0,
    take(dev) {
      const labels = labelsOf(dev);
      if (labels.length === 0 || hostOf(dev)) return true;
      const free = hosts
        .list(dev.metadata.namespace)
        .find(
          (host) =>
            host.spec.consumerRef === undefined &&
            !isDeleting(host) &&
            host.status?.provisioning?.state === 'available' &&
            labels.every(([key, value]) => host.metadata.labels?.[key] === value),
        );
      if (!free) return false;
      const { apiVersion, kind, metadata } = dev;
      const consumerRef = { apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? '' };
      hosts.update({ ...free, spec: { ...free.spec, online: true, consumerRef } });
      return true;
    },
    release(dev) {
      const host = hostOf(dev);
      if (!host) return;
      const { consumerRef: _consumer, ...spec } = host.spec;
      hosts.update({ ...host, spec: { ...spec, online: false } });
    },
  };
}
