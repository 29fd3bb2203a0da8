import {
  type Clusters,
  type OperationRecords,
  type Principal,
  type RequestContext,
  type ServiceRef,
  serviceRef,
  type Users,
} from 'longshore/sdk';
import type { ReleaseSettings } from '../../settings.ts';
import type { ObjectPlace } from './order-objects-store.ts';
import type { Refusal } from './refusal.ts';

/** What the loop of ReleaseOrder objects needs of the gateway: a manifest is data. */
export interface ObjectLoop {
  readonly settings: ReleaseSettings;
  readonly clusters: Pick<Clusters, 'get'>;
  readonly operations: Pick<OperationRecords, 'run'>;
  readonly users: Pick<Users, 'actingAs'>;
  readonly contextFor: (principal: Principal, requestId: string, signal: AbortSignal) => RequestContext;
}

export const objectLoopRef: ServiceRef<ObjectLoop> = serviceRef<ObjectLoop>('release.objectLoop');

/** Whether any ReleaseOrders of a cluster are heeded. */
export const isHeeded = ({ orderObjects }: ReleaseSettings, cluster: string): boolean =>
  orderObjects.some((each) => each.cluster === cluster);

/** Who acts for the objects of a namespace now, or why nobody does. Throws `UPSTREAM_UNAVAILABLE` where that cannot be told. */
export function actorIn(
  { settings, users }: Pick<ObjectLoop, 'settings' | 'users'>,
  { cluster, namespace }: Pick<ObjectPlace, 'cluster' | 'namespace'>,
): { readonly principal: Principal } | { readonly refusal: Refusal } {
  const binding = settings.orderObjects.find((each) => each.cluster === cluster && each.namespaces.includes(namespace));
  if (!binding) {
    return {
      refusal: {
        code: 'NOT_ENABLED',
        message: `ReleaseOrders of '${namespace}' are not heeded: an administrator names who acts for them (pluginSettings.release.orderObjects).`,
      },
    };
  }
  const principal = users.actingAs({ id: binding.actAs });
  if (!principal) {
    return {
      refusal: {
        code: 'FORBIDDEN',
        message: `'${binding.actAs}', who acts for ReleaseOrders of '${namespace}', is not here.`,
      },
    };
  }
  // Whoever may make such objects has what the principal has.
  if (principal.roles.includes('ADMIN')) {
    return {
      refusal: {
        code: 'FORBIDDEN',
        message: `'${binding.actAs}' is an administrator: nobody may lend that to a namespace.`,
      },
    };
  }
  return { principal };
}
