import { isDeepStrictEqual } from 'node:util';
import type { ReleaseTarget } from './engine.ts';

interface Container {
  readonly name: string;
  readonly resources?: unknown;
}
type PodSpec = Readonly<Record<string, unknown>> & {
  readonly containers?: readonly Container[];
};

/**
 * Why pods of one version cannot be changed in place to those of another (REL-08): in place OpenKruise gives containers new images, and pods new labels
 * and annotations; for anything else it makes new pods. Empty where they can. Pure.
 */
export function inPlaceObstacles(
  from: Pick<ReleaseTarget, 'template'>,
  to: Pick<ReleaseTarget, 'template'>,
): readonly string[] {
  const before = podSpecOf(from);
  const after = podSpecOf(to);
  const old = new Map((before.containers ?? []).map((container) => [container.name, container]));
  const containers = after.containers ?? [];
  const added = containers.filter(({ name }) => !old.has(name)).map(({ name }) => `container '${name}' is new`);
  const names = new Set(containers.map(({ name }) => name));
  const gone = [...old.keys()].filter((name) => !names.has(name)).map((name) => `container '${name}' goes away`);
  const changed = containers.flatMap((container) => {
    const known = old.get(container.name);
    if (!known) return [];
    if (!isDeepStrictEqual(known.resources ?? {}, container.resources ?? {})) {
      return [`CPU or memory of container '${container.name}' changes`];
    }
    return isDeepStrictEqual(withoutImage(known), withoutImage(container))
      ? []
      : [`more than the image of container '${container.name}' changes`];
  });
  const rest = isDeepStrictEqual(withoutContainers(before), withoutContainers(after))
    ? []
    : ['more than the containers of its pods changes'];
  return [...added, ...gone, ...changed, ...rest];
}

const podSpecOf = ({ template }: Pick<ReleaseTarget, 'template'>): PodSpec => (template.spec ?? {}) as PodSpec;
const withoutImage = (container: Container): object => ({ ...container, image: undefined, resources: undefined });
const withoutContainers = (spec: PodSpec): object => ({ ...spec, containers: undefined });
