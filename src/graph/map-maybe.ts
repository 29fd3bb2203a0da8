import type { MaybePromise } from '../kube/cluster-reader.ts';

/** Applies at once to a value, later to a promise: reads from memory stay synchronous all the way up. */
export function mapMaybe<A, B>(value: MaybePromise<A>, change: (value: A) => B): MaybePromise<B> {
  return isPromise(value) ? value.then(change) : change(value);
}

/** All at once where all are values. */
export function allMaybe<T>(values: readonly MaybePromise<T>[]): MaybePromise<T[]> {
  return values.some(isPromise) ? Promise.all(values) : (values as T[]);
}

export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && typeof (value as Promise<T>).then === 'function';
}
