import { anyWorkloadKinds, configMapKind, persistentVolumeClaimKind, serviceKind } from 'longshore/plugins/compute';
import { secretKind } from 'longshore/plugins/core';
import {
  type KindRef,
  type KubeObject,
  NotFoundError,
  type OperationHandle,
  type RequestContext,
  UpstreamError,
} from 'longshore/sdk';
import type { AppService } from '../../api.ts';
import { serviceLabel } from '../../engines/engine.ts';

/** What runs goes first, then how it is reached, then what it was configured by. */
const kindsOfService = [...anyWorkloadKinds, serviceKind, configMapKind, secretKind] as readonly KindRef[];

/**
 * Takes away all that releases made of a service, as the caller (REL-14): workloads with their pods, Services, copies of the configuration,
 * and with `isWithVolumes` the claims of its pods. May be done again: what is gone is gone. Throws before anything is deleted where the
 * cluster does not tell all of it. Answers what it deleted.
 */
export async function deleteObjectsOf(
  { cluster, namespace, name }: AppService,
  { isWithVolumes }: { readonly isWithVolumes: boolean },
  ticket: OperationHandle,
  context: RequestContext,
): Promise<readonly KubeObject[]> {
  const handle = context.cluster(cluster);
  const all = isWithVolumes ? [...kindsOfService, persistentVolumeClaimKind as KindRef] : kindsOfService;
  const kinds = all.filter((kind) => handle.serves(kind));
  const options = { namespaces: [namespace], labelSelector: `${serviceLabel}=${name}` };
  const lists = await Promise.all(kinds.map((kind) => context.kube(cluster).list(kind, options)));
  const problem = lists.flatMap(({ problems }) => problems).find(({ code }) => code !== 'CAPABILITY_MISSING');
  if (problem) throw new UpstreamError(`cluster '${cluster}'`, problem.message);
  const writer = handle.writer(context.principal);
  const deleted: KubeObject[] = [];
  for (const [index, { items }] of lists.entries()) {
    for (const object of items as readonly KubeObject[]) {
      if (object.metadata.deletionTimestamp !== undefined || isOwned(object)) continue;
      try {
        const kind = kinds[index] as KindRef;
        const options = { uid: object.metadata.uid, propagationPolicy: 'Background' } as const;
        await writer.delete(ticket, kind, namespace, object.metadata.name, options);
        deleted.push(object);
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
      }
    }
  }
  return deleted;
}

/** Goes with what makes it. */
const isOwned = ({ metadata }: KubeObject): boolean =>
  metadata.ownerReferences?.some(({ controller }) => controller === true) ?? false;
