import { error, type PreflightFinding, warning } from './finding.ts';

/** `[host[:port]/]path[:tag][@digest]` (distribution/reference). */
const host = String.raw`(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[a-fA-F0-9:]+\])(?::[0-9]+)?/`;
const part = String.raw`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`;
const reference = new RegExp(
  String.raw`^(?:${host})?${part}(?:/${part})*(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,}))?$`,
);
/** Longer ones are refused by every registry. */
const mostCharacters = 1024;

/** What an image reference says by itself. Pure. */
export function checkImage(container: string, image: string): readonly PreflightFinding[] {
  const groups = image.length <= mostCharacters ? reference.exec(image)?.groups : undefined;
  if (!groups)
    return [error('IMAGE_INVALID', `Image '${shortened(image)}' of container '${container}' is no image reference`)];
  const { tag, digest } = groups;
  if (digest !== undefined || (tag !== undefined && tag !== 'latest')) return [];
  const what = tag === undefined ? 'has no tag' : "has the tag 'latest'";
  const message = `Image '${image}' of container '${container}' ${what}: what it is today nobody can bring back tomorrow`;
  return [warning('IMAGE_UNPINNED', message)];
}

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
