import { buildSchema, type ExecutionArgs, execute, getOperationAST, isObjectType, parse } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCompiledPlans } from '../execution/compiled-plans.ts';
import type { RequestContext } from '../request-context.ts';
import type { RenderedResult } from '../reuse/rendered-result.ts';
import { createRequestReads } from '../reuse/request-reads.ts';
import { createItemExecution, type ExecuteByItems } from './execute-by-items.ts';
import { rowsOfClusters } from './item-schema.ts';

interface Row {
  readonly name: string;
}

/** What the rows show besides themselves, with its revision; undefined where it has none. */
let weather: { text: string; revision: number | undefined };
let rows: Row[];
/** Rows whose name was resolved, in the order in which it was asked for. */
let resolved: string[];
let executeByItems: ExecuteByItems;

const schema = buildSchema(`
  type Query { rows(order: String, hidden: String): RowConnection! other: String, plain: PlainConnection! }
  type PlainConnection { nodes: [Row!]! }
  type RowConnection { nodes: [Row!]! edges: [RowEdge!]! totalCount: Int }
  type RowEdge { cursor: String! node: Row! }
  type Row { name(suffix: String): String! weather: String late: String broken: String self: Row }
`);
const connectionType = schema.getType('RowConnection');
if (isObjectType(connectionType)) connectionType.extensions = { [rowsOfClusters]: true };
const resolvers: Record<string, Record<string, (parent: never, args: never, context: RequestContext) => unknown>> = {
  Query: {
    rows: (_root, { order = 'up', hidden }: { order?: string; hidden?: string }) => ({
      order,
      totalCount: rows.length,
      edges: rows.filter(({ name }) => name !== hidden).map((node) => ({ node, cursor: `${order} ${node.name}` })),
    }),
    plain: () => ({ nodes: rows }),
    other: () => 'here',
  },
  RowConnection: { nodes: ({ edges }: { edges: { node: Row }[] }) => edges.map(({ node }) => node) },
  Row: {
    name({ name }: Row, { suffix = '' }: { suffix?: string }) {
      resolved.push(name);
      return name + suffix;
    },
    weather(_row, _args, { reads }) {
      reads.read('weather', () => weather.revision);
      return weather.text;
    },
    late: () => Promise.resolve('late'),
    broken: () => {
      throw new Error('no');
    },
    self: (row: Row) => row,
  },
};
for (const [type, fields] of Object.entries(resolvers)) {
  const named = schema.getType(type);
  for (const [field, resolve] of Object.entries(fields)) {
    if (isObjectType(named)) Object.assign(named.getFields()[field] ?? {}, { resolve });
  }
}

beforeEach(() => {
  weather = { text: 'fair', revision: 1 };
  rows = ['a', 'b', 'c'].map((name) => ({ name }));
  resolved = [];
  executeByItems = createItemExecution({ plans: createCompiledPlans(), maxBytes: 1_000_000 });
});

const documents = new Map<string, ReturnType<typeof parse>>();

function contextOf(rights: string): RequestContext {
  const reads = createRequestReads({} as never);
  reads.begin();
  return { access: { canonical: rights }, reads, fork: () => contextOf(rights) } as unknown as RequestContext;
}

function argsOf(query: string, variableValues: Readonly<Record<string, unknown>> = {}, rights = 'all') {
  const document = documents.get(query) ?? parse(query);
  documents.set(query, document);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const args = { schema, document, variableValues, contextValue: contextOf(rights) } satisfies ExecutionArgs;
  return { args, operation };
}

function ask(query: string, variables?: Readonly<Record<string, unknown>>, rights?: string) {
  const { args, operation } = argsOf(query, variables, rights);
  return executeByItems(args, operation);
}

/** The answer by rows, after it was held against the one of graphql-js. */
function told(query: string, variables?: Readonly<Record<string, unknown>>, rights?: string): unknown {
  resolved = [];
  const answer = ask(query, variables, rights) as RenderedResult | undefined;
  if (!answer) return undefined;
  const asked = [...resolved];
  const whole = execute(argsOf(query, variables, rights).args);
  expect(Buffer.from(answer.stringify()).toString()).toBe(JSON.stringify(whole));
  expect(answer.data).toEqual(JSON.parse(JSON.stringify(whole)).data);
  resolved = asked;
  return answer.data;
}

describe('the execution of lists by their rows', () => {
  it('executes each row once, and again only the one that was replaced', () => {
    const query = '{ rows { totalCount nodes { name } } other }';
    expect(told(query)).toEqual({ rows: { totalCount: 3, nodes: rows }, other: 'here' });
    expect(resolved).toEqual(['a', 'b', 'c']);
    told(query);
    expect(resolved).toEqual([]);
    rows = rows.map((row) => (row.name === 'b' ? { name: 'B' } : row));
    told(query);
    expect(resolved).toEqual(['B']);
    rows = [...rows.slice(1), { name: 'd' }];
    told(query);
    expect(resolved).toEqual(['d']);
    rows = [];
    expect(told(query)).toEqual({ rows: { totalCount: 0, nodes: [] }, other: 'here' });
  });

  it('executes rows again when what they show besides themselves has changed', () => {
    const query = '{ rows { nodes { name weather } } }';
    told(query);
    told(query);
    expect(resolved).toEqual([]);
    weather = { text: 'foul', revision: 2 };
    expect(told(query)).toMatchObject({ rows: { nodes: [{ weather: 'foul' }, {}, {}] } });
    expect(resolved).toEqual(['a', 'b', 'c']);
  });

  it('tells the request what rows were made from, also those it did not execute', () => {
    const query = '{ rows { nodes { name weather } } }';
    told(query);
    const { args, operation } = argsOf(query);
    executeByItems(args, operation);
    expect(args.contextValue.reads.sources()).toMatchObject([{ key: 'weather', revision: 1 }]);
  });

  it('keeps rows apart by rights, and by the variables that they show and no others', () => {
    const query = `query ($suffix: String, $hidden: String) {
      rows(hidden: $hidden) { nodes { ...Named } }
    }
    fragment Named on Row { self { name(suffix: $suffix) } }`;
    told(query, { suffix: '!' });
    told(query, { suffix: '!', hidden: 'a' });
    expect(resolved).toEqual([]);
    told(query, { suffix: '?' });
    expect(resolved).toEqual(['a', 'b', 'c']);
    told(query, { suffix: '!' }, 'few');
    expect(resolved).toEqual(['a', 'b', 'c']);
  });

  it('keeps cursors apart by the order that they belong to', () => {
    const query = 'query ($order: String) { rows(order: $order) { edges { cursor node { name } } } }';
    expect(told(query, { order: 'up' })).toMatchObject({ rows: { edges: [{ cursor: 'up a' }, {}, {}] } });
    expect(told(query, { order: 'down' })).toMatchObject({ rows: { edges: [{ cursor: 'down a' }, {}, {}] } });
    told(query, { order: 'up' });
    expect(resolved).toEqual([]);
  });

  it.each([
    {
      title: 'aliases',
      query: '{ x: rows { n: nodes { name } m: nodes { name weather } } y: rows { edges { cursor } } }',
    },
    {
      title: 'conditions',
      query: 'query ($yes: Boolean = false) { rows { nodes @include(if: $yes) { name } totalCount } }',
    },
    { title: 'defaults of variables', query: 'query ($s: String = "!") { rows { nodes { name(suffix: $s) } } }' },
    {
      title: 'defaults of variables that may not be null',
      query: 'query ($s: String! = "!") { rows { nodes { name(suffix: $s) } } }',
    },
    { title: 'words beyond ASCII', query: '{ rows { nodes { name(suffix: "ü€😀\\"") } } }' },
  ])('answers $title like a whole execution', ({ query }) => {
    expect(told(query)).toBeDefined();
    expect(told(query)).toBeDefined();
  });

  it.each([
    { title: 'rows that need a promise', query: '{ rows { nodes { late } } }' },
    { title: 'rows that fail', query: '{ rows { nodes { name broken } } }' },
    { title: 'rows that are of no cluster', query: '{ plain { nodes { name } } }' },
    { title: 'fields that would have to be merged', query: '{ rows { nodes { name } } rows { nodes { weather } } }' },
    { title: 'rows behind a fragment', query: '{ ...All } fragment All on Query { rows { nodes { name } } }' },
    { title: 'variables that are refused', query: 'query ($n: String!) { rows { nodes { name(suffix: $n) } } }' },
  ])('leaves $title to be executed as a whole', ({ query }) => {
    expect(ask(query)).toBeUndefined();
  });

  it('leaves rows that show something without a revision alone, and tries again later', () => {
    weather.revision = undefined;
    const query = '{ rows { nodes { weather } } }';
    expect(ask(query)).toBeUndefined();
    weather.revision = 1;
    for (let use = 0; use < 50; use += 1) expect(ask(query)).toBeUndefined();
    expect(told(query)).toBeDefined();
  });
});
