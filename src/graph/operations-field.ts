import type { OperationFilter, OperationRecord } from '../audit/operation-records.ts';
import type { FieldBuilder, LongshoreBuilder } from './builder.ts';
import { type Connection, type ListArguments, type ListType, listTypeOf } from './lists/define-list.ts';
import type { RequestContext } from './request-context.ts';
import { registryOf } from './schema/schema-registry.ts';

/** A page of operation records that this caller may see, of what `narrow` leaves. */
export type LoadOperationPage = (
  args: Pick<ListArguments<never>, 'first' | 'after' | 'filter' | 'orderBy'>,
  narrow: OperationFilter,
  context: RequestContext,
) => Promise<Connection<OperationRecord>>;

/**
 * A connection of operation records on something, as `operations` of a type: the same as the root list `operationRecords`, of what `narrow`
 * leaves, e.g. `(row) => ({ targetId: row.id })` (CORE-20). The core plugin loads it.
 */
export function operationsField<Parent>(
  builder: LongshoreBuilder,
  t: FieldBuilder<Parent>,
  description: string,
  narrow: (parent: Parent) => OperationFilter,
) {
  const list = listTypeOf<OperationRecord, never>(builder, 'OperationRecord');
  return t.field({
    type: list.connection as never,
    description,
    args: operationArgs(list, t.arg as never) as never,
    resolve: (parent: unknown, args: unknown, context: RequestContext) => {
      const { loadOperationPage } = registryOf(builder);
      if (!loadOperationPage) throw new Error('operations-without-loader');
      return loadOperationPage(args as ListArguments<never>, narrow(parent as Parent), context);
    },
  } as never) as ReturnType<FieldBuilder<Parent>['field']>;
}

/** Pages go one way, in the order that the table has an index for. */
export function operationArgs(list: ListType<OperationRecord, never>, t: FieldBuilder<unknown>['arg']): object {
  const { first, after, filter, orderBy } = list.args(t) as unknown as Record<string, unknown>;
  return { first, after, filter, orderBy };
}
