import { ValidationError, type ValidationIssue } from 'longshore/sdk';
import type { AdvancedStatefulSetObject } from '../../api.ts';
import { ordinalOfName, ordinalsOf, reservedOrdinals, wantedOrdinals } from './ordinals.ts';

interface CountPatch {
  readonly spec: { readonly replicas: number; readonly reserveOrdinals: readonly number[] };
}

/**
 * Ends some instances and keeps the others, their numbers included: their numbers are reserved, and there are as many fewer
 * (CMP-79). Throws `ValidationError` for what is no running instance.
 */
export function planKill(set: AdvancedStatefulSetObject, names: readonly string[]): CountPatch {
  const wanted = wantedOrdinals(set);
  const reserved = reservedOrdinals(set);
  const going = numbersOf(set, names, (number) => {
    if (reserved.includes(number)) return 'is_killed';
    return wanted.includes(number) ? undefined : 'no_such_instance';
  });
  return patchOf(wanted.length - going.length, [...reserved, ...going]);
}

/** Brings instances back that were killed, under their numbers. Throws `ValidationError` for what was not killed. */
export function planStart(set: AdvancedStatefulSetObject, names: readonly string[]): CountPatch {
  const wanted = wantedOrdinals(set);
  const reserved = reservedOrdinals(set);
  const coming = numbersOf(set, names, (number) => {
    if (reserved.includes(number)) return undefined;
    return wanted.includes(number) ? 'not_killed' : 'no_such_instance';
  });
  const left = reserved.filter((number) => !coming.includes(number));
  const replicas = wanted.length + coming.length;
  // One that lies behind all others would bring those between them too.
  const after = ordinalsOf(replicas, left);
  const strays = coming.filter((number) => !after.includes(number));
  if (strays.length > 0) {
    const listed = strays.map((number) => `${set.metadata.name}-${number}`).join(', ');
    throw new ValidationError([
      {
        path: ['instances'],
        code: 'out_of_range',
        message: `There are instances missing before ${listed}: scale out to have them`,
      },
    ]);
  }
  return patchOf(replicas, left);
}

/** Takes named instances away for good: numbers behind all that stay need not be reserved (CMP-79). */
export function planRemoval(set: AdvancedStatefulSetObject, names: readonly string[]): CountPatch {
  const wanted = wantedOrdinals(set);
  const going = numbersOf(
    set,
    names,
    (number) => (wanted.includes(number) ? undefined : 'no_such_instance'),
    'removeInstances',
  );
  const staying = wanted.filter((number) => !going.includes(number));
  const last = staying.at(-1) ?? -1;
  return patchOf(staying.length, [...reservedOrdinals(set), ...going.filter((number) => number < last)]);
}

function patchOf(replicas: number, reserved: readonly number[]): CountPatch {
  return { spec: { replicas, reserveOrdinals: [...new Set(reserved)].sort((a, b) => a - b) } };
}

const messages = {
  is_killed: 'is killed already',
  not_killed: 'is not killed',
  no_such_instance: 'is no instance of it',
} as const;

function numbersOf(
  set: AdvancedStatefulSetObject,
  names: readonly string[],
  against: (number: number) => keyof typeof messages | undefined,
  field = 'instances',
): readonly number[] {
  const issues: ValidationIssue[] = [];
  const numbers = [...new Set(names)].flatMap((name, index) => {
    const number = ordinalOfName(set, name);
    const code = number === undefined ? 'no_such_instance' : against(number);
    if (number !== undefined && code === undefined) return [number];
    const said = code ?? 'no_such_instance';
    issues.push({ path: [field, index], code: said, message: `'${name}' ${messages[said]}` });
    return [];
  });
  if (issues.length > 0) throw new ValidationError(issues);
  return numbers;
}
