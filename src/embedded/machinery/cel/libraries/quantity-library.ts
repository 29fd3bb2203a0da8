import { isQuantity, nanosOf, nanosPerUnit, quantityWords } from '../../quantity.ts';
import { type Library, registerAll } from './library.ts';

/** A resource quantity in billionths. */
class Quantity {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** `quantity("1Gi")` and what can be asked of it. */
export const quantityLibrary: Library = (environment) => {
  const name = 'kubernetes.Quantity';
  environment.registerType(name, Quantity);
  const compare = (left: Quantity, right: Quantity): bigint =>
    left.nanos < right.nanos ? -1n : left.nanos > right.nanos ? 1n : 0n;
  registerAll(environment, {
    'isQuantity(string): bool': (text: string) => isQuantity(text),
    [`quantity(string): ${name}`]: (text: string) => {
      if (!isQuantity(text)) throw new Error(quantityWords);
      return new Quantity(nanosOf(text));
    },
    [`${name}.isLessThan(${name}): bool`]: (left: Quantity, right: Quantity) => compare(left, right) < 0n,
    [`${name}.isGreaterThan(${name}): bool`]: (left: Quantity, right: Quantity) => compare(left, right) > 0n,
    [`${name}.compareTo(${name}): int`]: compare,
    [`${name}.sign(): int`]: ({ nanos }: Quantity) => (nanos < 0n ? -1n : nanos > 0n ? 1n : 0n),
    [`${name}.isInteger(): bool`]: ({ nanos }: Quantity) => nanos % nanosPerUnit === 0n,
    [`${name}.asInteger(): int`]: ({ nanos }: Quantity) => {
      if (nanos % nanosPerUnit !== 0n) throw new Error('cannot convert value to integer');
      return nanos / nanosPerUnit;
    },
    [`${name}.asApproximateFloat(): double`]: ({ nanos }: Quantity) => Number(nanos) / Number(nanosPerUnit),
    [`${name}.add(${name}): ${name}`]: (left: Quantity, right: Quantity) => new Quantity(left.nanos + right.nanos),
    [`${name}.add(int): ${name}`]: (left: Quantity, right: bigint) => new Quantity(left.nanos + right * nanosPerUnit),
    [`${name}.sub(${name}): ${name}`]: (left: Quantity, right: Quantity) => new Quantity(left.nanos - right.nanos),
    [`${name}.sub(int): ${name}`]: (left: Quantity, right: bigint) => new Quantity(left.nanos - right * nanosPerUnit),
  });
  environment.registerOperator(`${name} == ${name}`, (left: Quantity, right: Quantity) => left.nanos === right.nanos);
};
