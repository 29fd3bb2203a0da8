import { type MaybePromise, mapMaybe } from 'longshore/sdk';

/** `mapMaybe` for a step that may itself have to wait: a promise of a promise is one promise. */
export function chainMaybe<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return mapMaybe(value, next) as MaybePromise<R>;
}
