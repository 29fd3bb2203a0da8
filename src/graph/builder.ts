import SchemaBuilder, { type EnumRef, type InputRef, type InterfaceRef, type ObjectRef } from '@pothos/core';
import type { RequestContext } from './request-context.ts';

/** The one closed type of Longshore's schema builder: never generic per plugin, so that references travel freely. */
export interface LongshoreSchemaTypes {
  Context: RequestContext;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: string | number | Date };
    Quantity: { Input: string; Output: string };
    SafeInt: { Input: number; Output: number };
    BigInt: { Input: bigint; Output: bigint | string | number };
    IntOrString: { Input: number | string; Output: number | string };
    JSON: { Input: unknown; Output: unknown };
    Cursor: { Input: string; Output: string };
  };
}

type SchemaTypes = PothosSchemaTypes.ExtendDefaultTypes<LongshoreSchemaTypes>;

export type LongshoreBuilder = PothosSchemaTypes.SchemaBuilder<SchemaTypes>;

/** A GraphQL object type by name and shape, made without a builder: it may be extended before its owner implements it. */
export type TypeRef<T> = ObjectRef<SchemaTypes, T>;

/** A GraphQL interface by name and shape. */
export type InterfaceTypeRef<T> = InterfaceRef<SchemaTypes, T>;

/** A GraphQL enum by name and members. */
export type EnumTypeRef<Value extends string> = EnumRef<SchemaTypes, Value>;

/** A GraphQL input type by name and shape. */
export type InputTypeRef<Shape> = InputRef<Shape>;

export type FieldBuilder<Parent> = PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Parent>;
export type InputFieldBuilder = PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>;
export type ArgBuilder = PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, unknown>['arg'];
export type { SchemaTypes as LongshoreTypes };

/**
 * A type that others may extend, exported from a plugin's `api.ts`:
 * `export const podTypeRef = typeRef<KubeObject<V1Pod>>('Pod')`, then `builder.objectField(podTypeRef, …)`.
 */
export function typeRef<T>(name: string): TypeRef<T> {
  return nameOnly(name) as unknown as TypeRef<T>;
}

/** The same for an interface. */
export function interfaceRef<T>(name: string): InterfaceTypeRef<T> {
  return nameOnly(name) as unknown as InterfaceTypeRef<T>;
}

/**
 * An enum for `type:` of fields, arguments and inputs, wherever it is registered:
 * `export const severityRef = enumRef<'LOW' | 'HIGH'>('Severity')`, and once `builder.enumType('Severity', …)`.
 */
export function enumRef<Value extends string>(name: string): EnumTypeRef<Value> {
  // The schema library knows types by their names as well; an object of ours it would take for another type.
  return name as unknown as EnumTypeRef<Value>;
}

/** The same for an input type. */
export function inputRef<Shape>(name: string): InputTypeRef<Shape> {
  return name as unknown as InputTypeRef<Shape>;
}

/**
 * A reference is only a name. Pothos' own references keep the fields of the type they stand for, and would carry them
 * from one builder into the next; a plain object becomes each builder's own reference when the type is implemented.
 */
function nameOnly(name: string): { readonly name: string; toString(): string } {
  return { name, toString: () => name };
}

export function createBuilder(): LongshoreBuilder {
  return new SchemaBuilder<LongshoreSchemaTypes>({ defaultFieldNullability: false });
}
