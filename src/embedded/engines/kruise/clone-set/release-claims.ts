import type { KindClient } from '../../../controllers/kind-client.ts';
import type { PersistentVolumeClaim, Pod } from '../../../controllers/kubernetes-shapes.ts';
import { isActive } from '../../../controllers/pod-state.ts';
import type { ClusterStore } from '../../../store/types.ts';
import type { CloneSet } from '../kinds.ts';
import { instanceIdLabel } from './build-pod.ts';

/**
 * With `disablePVCReuse` no pod takes over the claim of another: the claims of pods that have ended go with those, the
 * claims of pods that are gone go at once.
 */
export function releaseClaims(
  set: CloneSet,
  owned: readonly PersistentVolumeClaim[],
  store: ClusterStore,
  claims: KindClient<PersistentVolumeClaim>,
): void {
  if (owned.length === 0) return;
  const pods = new Map(
    store
      .listOwned(set.metadata.uid ?? '')
      .filter((object): object is Pod => object.kind === 'Pod')
      .map((pod) => [pod.metadata.labels?.[instanceIdLabel], pod] as const),
  );
  for (const claim of owned) {
    const pod = pods.get(claim.metadata.labels?.[instanceIdLabel]);
    if (pod === undefined) claims.delete(claim);
    else if (!isActive(pod)) {
      const ownerReferences = [
        ...(claim.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== set.metadata.uid),
        { apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid ?? '' },
      ];
      claims.update({ ...claim, metadata: { ...claim.metadata, ownerReferences } });
    }
  }
}
