import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import type { ClusterProblem, MaybePromise } from '../../kube/cluster-reader.ts';
import type {
  ArgBuilder,
  InputFieldBuilder,
  InputTypeRef,
  InterfaceTypeRef,
  LongshoreBuilder,
  TypeRef,
} from '../builder.ts';
import { typeRef } from '../builder.ts';
import { rowsOfClusters } from '../items/item-schema.ts';
import { mapMaybe } from '../map-maybe.ts';
import type { RequestContext } from '../request-context.ts';
import { cutPage, type Page, type PageArguments, type RowOrder } from './cut-page.ts';
import type { SortValue } from './list-cursor.ts';
import { clusterProblemRef, pageInfoRef } from './page-info.ts';
import { type OrderDirection, type PlacedRow, sortRows } from './sort-rows.ts';
import { createSortedViews } from './sorted-views.ts';
import { SourceRows } from './source-rows.ts';

/** What makes a row unique in every list; for rows of a table `name` is its key. */
export interface RowPlace {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

export interface ListOrder<T> {
  readonly description: string;
  /** Undefined and null sort last. */
  readonly value: (row: T) => SortValue | undefined;
}

export interface ListSpec<T, Fields extends InputFieldMap> {
  /** Name of the node's type: the connection is `<name>Connection`, its filter `<name>Filter`. */
  readonly name: string;
  readonly node: TypeRef<T> | InterfaceTypeRef<T>;
  /** Plural for descriptions, e.g. `pods`. */
  readonly plural: string;
  readonly filter: (t: InputFieldBuilder) => Fields;
  /** Compiles a filter once per list into a test per row. Throws `RequestError` or `ValidationError` for a bad one. */
  readonly matches: (filter: InputShapeFromFields<Fields>, context: RequestContext) => (row: T) => boolean;
  /** Fields to order by, SCREAMING_SNAKE. */
  readonly orders: Readonly<Record<string, ListOrder<T>>>;
  /** The order where the caller asks for none; otherwise by cluster, namespace and name. */
  readonly defaultOrder?: readonly OrderInput[];
  readonly place: (row: T) => RowPlace;
  /** Rows are objects of clusters: the same as long as nothing in them has changed, so that their text can be kept. */
  readonly areRowsOfClusters?: boolean;
}

export interface OrderInput {
  readonly field: string;
  readonly direction: OrderDirection;
}

export interface ListArguments<Filter> extends PageArguments {
  readonly filter?: Filter | null | undefined;
  readonly orderBy?: readonly OrderInput[] | null | undefined;
}

/** Rows before filter, order and page; or a page that the source has cut itself (a table with its own index). */
export interface ListRows<T> {
  readonly items: Iterable<T>;
  readonly problems?: readonly ClusterProblem[];
}

export interface Connection<T> extends Page<T> {
  readonly totalCount: number | undefined;
  readonly problems: readonly ClusterProblem[];
}

/** A node type's connection with its filter and order: made once per type, used by root lists and relations alike. */
export interface ListType<T, Filter> {
  readonly name: string;
  readonly plural: string;
  readonly connection: TypeRef<Connection<T>>;
  /** The arguments of a field that answers this connection. */
  args(t: ArgBuilder): ListFieldArguments;
  /** The filter's input type, for arguments of a stream of the same thing. */
  readonly filterType: InputTypeRef<Filter>;
  compileFilter(filter: Filter | null | undefined, context: RequestContext): (row: T) => boolean;
  /** Filter, order and page over the whole set; synchronous where the rows are. */
  answer(
    context: RequestContext,
    args: ListArguments<Filter>,
    rows: MaybePromise<ListRows<T>>,
  ): MaybePromise<Connection<T>>;
}

type ListFieldArguments = InputFieldMap;

/** Whether a source has seen to everything that a filter asks for. */
function isAnswered(filter: object | null | undefined, narrowedBy: object): boolean {
  return Object.entries(filter ?? {}).every(
    ([name, value]) => value === undefined || value === null || name in narrowedBy,
  );
}

/** Orders asked for at once; more would only make cursors long. */
const maxOrders = 4;

export function defineList<T, Fields extends InputFieldMap>(
  builder: LongshoreBuilder,
  spec: ListSpec<T, Fields>,
): ListType<T, InputShapeFromFields<Fields>> {
  type Filter = InputShapeFromFields<Fields>;
  const connection = registerConnection(builder, spec);
  const filterType = builder.inputType(`${spec.name}Filter`, {
    description: `Which ${spec.plural} to list. What is set must all hold.`,
    fields: spec.filter as never,
  }) as unknown as InputTypeRef<Filter>;
  const orderType = registerOrder(builder, spec);
  const views = createSortedViews<T>();
  const list: ListType<T, Filter> = {
    name: spec.name,
    plural: spec.plural,
    connection,
    filterType,
    args: (t) => ({
      first: t.int({
        description: 'How many rows from the start, 0 to 1000; 50 where neither first nor last is given.',
      }),
      after: t({ type: 'Cursor', description: 'Only rows behind this cursor.' }),
      last: t.int({ description: 'How many rows from the end, 0 to 1000.' }),
      before: t({ type: 'Cursor', description: 'Only rows before this cursor.' }),
      filter: t({ type: filterType as never, description: `Which ${spec.plural} to list.` }),
      orderBy: t({
        type: [orderType] as never,
        description: `Order of the whole set before the page is cut, up to ${maxOrders} fields; ties by cluster, namespace, name.`,
      }),
    }),
    compileFilter: (filter, context) => (filter ? spec.matches(filter, context) : () => true),
    answer(context, args, rows) {
      const asked = (args.orderBy?.length ? args.orderBy : (spec.defaultOrder ?? [])).slice(0, maxOrders);
      const order: RowOrder = {
        key: [spec.name, ...asked.map((item) => `${item.field}:${item.direction}`)].join(','),
        directions: asked.map((item) => item.direction),
      };
      const { directions } = order;
      const place = (row: T): PlacedRow<T> => {
        const values = asked.map((item) => spec.orders[item.field]?.value(row) ?? null);
        return { row, position: { values, ...spec.place(row) } };
      };
      const matches = list.compileFilter(args.filter, context);
      return mapMaybe(rows, ({ items, problems }) => {
        let sorted: readonly PlacedRow<T>[];
        if (items instanceof SourceRows) {
          const { parts, narrowedBy } = items as SourceRows<T>;
          const key = `${order.key} ${context.access.canonical} ${JSON.stringify(narrowedBy)}`;
          sorted = views.sorted({ key, parts, directions, place });
          if (!isAnswered(args.filter, narrowedBy)) sorted = sorted.filter(({ row }) => matches(row));
        } else {
          const wanted: PlacedRow<T>[] = [];
          for (const row of items) if (matches(row)) wanted.push(place(row));
          sorted = sortRows(wanted, directions);
        }
        return { ...cutPage(sorted, order, args), totalCount: sorted.length, problems: problems ?? [] };
      });
    },
  };
  remember(builder, list);
  return list;
}

function registerConnection<T, Fields extends InputFieldMap>(builder: LongshoreBuilder, spec: ListSpec<T, Fields>) {
  const edge = typeRef<{ cursor: string; node: T }>(`${spec.name}Edge`);
  builder.objectType(edge, {
    description: `One of the ${spec.plural} with its place in the list.`,
    fields: (t) => ({
      cursor: t.field({
        type: 'Cursor',
        description: 'Its place, for `after` and `before`.',
        resolve: (row) => row.cursor,
      }),
      node: t.field({ type: spec.node, description: 'The row itself.', resolve: (row) => row.node as never }),
    }),
  });
  const connection = typeRef<Connection<T>>(`${spec.name}Connection`);
  builder.objectType(connection, {
    description: `A page of ${spec.plural}.`,
    ...(spec.areRowsOfClusters ? { extensions: { [rowsOfClusters]: true } } : {}),
    fields: (t) => ({
      edges: t.field({ type: [edge], description: 'The rows with their cursors.', resolve: (page) => [...page.edges] }),
      nodes: t.field({
        type: [spec.node],
        description: 'The rows without cursors.',
        resolve: (page) => page.edges.map((row) => row.node) as never,
      }),
      pageInfo: t.field({ type: pageInfoRef, description: 'Where this page stands.', resolve: (page) => page }),
      totalCount: t.int({
        nullable: true,
        description:
          'Rows in the whole set that match the filter; null where counting them would cost more than the page.',
        resolve: (page) => page.totalCount ?? null,
      }),
      problems: t.field({
        type: [clusterProblemRef],
        description: 'Clusters whose rows are missing or old, and why.',
        resolve: (page) => [...page.problems],
      }),
    }),
  });
  return connection;
}

function registerOrder<T, Fields extends InputFieldMap>(builder: LongshoreBuilder, spec: ListSpec<T, Fields>): unknown {
  const values = Object.fromEntries(
    Object.entries(spec.orders).map(([name, order]) => [name, { description: order.description }]),
  );
  const field = builder.enumType(`${spec.name}OrderField`, { description: `What to order ${spec.plural} by.`, values });
  return builder.inputType(`${spec.name}Order`, {
    description: `An order of ${spec.plural}.`,
    fields: (t) => ({
      field: t.field({ type: field, required: true, description: 'What to order by.' }),
      direction: t.field({
        type: 'OrderDirection' as never,
        required: true,
        defaultValue: 'ASC' as never,
        description: 'In which direction.',
      }),
    }),
  });
}

const listsOfBuilders = new WeakMap<LongshoreBuilder, Map<string, ListType<never, never>>>();

function remember<T, Filter>(builder: LongshoreBuilder, list: ListType<T, Filter>): void {
  const lists = listsOfBuilders.get(builder) ?? new Map<string, ListType<never, never>>();
  listsOfBuilders.set(builder, lists.set(list.name, list as unknown as ListType<never, never>));
}

/** The list type of a node type that any plugin has defined, by the node type's name; call it inside a field thunk. */
export function listTypeOf<T, Filter = unknown>(builder: LongshoreBuilder, nodeTypeName: string): ListType<T, Filter> {
  const list = listsOfBuilders.get(builder)?.get(nodeTypeName);
  if (!list) throw new Error(`No plugin defines a list of '${nodeTypeName}'`);
  return list as unknown as ListType<T, Filter>;
}
