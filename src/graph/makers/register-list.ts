import type { MaybePromise } from '../../kube/cluster-reader.ts';
import type { FieldBuilder, LongshoreBuilder } from '../builder.ts';
import type { Connection, ListArguments, ListRows, ListType } from '../lists/define-list.ts';
import { listTypeOf } from '../lists/define-list.ts';
import type { RequestContext } from '../request-context.ts';
import { type Allow, assertRootFieldAllowed, recordRootField } from './guard-root-field.ts';

export interface RootListSpec<T, Filter> {
  readonly name: string;
  readonly description: string;
  readonly allow: Allow;
  readonly list: ListType<T, Filter>;
  /** Arguments besides those of every list, e.g. a required apiVersion. */
  readonly args?: (t: FieldBuilder<unknown>['arg']) => object;
  /** The rows this caller may read, before filter, order and page; push down of the filter what an index can answer. */
  readonly rows?: (
    args: ListArguments<Filter> & Readonly<Record<string, unknown>>,
    context: RequestContext,
  ) => MaybePromise<ListRows<T>>;
  /** Instead of `rows`, where the source filters, orders and cuts the page itself (a table with its own index). */
  readonly page?: (args: ListArguments<Filter>, context: RequestContext) => MaybePromise<Connection<T>>;
}

/** A root field that lists: a connection with filter, order, page and problems. */
export function registerList<T, Filter>(builder: LongshoreBuilder, spec: RootListSpec<T, Filter>): void {
  const guard = recordRootField(builder, 'Query', spec.name, spec.allow);
  const { rows, page } = spec;
  if ((rows === undefined) === (page === undefined)) {
    throw new Error(`The list '${spec.name}' needs either rows or page`);
  }
  builder.queryField(
    spec.name,
    (t) =>
      t.field({
        type: spec.list.connection as never,
        description: spec.description,
        args: { ...(spec.args?.(t.arg as never) ?? {}), ...spec.list.args(t.arg as never) } as never,
        resolve: (_root: unknown, args: unknown, context: RequestContext) => {
          assertRootFieldAllowed(guard, `query ${spec.name}`, context);
          const asked = args as ListArguments<Filter> & Readonly<Record<string, unknown>>;
          return rows ? spec.list.answer(context, asked, rows(asked, context)) : page?.(asked, context);
        },
      } as never) as never,
  );
}

export interface RelationSpec<Parent, T, Filter> {
  readonly description: string;
  /** Name of the node type whose list some plugin has defined, e.g. `Pod`. */
  readonly of: string;
  readonly rows: (parent: Parent, context: RequestContext, args: ListArguments<Filter>) => MaybePromise<ListRows<T>>;
}

/**
 * A connection on an object, with the same filter, order and page as the root list of that type:
 * `builder.objectField(serviceRef, 'pods', (t) => relationField(builder, t, { of: 'Pod', … }))`.
 */
export function relationField<Parent, T, Filter = unknown>(
  builder: LongshoreBuilder,
  t: FieldBuilder<Parent>,
  spec: RelationSpec<Parent, T, Filter>,
): ReturnType<FieldBuilder<Parent>['field']> {
  const list = listTypeOf<T, Filter>(builder, spec.of);
  return t.field({
    type: list.connection as never,
    description: spec.description,
    args: list.args(t.arg as never) as never,
    resolve: (parent: unknown, args: unknown, context: RequestContext) => {
      const asked = args as ListArguments<Filter>;
      return list.answer(context, asked, spec.rows(parent as Parent, context, asked));
    },
  } as never) as ReturnType<FieldBuilder<Parent>['field']>;
}
