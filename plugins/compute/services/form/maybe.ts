/** What a form says of a field: nothing (it stays as it is), null (it goes away, the cluster's default holds), or a value. */
export type Maybe<T> = T | null | undefined;

/** An entry of a list that has names: with `remove` the entry of that name goes away. */
export interface Removable {
  readonly remove?: Maybe<boolean>;
}

/** A list with each of its entries written as the cluster has it; nothing and null stay what they are. */
export function mapped<T, Written>(
  list: Maybe<readonly T[]>,
  write: (entry: T) => Written,
): readonly Written[] | null | undefined {
  return list === null ? null : list?.map(write);
}
