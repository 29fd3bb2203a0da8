import type { RaisedWarning } from 'longshore/sdk';
import { plainPath } from '../rules/check-volumes.ts';
import { containersOf, isGiven, itemsAt, type SeenWorkload, valueAt } from '../rules/seen-workload.ts';
import type { FormSheet } from './draft.ts';
import type { FormRequest } from './write-form.ts';

/** What whoever submits the form must know of, and accept. Members of `WarningCode`. */
export const formWarnings = {
  DATA_LOST_WITH_NODE:
    'What is written to a path of a node is lost with that node, and stays there when the pod moves (CMP-53).',
  FILES_HIDDEN: 'A mount hides the files that the image has in that directory (CMP-53).',
  ALL_PODS_UNAVAILABLE: 'An upgrade may take all pods away at once: the service is interrupted (CMP-57).',
} as const;

/** Directories that images commonly bring files in. Which image has which, nobody can tell before it runs. */
const filledDirectories = new Set([
  '/home',
  '/opt',
  '/root',
  '/srv',
  '/usr/local',
  '/usr/share',
  '/var/lib',
  '/var/log',
]);

/**
 * What a manifest is warned of. What the workload that is there does already is not news, nor how one is upgraded that is copied: the
 * engine's own defaults may say it.
 */
export function findWarnings(
  seen: SeenWorkload,
  { existing, base }: Pick<FormRequest, 'existing' | 'base'>,
  sheet: FormSheet,
): readonly RaisedWarning[] {
  const before = [
    ...(existing === undefined ? [] : warningsOf({ ...seen, object: existing })),
    ...(base === undefined ? [] : ofStrategy({ ...seen, object: base })),
  ];
  const known = new Set(before.map(({ message }) => message));
  return warningsOf(seen)
    .filter(({ message }) => !known.has(message))
    .map((warning) => ({ ...warning, path: sheet.places.inputOf(warning.path) }));
}

function warningsOf(seen: SeenWorkload): readonly RaisedWarning[] {
  return [...ofHostPaths(seen), ...ofMounts(seen), ...ofStrategy(seen)];
}

function ofHostPaths({ object, podSpec }: SeenWorkload): readonly RaisedWarning[] {
  return itemsAt(object, [...podSpec, 'volumes']).flatMap((volume, index) => {
    const path = valueAt(volume, ['hostPath', 'path']);
    if (!isGiven(path)) return [];
    const name = String(valueAt(volume, ['name']));
    const message = `The volume '${name}' is ${String(path)} of the node: its data is lost with the node and does not move with the pod.`;
    return [{ code: 'DATA_LOST_WITH_NODE', message, path: [...podSpec, 'volumes', index] }];
  });
}

function ofMounts(seen: SeenWorkload): readonly RaisedWarning[] {
  return containersOf(seen).flatMap(({ container, path, name }) =>
    itemsAt(container, ['volumeMounts']).flatMap((mount, index) => {
      const mountPath = valueAt(mount, ['mountPath']);
      if (typeof mountPath !== 'string' || !filledDirectories.has(plainPath(mountPath))) return [];
      const message = `What the image has in ${mountPath} is hidden in '${name}'.`;
      return [{ code: 'FILES_HIDDEN', message, path: [...path, 'volumeMounts', index] }];
    }),
  );
}

function ofStrategy({ object, word, kind }: SeenWorkload): readonly RaisedWarning[] {
  const field = word === 'DEPLOYMENT' ? 'strategy' : 'updateStrategy';
  const path = ['spec', field, ...(kind === 'CloneSet' ? [] : ['rollingUpdate']), 'maxUnavailable'];
  const bound = valueAt(object, path);
  const replicas = valueAt(object, ['spec', 'replicas']);
  const isAll =
    bound === '100%' ||
    (typeof bound === 'number' && typeof replicas === 'number' && replicas > 0 && bound >= replicas);
  if (!isAll) return [];
  const message = `maxUnavailable ${String(bound)} is all of the pods: an upgrade may interrupt the service.`;
  return [{ code: 'ALL_PODS_UNAVAILABLE', message, path }];
}
