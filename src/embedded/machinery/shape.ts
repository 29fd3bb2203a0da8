/** One key of a list whose elements are told apart by keys; the default stands in where an element leaves it out. */
export interface ListKey {
  readonly name: string;
  readonly default?: unknown;
}

/**
 * What merging needs to know of the value at one place of an object: whether it is replaced as a whole or merged
 * inside, and by which keys the elements of a list are matched.
 */
export interface Shape {
  /** Apply's view of a list here: replaced whole, a set of scalars, or elements matched by `keys`. */
  readonly list: 'atomic' | 'set' | 'map';
  readonly keys: readonly ListKey[];
  /** Strategic merge patch's key for a list here; unset lists are replaced. */
  readonly mergeKey?: string;
  /** Strategic merge patch merges a list of scalars here, as it does with finalizers. */
  readonly isMergedSet?: boolean;
  /** An object here is replaced whole. */
  readonly isAtomic: boolean;
  /** Members of an object here that are always there, though nobody set them: `{}` for structures, null for lists. */
  readonly embedded?: ReadonlyMap<string, unknown>;
  /** Whether the type names this member, as it does for structures; members of maps are nobody's but their setter's. */
  declares?(name: string): boolean;
  field(name: string): Shape;
  readonly item: Shape;
}

/** A place nothing is known of: objects merge member by member, lists are replaced. */
export const untypedShape: Shape = {
  list: 'atomic',
  keys: [],
  isAtomic: false,
  field: () => untypedShape,
  get item(): Shape {
    return untypedShape;
  },
};
