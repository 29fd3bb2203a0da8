import { parseIndexes } from './index-ranges.ts';
import type { SuccessPolicy } from './kubernetes-shapes.ts';

/** Which rule of an indexed Job's successPolicy the succeeded indexes satisfy, in words; undefined when none. */
export function matchSuccessPolicy(
  policy: SuccessPolicy | undefined,
  succeeded: ReadonlySet<number>,
): string | undefined {
  if (succeeded.size === 0) return undefined;
  const at = (policy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeededCount !== undefined && succeeded.size >= succeededCount;
    const wanted = parseIndexes(succeededIndexes);
    const reached = [...wanted].filter((index) => succeeded.has(index)).length;
    return wanted.size > 0 && (reached === wanted.size || (succeededCount !== undefined && reached >= succeededCount));
  });
  return at < 0 ? undefined : `Matched rules at index ${at}`;
}
