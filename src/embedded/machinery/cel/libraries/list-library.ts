import { compareValues, isSameValue } from '../compare-values.ts';
import { type Library, registerAll } from './library.ts';

class Sets {}

/** Lists and sets, as Kubernetes adds them to CEL: `isSorted`, `sum`, `min`, `max`, `indexOf`, `sets.contains`, … */
export const listLibrary: Library = (environment) => {
  registerAll(environment, {
    'list.isSorted(): bool': (list: unknown[]) =>
      list.every((item, at) => at === 0 || compareValues(list[at - 1], item) <= 0),
    'list<int>.sum(): int': (list: bigint[]) => list.reduce((sum, each) => sum + each, 0n),
    'list<double>.sum(): double': (list: number[]) => list.reduce((sum, each) => sum + each, 0),
    ...Object.fromEntries(
      ['int', 'double', 'string', 'bool', 'google.protobuf.Timestamp', 'google.protobuf.Duration'].flatMap((type) => [
        [`list<${type}>.min(): ${type}`, (list: unknown[]) => extreme(list, -1)],
        [`list<${type}>.max(): ${type}`, (list: unknown[]) => extreme(list, 1)],
      ]),
    ),
    'list<A>.indexOf(A): int': (list: unknown[], item: unknown) =>
      BigInt(list.findIndex((each) => isSameValue(each, item))),
    'list<A>.lastIndexOf(A): int': (list: unknown[], item: unknown) =>
      BigInt(list.findLastIndex((each) => isSameValue(each, item))),
  });
  environment.registerType('kubernetes.Sets', Sets);
  environment.registerConstant('sets', 'kubernetes.Sets', new Sets());
  const contains = (list: unknown[], other: unknown[]): boolean =>
    other.every((item) => list.some((each) => isSameValue(each, item)));
  registerAll(environment, {
    'kubernetes.Sets.contains(list<A>, list<A>): bool': (_: unknown, list: unknown[], other: unknown[]) =>
      contains(list, other),
    'kubernetes.Sets.equivalent(list<A>, list<A>): bool': (_: unknown, list: unknown[], other: unknown[]) =>
      contains(list, other) && contains(other, list),
    'kubernetes.Sets.intersects(list<A>, list<A>): bool': (_: unknown, list: unknown[], other: unknown[]) =>
      other.some((item) => list.some((each) => isSameValue(each, item))),
  });
};

function extreme(list: readonly unknown[], sign: 1 | -1): unknown {
  if (list.length === 0) throw new Error(`${sign < 0 ? 'min' : 'max'} called on empty list`);
  return list.reduce((best, each) => (compareValues(each, best) * sign > 0 ? each : best));
}
