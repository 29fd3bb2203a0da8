import type { Pod, PodTemplate } from '../../../controllers/kubernetes-shapes.ts';
import { isEqualJson } from '../../../machinery/json.ts';

type Texts = Readonly<Record<string, string>>;

/** What an update changes of a pod that keeps running. A text that is null goes. */
export interface InPlaceUpdate {
  /** New image by container. */
  readonly images: Texts;
  readonly labels: Readonly<Record<string, string | null>>;
  readonly annotations: Readonly<Record<string, string | null>>;
}

/**
 * What leads from one template to the other in a pod that stays; undefined when that cannot be done in place: anything
 * of the spec but the images of present containers differs. Other metadata than labels and annotations is left alone.
 */
export function decideInPlaceUpdate(old: PodTemplate, next: PodTemplate): InPlaceUpdate | undefined {
  if (!isEqualJson(withoutImages(old), withoutImages(next))) return undefined;
  const images: Record<string, string> = {};
  for (const [at, container] of next.spec.containers.entries()) {
    const before = old.spec.containers[at];
    if (before !== undefined && before.image !== container.image) images[container.name] = container.image;
  }
  return {
    images,
    labels: changesOf(old.metadata?.labels, next.metadata?.labels),
    annotations: changesOf(old.metadata?.annotations, next.metadata?.annotations),
  };
}

/** The pod with the images and texts of the update. */
export function applyInPlaceUpdate(pod: Pod, update: InPlaceUpdate): Pod {
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: changed(pod.metadata.labels, update.labels),
      annotations: changed(pod.metadata.annotations, update.annotations),
    },
    spec: {
      ...pod.spec,
      containers: pod.spec.containers.map((container) => {
        const image = update.images[container.name];
        return image === undefined ? container : { ...container, image };
      }),
    },
  };
}

function withoutImages({ spec }: PodTemplate): object {
  return { ...spec, containers: spec.containers.map(({ image: _image, ...container }) => container) };
}

function changesOf(old: Texts = {}, next: Texts = {}): Record<string, string | null> {
  const changes: Record<string, string | null> = {};
  for (const key of Object.keys(old)) if (next[key] === undefined) changes[key] = null;
  for (const [key, value] of Object.entries(next)) if (old[key] !== value) changes[key] = value;
  return changes;
}

function changed(present: Texts = {}, changes: Readonly<Record<string, string | null>>): Texts {
  const result: Record<string, string> = { ...present };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete result[key];
    else result[key] = value;
  }
  return result;
}
