import type {
  FieldNullability,
  FieldOptionsFromKind,
  InputFieldMap,
  InputShapeFromFields,
  ShapeFromTypeParam,
  TypeParam,
} from '@pothos/core';
import type { MaybePromise } from '../../kube/cluster-reader.ts';
import type { ArgBuilder, LongshoreBuilder, LongshoreTypes } from '../builder.ts';
import type { RequestContext } from '../request-context.ts';
import { type Allow, assertRootFieldAllowed, recordRootField } from './guard-root-field.ts';

export interface QuerySpec<
  Type extends TypeParam<LongshoreTypes>,
  Nullable extends FieldNullability<Type>,
  Args extends InputFieldMap,
> {
  readonly name: string;
  readonly description: string;
  readonly allow: Allow;
  readonly type: Type;
  readonly nullable?: Nullable;
  readonly args?: (t: ArgBuilder) => Args;
  /** What the caller may not read must not be answered: read through `context.kube`, which hides it already. */
  readonly resolve: (
    args: InputShapeFromFields<Args>,
    context: RequestContext,
  ) => MaybePromise<ShapeFromTypeParam<LongshoreTypes, Type, Nullable>>;
}

/** A root field that reads one thing. */
export function registerQuery<
  Type extends TypeParam<LongshoreTypes>,
  const Nullable extends FieldNullability<Type> = false,
  Args extends InputFieldMap = Record<never, never>,
>(builder: LongshoreBuilder, spec: QuerySpec<Type, Nullable, Args>): void {
  const guard = recordRootField(builder, 'Query', spec.name, spec.allow);
  builder.queryField(
    spec.name,
    (t) =>
      t.field({
        type: spec.type,
        nullable: spec.nullable ?? false,
        description: spec.description,
        args: (spec.args?.(t.arg as never) ?? {}) as Args,
        resolve: (_root: unknown, args: unknown, context: RequestContext) => {
          assertRootFieldAllowed(guard, `query ${spec.name}`, context);
          return spec.resolve(args as InputShapeFromFields<Args>, context);
        },
      } as unknown as FieldOptionsFromKind<
        LongshoreTypes,
        object,
        Type,
        Nullable,
        Args,
        'Query',
        unknown,
        unknown
      >) as never,
  );
}
