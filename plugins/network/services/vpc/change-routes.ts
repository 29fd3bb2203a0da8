import {
  type ChangedThing,
  dryRunTicket,
  idOfObject,
  type KindRef,
  type OperationHandle,
  origin,
  patchAsRead,
  type RequestContext,
} from 'longshore/sdk';
import { type StaticRoute, type VpcObject, vpcKind } from './kube-ovn-kinds.ts';

/**
 * Changes the static routes of a VPC as they are at that moment: its engine writes to it too, so that one that has changed since is read again.
 * `change` answers undefined where they stand as they should. Throws `ConflictError` where it never stands still.
 */
export async function changeRoutes(
  vpc: VpcObject,
  change: (routes: readonly StaticRoute[]) => readonly StaticRoute[] | undefined,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<readonly ChangedThing[]> {
  const routesOf = ({ spec }: Pick<VpcObject, 'spec'>) => change(spec?.staticRoutes ?? []);
  if (!routesOf(vpc)) return [];
  const { uid, name } = vpc.metadata;
  const writer = context.cluster(vpc[origin].cluster).writer(context.principal);
  const write = (of: OperationHandle, patch: object, resourceVersion?: string) =>
    writer.patch(of, vpcKind as KindRef, undefined, name, patch, {
      uid,
      ...(resourceVersion ? { resourceVersion } : {}),
    });
  const { before, object } = await patchAsRead({
    object: vpc,
    patchOf: (current) => {
      const staticRoutes = routesOf(current);
      return staticRoutes ? { spec: { staticRoutes } } : {};
    },
    write: (patch, resourceVersion) => write(ticket, patch, resourceVersion),
    readLive: async () => (await write(dryRunTicket, {})).object as never,
  });
  return [{ before, after: object, object: idOfObject(vpc) }];
}
