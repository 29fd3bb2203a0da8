/** What one value of an object may be: an OpenAPI 3 schema of a cluster with everything left out that only people read. */
export interface SchemaNode {
  /** `any`: nothing is said of it, or more than is understood here. */
  type: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'quantity' | 'int-or-string' | 'any';
  format?: string;
  /** Members of an object by name. */
  fields?: Map<string, SchemaNode>;
  /** What members may be that have no name here; undefined where there may be none. */
  others?: SchemaNode;
  /** Unknown members stay: `x-kubernetes-preserve-unknown-fields`, or an object of which nothing is said. */
  isOpen?: true;
  /** A whole object of its own lies here: `x-kubernetes-embedded-resource`. */
  isEmbedded?: true;
  /** The cluster fills it in where it is left out. */
  hasDefault?: true;
  required?: readonly string[];
  items?: SchemaNode;
  listType?: 'map' | 'set';
  listKeys?: readonly string[];
  /** `enum`. */
  allowed?: readonly unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  minimum?: number;
  maximum?: number;
  isMinimumExclusive?: true;
  isMaximumExclusive?: true;
  multipleOf?: number;
}

/** One thing that an object has and its schema does not allow. */
export interface SchemaProblem {
  readonly path: readonly (string | number)[];
  /** A short constant: `unknown_field`, `wrong_type`, `required`, `duplicate_entry`, … */
  readonly code: string;
  /** In words; never a value of the object. */
  readonly message: string;
  /**
   * The cluster refuses it whatever else is there: a field that it does not know, a value of another type. The others
   * hold for a whole new object, while what is applied may be a part of one.
   */
  readonly isCertain: boolean;
}

/** What a cluster says about the objects of one kind. */
export interface ObjectSchema {
  /** What is wrong with an object, up to `limit` problems, in the order of its fields. Linear in the size of the object. */
  problemsOf(object: unknown, limit: number): readonly SchemaProblem[];
}
