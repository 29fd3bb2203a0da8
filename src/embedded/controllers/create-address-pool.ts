/** Pod addresses of all nodes: each node hands out those of its own network, the lowest free one first. */
export interface AddressPool {
  /** An address of the network (`10.244.1.0/24`), or undefined when all of them are taken. */
  take(podCIDR: string): string | undefined;
  release(address: string): void;
}

/** The first address of a network is its gateway's. */
const firstHost = 2;
const lastHost = 254;

export function createAddressPool(): AddressPool {
  const taken = new Set<string>();
  return {
    take(podCIDR) {
      const network = podCIDR.replace(/\.0\/24$/, '');
      for (let host = firstHost; host <= lastHost; host += 1) {
        const address = `${network}.${host}`;
        if (taken.has(address)) continue;
        taken.add(address);
        return address;
      }
      return undefined;
    },
    release(address) {
      taken.delete(address);
    },
  };
}
