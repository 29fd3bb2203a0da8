import type { Condition, Pod } from '../../controllers/kubernetes-shapes.ts';
import { isEqualJson } from '../../machinery/json.ts';
import type { StoreEvent } from '../../store/types.ts';

/** Conditions that decide whether a pod counts, and for what. */
const telling: ReadonlySet<string> = new Set(['Ready', 'PodScheduled', 'InPlaceUpdateReady', 'KruisePodReady']);

/**
 * Whether a workload has to look at its pod again. Most of what a kubelet tells (pulls, addresses, restarts) is nothing
 * to it: without this a thousand pods that start are a thousand looks at a thousand pods, several times over.
 */
export function isPodNews({ type, object, previous }: StoreEvent): boolean {
  if (type !== 'MODIFIED' || previous === undefined) return true;
  const pod = object as Pod;
  const before = previous as Pod;
  const { metadata, status } = pod;
  const old = before.metadata;
  return !(
    metadata.deletionTimestamp === old.deletionTimestamp &&
    status?.phase === before.status?.phase &&
    pod.spec.nodeName === before.spec.nodeName &&
    isEqualJson(metadata.labels, old.labels) &&
    isEqualJson(metadata.annotations, old.annotations) &&
    isEqualJson(metadata.finalizers, old.finalizers) &&
    isEqualJson(metadata.ownerReferences, old.ownerReferences) &&
    isEqualJson(tellingOf(status?.conditions), tellingOf(before.status?.conditions)) &&
    isEqualJson(imagesOf(pod), imagesOf(before))
  );
}

function tellingOf(conditions: readonly Condition[] = []): readonly string[] {
  return conditions.filter((each) => telling.has(each.type)).map(({ type, status }) => `${type} ${status}`);
}

function imagesOf({ status }: Pod): readonly string[] {
  return (status?.containerStatuses ?? []).map(({ image, imageID }) => `${image} ${imageID}`);
}
