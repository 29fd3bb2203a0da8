import { isDeepStrictEqual } from 'node:util';
import type { Json } from './place-pods.ts';
import type { VersionSpec } from './version-spec.ts';

/**
 * Why pods of one version are made anew for the next instead of being changed where they are (REL-08), in words; empty where all of them can
 * keep their node and address. Only images, labels and annotations can be changed in place. Pure.
 */
export function whyPodsAreReplaced(from: VersionSpec, to: VersionSpec): readonly string[] {
  const [before, after] = [podSpecOf(from), podSpecOf(to)];
  if (isDeepStrictEqual(before, after)) return [];
  if (to.deployment.upgradeMode === 'REPLACE') return ['The upgrade mode is REPLACE.'];
  return [...whyContainers(before, after), ...whyElse(before, after)];
}

const podSpecOf = ({ podTemplate }: VersionSpec): Json => (podTemplate.spec ?? {}) as Json;

const containersOf = (spec: Json): ReadonlyMap<string, Json> =>
  new Map(((spec.containers ?? []) as readonly Json[]).map((container) => [String(container.name), container]));

function whyContainers(before: Json, after: Json): string[] {
  const [old, next] = [containersOf(before), containersOf(after)];
  const isOther = old.size !== next.size || [...old.keys()].some((name) => !next.has(name));
  if (isOther) return ['Other containers, or another number of them.'];
  return [...next].flatMap(([name, container]) => {
    const { image: _was, resources: hadResources, ...had } = old.get(name) ?? {};
    const { image: _is, resources, ...has } = container;
    return [
      ...(isDeepStrictEqual(hadResources ?? {}, resources ?? {}) ? [] : [`CPU or memory of the container '${name}'.`]),
      ...(isDeepStrictEqual(had, has) ? [] : [`The container '${name}' changes in more than its image.`]),
    ];
  });
}

function whyElse(before: Json, after: Json): string[] {
  const { containers: _had, ...old } = before;
  const { containers: _has, ...next } = after;
  return isDeepStrictEqual(old, next) ? [] : ['What is said of the whole pod changes, such as volumes or scheduling.'];
}
