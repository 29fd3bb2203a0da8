import type { ManifestMisfit } from 'longshore/sdk';
import { itemsAt, valueAt } from '../rules/seen-workload.ts';
import { differingPaths } from './differing-paths.ts';
import { isJson } from './draft.ts';
import type { Path } from './places.ts';

/**
 * What Kubernetes lets be changed of a pod that is there (core/v1 Pod): images, an earlier deadline, more tolerations, and its
 * metadata. It says so of the whole spec; this of the field.
 */
export function checkPodChange(existing: unknown, object: unknown): readonly ManifestMisfit[] {
  const [before, after] = [valueAt(existing, ['spec']), valueAt(object, ['spec'])];
  const fixed = differingPaths(before, after).filter((path) => !isChangeable(path));
  return [...fixed.map(refused), ...checkDeadline(before, after), ...checkTolerations(before, after)];
}

function isChangeable([field, _index, part, ...deeper]: Path): boolean {
  if (field === 'activeDeadlineSeconds' || field === 'tolerations') return true;
  return (field === 'containers' || field === 'initContainers') && part === 'image' && deeper.length === 0;
}

function refused(path: Path): ManifestMisfit {
  const message = `${path.join('.')} of a pod that is there stays: its images, deadline, tolerations, labels and annotations can be changed`;
  return { path: ['spec', ...path], code: 'not_changeable', message };
}

function checkDeadline(before: unknown, after: unknown): readonly ManifestMisfit[] {
  const field = 'activeDeadlineSeconds';
  const [was, is] = [valueAt(before, [field]), valueAt(after, [field])];
  if (typeof was !== 'number' || (typeof is === 'number' && is <= was)) return [];
  const message = `${field} of a pod that is there may become less than ${was}, not more, and does not go away, got ${String(is ?? null)}`;
  return [{ path: ['spec', field], code: 'out_of_range', message }];
}

/** Those that are there stay, however long they hold. */
function checkTolerations(before: unknown, after: unknown): readonly ManifestMisfit[] {
  const left = new Set(itemsAt(after, ['tolerations']).map(signOf));
  const gone = itemsAt(before, ['tolerations']).filter((one) => !left.has(signOf(one)));
  if (gone.length === 0) return [];
  const message = `tolerations of a pod that is there can be added, not taken away: ${JSON.stringify(gone)} must stay`;
  return [{ path: ['spec', 'tolerations'], code: 'not_removable', message }];
}

function signOf(toleration: unknown): string {
  const fields = Object.entries(isJson(toleration) ? toleration : {}).filter(([key]) => key !== 'tolerationSeconds');
  return JSON.stringify(fields.sort(([left], [right]) => (left < right ? -1 : 1)));
}
