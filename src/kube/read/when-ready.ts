import type { MaybePromise } from '../cluster-reader.ts';

/** Goes on at once where the value is there, and later where it is promised: cached reads stay synchronous. */
export function whenReady<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** The same for many: synchronous where all are. */
export function whenAllReady<T>(values: readonly MaybePromise<T>[]): MaybePromise<T[]> {
  const isSync = (value: MaybePromise<T>): value is T => !(value instanceof Promise);
  return values.every(isSync) ? [...values] : Promise.all(values);
}
