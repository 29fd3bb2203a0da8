import { ValidationError, type ValidationIssue } from 'longshore/sdk';
import type { AdvancedStatefulSetObject } from '../../api.ts';
import { instanceName, ordinalOfName, rangeOf, reservedOf, reserveOrdinals } from './ordinals.ts';

type ReserveEntry = number | string;

interface CountPatch {
  readonly spec: { readonly replicas: number; readonly reserveOrdinals: readonly ReserveEntry[] };
}

/**
 * Ends some instances and keeps the others, their numbers included: their numbers are reserved, and there are as many fewer
 * (CMP-79). Throws `ValidationError` for what is no running instance.
 */
export function planKill(set: AdvancedStatefulSetObject, names: readonly string[]): CountPatch {
  const { replicas, entries, reserved, isWanted } = countsOf(set);
  const going = numbersOf(set, names, 'instances', (number) => {
    if (reserved.includes(number)) return 'is_killed';
    return isWanted(number) ? undefined : 'no_such_instance';
  });
  return patchOf(replicas - going.length, [...entries, ...going]);
}

/** Brings instances back that were killed, under their numbers. Throws `ValidationError` for what was not killed. */
export function planStart(set: AdvancedStatefulSetObject, names: readonly string[]): CountPatch {
  const { replicas: now, entries, reserved, isWanted } = countsOf(set);
  const coming = numbersOf(set, names, 'instances', (number) => {
    if (reserved.includes(number)) return undefined;
    return isWanted(number) ? 'not_killed' : 'no_such_instance';
  });
  const left = entries.flatMap((entry) => without(entry, coming));
  const replicas = now + coming.length;
  // One that lies behind all others would bring those between them too.
  const after = reserveOrdinals(left);
  const strays = coming.filter((number) => number - after.countBelow(number) >= replicas);
  if (strays.length > 0) {
    const listed = strays.map((number) => instanceName(set, number)).join(', ');
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
  const { replicas, entries, reserved, isWanted } = countsOf(set);
  const going = numbersOf(set, names, 'removeInstances', (number) =>
    isWanted(number) ? undefined : 'no_such_instance',
  );
  const leaving = new Set(going);
  let rank = replicas - 1;
  while (rank >= 0 && leaving.has(reserved.ordinalAt(rank))) rank -= 1;
  const last = rank < 0 ? -1 : reserved.ordinalAt(rank);
  return patchOf(replicas - going.length, [...entries, ...going.filter((number) => number < last)]);
}

function countsOf(set: AdvancedStatefulSetObject) {
  const reserved = reservedOf(set);
  const replicas = set.spec?.replicas ?? 1;
  const isWanted = (number: number): boolean =>
    !reserved.includes(number) && number - reserved.countBelow(number) < replicas;
  return { replicas, reserved, isWanted, entries: (set.spec?.reserveOrdinals ?? []) as readonly ReserveEntry[] };
}

/** What is left of an entry of `reserveOrdinals` without some numbers. */
function without(entry: ReserveEntry, numbers: readonly number[]): readonly ReserveEntry[] {
  const range = rangeOf(entry);
  if (!range) return [entry];
  const [first, last] = range;
  const inside = numbers.filter((number) => number >= first && number <= last).sort((a, b) => a - b);
  if (inside.length === 0) return [entry];
  const parts: ReserveEntry[] = [];
  let next = first;
  for (const end of [...inside, last + 1]) {
    if (end - next === 1) parts.push(next);
    else if (end > next) parts.push(`${next}-${end - 1}`);
    next = end + 1;
  }
  return parts;
}

function patchOf(replicas: number, entries: readonly ReserveEntry[]): CountPatch {
  const first = (entry: ReserveEntry): number => rangeOf(entry)?.[0] ?? -1;
  const ascending = [...new Set(entries)].sort((a, b) => first(a) - first(b));
  return { spec: { replicas, reserveOrdinals: ascending } };
}

const messages = {
  is_killed: 'is killed already',
  not_killed: 'is not killed',
  no_such_instance: 'is no instance of it',
} as const;

/** The numbers in names, each once; what is said against one is told at its place in the input. */
function numbersOf(
  set: AdvancedStatefulSetObject,
  names: readonly string[],
  field: 'instances' | 'removeInstances',
  against: (number: number) => keyof typeof messages | undefined,
): readonly number[] {
  const issues: ValidationIssue[] = [];
  const numbers = new Set<number>();
  names.forEach((name, index) => {
    const number = ordinalOfName(set, name);
    const code = number === undefined ? 'no_such_instance' : against(number);
    if (code !== undefined) issues.push({ path: [field, index], code, message: `'${name}' ${messages[code]}` });
    else if (number !== undefined) numbers.add(number);
  });
  if (issues.length > 0) throw new ValidationError(issues);
  return [...numbers];
}
