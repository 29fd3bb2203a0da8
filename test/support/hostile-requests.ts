/** A request that is to cost its sender more than the gateway. */
export interface HostileRequest {
  readonly name: string;
  readonly body: string;
  readonly status: number;
  readonly code: string;
}

const times = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');
const nested = (levels: number, open: string, middle: string, close: string): string =>
  `${open.repeat(levels)}${middle}${close.repeat(levels)}`;
const document = (name: string, query: string, code = 'TOO_COMPLEX'): HostileRequest => ({
  name,
  body: JSON.stringify({ query }),
  status: 400,
  code,
});
const byId = 'query ($id: ID!) { node(id: $id) { id } }';

/**
 * What GraphQL servers were attacked with: more of something than a limit counts, the same where a limit may not look, and
 * what makes validation itself the attack (CVE-2023-26144, CVE-2025-32034, CVE-2026-40476; graphql-armor's pull request 823).
 * None of it may be executed.
 */
export const hostileRequests: readonly HostileRequest[] = [
  document('20,000 aliases', `{ ${times(20_000, (index) => `a${index}: viewer { name }`)} }`),
  document('aliases one above the limit', `{ ${times(51, (index) => `a${index}: viewer { name }`)} }`),
  document(
    'aliases in a fragment called __schema',
    `{ ...__schema } fragment __schema on Query { ${times(60, (index) => `a${index}: viewer { name }`)} }`,
  ),
  document(
    'aliases in a fragment that is spread 20 times',
    `{ ${times(20, (index) => `b${index}: viewer { ...F }`)} } fragment F on Viewer { ${times(10, (index) => `a${index}: name`)} }`,
  ),
  document(
    'aliases in inline fragments',
    `{ ${times(60, (index) => `... { ... on Query { a${index}: viewer { name } } }`)} }`,
  ),
  document('10,000 directives on one field', `{ viewer { name ${times(10_000, () => '@include(if: true)')} } }`),
  document('directives spread over many fields', `{ viewer { ${times(120, () => 'name @skip(if: false)')} } }`),
  document('1,000 unknown directives', `{ viewer { name ${times(1_000, () => '@a')} } }`),
  document('100,000 braces', '{ a '.repeat(100_000)),
  document('100,000 brackets', `{ nodes(ids: ${'['.repeat(100_000)}`),
  document('6,000 names of one field', `{ viewer { ${times(6_000, () => 'name')} } }`),
  document(
    'fragments that double on each of 40 levels',
    `{ pods { nodes { ...F0 } } } ${times(40, (index) => `fragment F${index} on Pod { a: workload { pods { nodes { ...F${index + 1} } } } b: workload { pods { nodes { ...F${index + 1} } } } }`)} fragment F40 on Pod { name }`,
  ),
  document(
    'fragments that spread one another in a circle',
    `{ viewer { ...F0 } } ${times(50, (index) => `fragment F${index} on Viewer { name ...F${(index + 1) % 50} }`)}`,
    'GRAPHQL_VALIDATION_FAILED',
  ),
  document(
    'fields that overlap in hundreds of fragments',
    `{ ${times(40, (index) => `...F${index}`)} } ${times(40, (index) => `fragment F${index} on Query { viewer { ${times(40, () => 'name')} } ${times(40 - index, (other) => `...G${other}`)} }`)} ${times(40, (index) => `fragment G${index} on Query { viewer { name roles } }`)}`,
    'GRAPHQL_VALIDATION_FAILED',
  ),
  document(
    'one name for two fields, a thousand times',
    `{ ${times(1_000, (index) => `x: ${index % 2 === 0 ? 'viewer' : 'version'} { name }`)} }`,
  ),
  document(
    'lists in lists in lists',
    `{ pods(first: 1000) { nodes { workload { pods(first: 1000) { nodes { workload { pods(first: 1000) { nodes { name } } } } } } } } }`,
  ),
  document(
    'a query 100 levels deep',
    `{ pods { nodes { ${nested(100, 'workload { pods { nodes { ', 'name', ' } } }')} } } }`,
  ),
  document(
    'an introspection that follows every type to every type',
    `{ __schema { types { fields { type { fields { type { fields { type { fields { type { fields { type { fields { name } } } } } } } } } } } } } }`,
    'GRAPHQL_VALIDATION_FAILED',
  ),
  document('introspection under 200 names', `{ ${times(200, (index) => `a${index}: __schema { types { name } }`)} }`),
  document('200 fields that nobody has', `{ ${times(200, (index) => `nobody${index}`)} }`, 'GRAPHQL_VALIDATION_FAILED'),
  document(
    '100 operations of which none is chosen',
    times(100, (index) => `query Q${index} { viewer { name } }`),
    'GRAPHQL_VALIDATION_FAILED',
  ),
  {
    name: 'an array of 1,000 requests',
    body: JSON.stringify(Array.from({ length: 1_000 }, () => ({ query: '{ viewer { name } }' }))),
    status: 400,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'a variable of 10 MB',
    body: JSON.stringify({ query: byId, variables: { id: 'x'.repeat(10_000_000) } }),
    status: 413,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'a variable that is 100,000 lists deep',
    body: `{"query":"${byId}","variables":{"id":${nested(100_000, '[', '', ']')}}}`,
    status: 400,
    code: 'TOO_COMPLEX',
  },
  {
    name: 'a variable with 10,000 unknown keys',
    body: JSON.stringify({
      query: 'query ($filter: PodFilter) { pods(filter: $filter) { totalCount } }',
      variables: { filter: Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index])) },
    }),
    status: 400,
    code: 'TOO_COMPLEX',
  },
  {
    name: 'a number of 100,000 digits',
    body: `{"query":"{ pods(first: ${'9'.repeat(100_000)}) { totalCount } }"}`,
    status: 400,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
];
