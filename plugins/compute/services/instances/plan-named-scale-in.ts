import { ValidationError } from 'longshore/sdk';
import type { PodObject } from '../../api.ts';
import type { TaggedInstanceSet } from './instance-set.ts';
import { planRemoval } from './plan-kill.ts';

/** The patch that takes away exactly the named instances (CMP-79). Throws `ValidationError` where names and number do not fit. */
export function planNamedScaleIn(
  { kind, object }: TaggedInstanceSet,
  pods: readonly PodObject[],
  names: readonly string[],
  replicas: number,
): object {
  const chosen = [...new Set(names)];
  const now = object.spec?.replicas ?? 1;
  if (replicas !== now - chosen.length) {
    const message = `replicas must be ${now - chosen.length}, since there are ${now} and ${chosen.length} are named, got ${replicas}`;
    throw new ValidationError([{ path: ['replicas'], code: 'does_not_fit', message }]);
  }
  if (kind === 'ADVANCED_STATEFUL_SET') return planRemoval(object, names);
  const known = new Set(pods.map(({ metadata }) => metadata.name));
  const strangers = names.flatMap((name, index) =>
    known.has(name)
      ? []
      : [{ path: ['removeInstances', index], code: 'no_such_instance', message: `'${name}' is no instance of it` }],
  );
  if (strangers.length > 0) throw new ValidationError(strangers);
  return { spec: { replicas, scaleStrategy: { podsToDelete: chosen } } };
}
