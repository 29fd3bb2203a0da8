import {
  type ClusterRegistry,
  ConflictError,
  type OperationHandle,
  PreconditionError,
  type Principal,
  ValidationError,
} from 'longshore/sdk';
import type { ClusterRegistrar } from '../../api.ts';
import { readAccess } from './read-access.ts';

/** Registers clusters for other plugins, by the same rules as for users: see `ClusterRegistrar`. */
export function createClusterRegistrar(registry: ClusterRegistry): ClusterRegistrar {
  async function accessOf(kubeconfig: string) {
    const { access, issues } = await readAccess({ kubeconfig: { text: kubeconfig } });
    if (!access) throw new ValidationError(issues);
    if ('inCluster' in access) throw new PreconditionError('SIGN_IN_OPEN', 'A kubeconfig names its server.');
    return access;
  }
  return {
    requireSignIn: () => registry.requireSignIn(),
    async register({ name, kubeconfig, profile, description }, by: Principal, ticket: OperationHandle, signal) {
      const access = await accessOf(kubeconfig);
      const known = (await registry.list()).find((each) => each.name === name);
      if (known?.server === access.server) return;
      if (known) throw new ConflictError(`A cluster is named '${name}' already.`);
      await registry.probe(access, signal);
      await registry.register({ name, access, identity: 'gateway', profile, namespaces: [], description }, by, ticket);
    },
    async unregister(name, kubeconfig, ticket) {
      const known = (await registry.list()).find((each) => each.name === name);
      if (!known) return;
      if (known.server !== (await accessOf(kubeconfig)).server) return;
      await registry.remove(name, ticket);
    },
  };
}
