import { CapabilityMissingError, type Cluster } from 'longshore/sdk';

/** Throws `CapabilityMissingError`, which names the engine, where a cluster has no VPCs. */
export function requireKubeOvn({ name, capabilities }: Pick<Cluster, 'name' | 'capabilities'>): void {
  const found = capabilities.find((capability) => capability.name === 'vpc-network');
  if (found?.isInstalled !== false) return;
  throw new CapabilityMissingError(found.name, `Cluster '${name}' has no ${found.engine}, which makes VPCs.`, {
    ...(found.hint === undefined ? {} : { hint: found.hint }),
  });
}
