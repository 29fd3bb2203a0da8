import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import {
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  objectSuccess,
  origin,
  PreconditionError,
  type RequestContext,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import {
  type PersistentVolumeClaimObject,
  persistentVolumeClaimTypeRef,
  type StorageClassObject,
  storageClassKind,
} from '../../api.ts';
import { judgeGrowth, obstacleToGrowth } from '../../services/classes/judge-growth.ts';

/** A claim that grows (STO-06): how that goes is told by `PersistentVolumeClaim.expansion`. */
export function registerExpandClaim(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'expandPersistentVolumeClaim',
    description:
      'Lets a bound claim grow, where its class allows that. It never shrinks; a growth that is not finished can be changed to any size above `capacity`. `expansion` tells how it goes.',
    allow: { action: 'UPDATE', subject: subjectOf(persistentVolumeClaimKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The claim's id." }),
      size: t.field({ type: 'Quantity', required: true, description: 'What it shall have, more than `capacity`.' }),
    }),
    success: objectSuccess('The claim asks for the new size.', 'persistentVolumeClaim', persistentVolumeClaimTypeRef),
    load: ({ id }, context) => loadOfKind(String(id), persistentVolumeClaimKind, context),
    check: async ({ size }, claim, context) => {
      const storageClass = await classOf(claim, context);
      const obstacle = obstacleToGrowth(claim, storageClass);
      if (obstacle) throw new PreconditionError(obstacle.reason, obstacle.message);
      const { cluster } = claim[origin];
      const profile = context.services.profiles.at({ cluster, namespace: claim.metadata.namespace });
      return judgeGrowth(claim, size, storageClass, profile).map((misfit) => ({ ...misfit, path: ['size'] }));
    },
    run: async ({ size }, claim, ticket, context) => {
      const { namespace, name, uid, resourceVersion } = claim.metadata;
      const patch = { spec: { resources: { requests: { storage: size } } } };
      const { object, warnings } = await context
        .cluster(claim[origin].cluster)
        .writer(context.principal)
        .patch(ticket, persistentVolumeClaimKind, namespace, name, patch, { uid, resourceVersion });
      return { value: object, resultId: idOfObject(claim), before: claim, after: object, warnings };
    },
    replay: (node): PersistentVolumeClaimObject | null => (isOfKind(node, persistentVolumeClaimKind) ? node : null),
  });
}

async function classOf(
  claim: PersistentVolumeClaimObject,
  context: RequestContext,
): Promise<StorageClassObject | undefined> {
  const name = claim.spec?.storageClassName;
  return name ? context.kube(claim[origin].cluster).get(storageClassKind, undefined, name) : undefined;
}
