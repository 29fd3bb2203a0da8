import { isDeepStrictEqual } from 'node:util';
import type { WantedChange } from 'longshore/sdk';

/** Says when pods were replaced, and nothing of what they are. */
const restartedAt = 'kubectl.kubernetes.io/restartedAt';

/** Whether a change by hand makes other pods of a workload: that is what the next release undoes. Pure; reads defensively. */
export function changesTemplate({ object, next, isPart }: WantedChange): boolean {
  if (next === undefined) return true;
  const [before, after] = [templateOf(object), templateOf(next)];
  if (!isPart) return !isDeepStrictEqual(before, after);
  return after !== undefined && !isWithin(after, before);
}

function templateOf(object: object): unknown {
  const template = at(at(object, 'spec'), 'template');
  const annotations = at(at(template, 'metadata'), 'annotations');
  if (!isPlain(annotations) || !(restartedAt in annotations)) return template;
  const { [restartedAt]: _moment, ...others } = annotations;
  const { annotations: _annotations, ...metadata } = at(template, 'metadata') as Record<string, unknown>;
  const rest = Object.keys(others).length > 0 ? { ...metadata, annotations: others } : metadata;
  return { ...(template as object), metadata: rest };
}

/** Whether a part says nothing that is not so already. Entries with names are found by them, as server-side apply merges most lists. */
function isWithin(part: unknown, whole: unknown): boolean {
  if (isPlain(part)) {
    return isPlain(whole) && Object.entries(part).every(([key, value]) => isWithin(value, whole[key]));
  }
  if (!Array.isArray(part) || !Array.isArray(whole)) return isDeepStrictEqual(part, whole);
  if (!part.every((entry) => typeof at(entry, 'name') === 'string')) return isDeepStrictEqual(part, whole);
  return part.every((entry) =>
    isWithin(
      entry,
      whole.find((other) => at(other, 'name') === at(entry, 'name')),
    ),
  );
}

function at(value: unknown, key: string): unknown {
  return isPlain(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
