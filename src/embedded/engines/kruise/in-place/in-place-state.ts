import type { Pod } from '../../../controllers/kubernetes-shapes.ts';
import { asObject, asString, isJsonObject, type JsonObject } from '../../../machinery/json.ts';
import type { InPlaceUpdate } from './decide-in-place-update.ts';

export const stateAnnotation = 'apps.kruise.io/inplace-update-state';
export const graceAnnotation = 'apps.kruise.io/inplace-update-grace';

/** The last update in place of a pod, as `apps.kruise.io/inplace-update-state` tells it. */
export interface InPlaceState {
  readonly revision: string;
  /** RFC 3339. */
  readonly updateTimestamp: string;
  /** Which image each container that was changed ran before; it has been restarted when it runs another. */
  readonly lastContainerStatuses: Readonly<Record<string, { readonly imageID?: string }>> | null;
  readonly updateImages?: boolean;
  readonly containerBatchesRecord?: readonly { readonly timestamp: string; readonly containers: readonly string[] }[];
}

/** An update that is carried out when the pod has been unready for a while. */
export interface PendingUpdate {
  readonly revision: string;
  readonly graceSeconds: number;
  readonly update: InPlaceUpdate;
}

export function inPlaceStateOf(pod: Pod): InPlaceState | undefined {
  const state = readAnnotation(pod, stateAnnotation);
  return state === undefined ? undefined : (state as unknown as InPlaceState);
}

export function isInGrace({ metadata }: Pod): boolean {
  return (metadata.annotations?.[graceAnnotation] ?? '') !== '';
}

export function pendingUpdateOf(pod: Pod): PendingUpdate | undefined {
  const pending = readAnnotation(pod, graceAnnotation);
  if (pending === undefined) return undefined;
  const metadata = asObject(pending.metaDataPatch)?.metadata;
  return {
    revision: asString(pending.revision) ?? '',
    graceSeconds: typeof pending.graceSeconds === 'number' ? pending.graceSeconds : 0,
    update: {
      images: (asObject(pending.containerImages) ?? {}) as InPlaceUpdate['images'],
      labels: (asObject(asObject(metadata)?.labels) ?? {}) as InPlaceUpdate['labels'],
      annotations: (asObject(asObject(metadata)?.annotations) ?? {}) as InPlaceUpdate['annotations'],
    },
  };
}

export function printPendingUpdate({ revision, graceSeconds, update }: PendingUpdate): string {
  const { images, labels, annotations } = update;
  return JSON.stringify({
    revision,
    ...(Object.keys(images).length === 0 ? {} : { containerImages: images }),
    metaDataPatch: { metadata: { labels, annotations } },
    graceSeconds,
  });
}

/** Whether the containers that were changed run their new images: their image id is another, or has that name too. */
export function isUpdateComplete(pod: Pod): boolean {
  if (isInGrace(pod)) return false;
  const waiting = inPlaceStateOf(pod)?.lastContainerStatuses ?? {};
  return Object.entries(waiting).every(([name, { imageID }]) => {
    const status = pod.status?.containerStatuses?.find((each) => each.name === name);
    const wanted = pod.spec.containers.find((each) => each.name === name)?.image;
    return status !== undefined && (status.imageID !== (imageID ?? '') || status.image === wanted);
  });
}

function readAnnotation({ metadata }: Pod, name: string): JsonObject | undefined {
  const text = metadata.annotations?.[name];
  if (text === undefined || text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Somebody wrote into it by hand: as good as none.
    return undefined;
  }
}
