import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOperationRecords } from '../../src/audit/create-operation-records.ts';
import type { OperationRecord } from '../../src/audit/operation-records.ts';
import { startPostgres } from '../../src/data/testing/start-postgres.ts';
import { loadEngines } from '../../src/embedded/engines/load-engines.ts';
import type { RequestRecord } from '../../src/embedded/request-log.ts';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { createFailpoints } from '../../src/kernel/failpoints.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { settleOperation } from '../../src/server/settle-operation.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { type MutationWorld, mutationInputs } from '../support/mutation-inputs.ts';
import { selectFromSuccess } from '../support/select-from-success.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

// The schema itself says which mutations there are, so that this cannot lag behind it.
const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
/**
 * The first needs a plugin with networks: test/partner/workspace-networks.test.ts. The others need a kubelet: log-files.test.ts,
 * file-browser.test.ts.
 */
const elsewhere = new Set([
  'bindWorkspaceNetwork',
  ...['downloadLogFile', 'truncateLogFile', 'deleteLogFile'],
  ...['downloadFile', 'uploadFile', 'createDirectory', 'renameFile', 'deleteFile'],
]);
const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {}).filter((name) => !elsewhere.has(name));
/** These are called a hundred times at once, the others a few times. */
const manyTimes = new Set(['createWorkspace', 'scaleWorkload']);

const token = 'the-token-of-an-administrator-of-everything';
const stack = new AsyncDisposableStack();
/** Two replicas where there is a PostgreSQL to share, else one on the embedded database. */
let replicas: readonly TestGateway[] = [];
let world: MutationWorld;

beforeAll(async () => {
  const server = await startPostgres();
  if (server) stack.defer(() => server.stop());
  const database = server ? { databaseUrl: await server.createDatabase() } : {};
  const cluster = stack.use(
    await startEmbeddedCluster({
      name: 'main',
      controllers: false,
      engines: await loadEngines(['kruise', 'volume-snapshot', 'kube-ovn', 'gateway-api', 'cluster-api']),
    }),
  );
  const { path } = stack.use(await kubeconfigFile(cluster));
  const settings = {
    embedded: { enabled: false },
    egress: { allow: ['127.0.0.1'] },
    tokens: [staticToken('operator', token, { roles: ['ADMIN'] })],
    clusters: [{ name: 'main', kubeconfig: path }],
  };
  const first = stack.use(await startTestGateway({ ...database, settings }));
  replicas = server ? [first, stack.use(await startTestGateway({ ...database, settings }))] : [first];
  // Who calls is taken down by itself, once on each replica: not by what is tested.
  for (const replica of replicas) await replica.query('{ users(first: 1) { totalCount } }', {}, { token });
  world = {
    cluster,
    mutate: async <T>(name: string, input: object, fields: string) => {
      const answer = await call(first, name, input, fields);
      if (answer.__typename !== `${capitalize(name)}Success`) throw new Error(`${name}: ${JSON.stringify(answer)}`);
      return answer as T;
    },
    execute: (statement) => first.gateway.foundation.database.db.execute(statement),
    untilSeen: async (id) => {
      for (const replica of replicas) await until(async () => expect(await read(replica, id)).not.toBeNull());
    },
  };
});
afterAll(() => stack.disposeAsync());

const capitalize = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };

async function call(
  replica: TestGateway,
  name: string,
  input: object,
  fields = selectFromSuccess(schema, name),
): Promise<Answer> {
  const type = capitalize(name);
  const { data, errors } = await replica.query<Record<string, Answer>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) {
      __typename ... on ${type}Success { ${fields} } ... on Error { code message }
    } }`,
    { input },
    { token },
  );
  const answer = data?.[name];
  if (!answer) throw new Error(`${name}: ${JSON.stringify(errors)}`);
  return answer;
}

interface Seen {
  readonly id: string;
  readonly resourceVersion?: string;
  readonly deletionRequestedAt?: string | null;
  readonly version?: number;
}

async function read(replica: TestGateway, id: string): Promise<Seen | null> {
  const { data } = await replica.query<{ node: Seen | null }>(
    `query ($id: ID!) { node(id: $id) { id ... on KubernetesObject { resourceVersion deletionRequestedAt }
      ... on Workspace { version } ... on Project { version } ... on Department { version }
      ... on Application { version } ... on AlarmPolicy { version } ... on LogStore { version }
      ... on OrchestrationTemplate { version } ... on AppService { version } ... on AppServiceVersion { version }
      ... on Stack { version } ... on ClusterRegistration { version } ... on EventWebhook { version } } }`,
    { id },
    { token },
  );
  return data?.node ?? null;
}

async function inputOf(name: string): Promise<object> {
  const row = mutationInputs[name];
  if (!row) throw new Error(`Add a row for ${name} to test/support/mutation-inputs.ts`);
  return row(world);
}

async function countRecords(action?: string): Promise<number> {
  const { data } = await (replicas[0] as TestGateway).query<{ operationRecords: { totalCount: number } }>(
    'query ($actions: [String!]) { operationRecords(first: 1, filter: { actions: $actions }) { totalCount } }',
    { actions: action === undefined ? undefined : [action] },
    { token },
  );
  return data?.operationRecords.totalCount ?? Number.NaN;
}

/** What changes a cluster: writes that are no dry runs, and no questions about rights. */
const isWrite = ({ method, query, group }: RequestRecord): boolean =>
  method !== 'GET' && !query.includes('dryRun=All') && !/^(authorization|authentication)\.k8s\.io$/.test(group);

const countWrites = (): number => world.cluster.requests.count(isWrite);

/** What a loop has in its hands moves by itself: an operation that runs, and a drain until it has ended. */
const movesByItself: Readonly<Record<string, string>> = {
  core_operations: `status = 'PENDING' and runner is not null`,
  compute_node_drains: 'ended_at is null',
};

/** Every row of the platform's own tables, without what the process does for itself. */
async function digestOfTables(): Promise<string> {
  const { db } = (replicas[0] as TestGateway).gateway.foundation.database;
  const tables = await db.execute<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = current_schema()
       and tablename !~ '(lease|queue|journal|job|migration|session|users|meter|usage_)' order by 1`,
  );
  const counted = tables.map(
    ({ name }) =>
      `select '${name}' as name, md5(coalesce(string_agg(t::text, ';' order by t::text), '')) as sum from ${name} t
         where not (${movesByItself[name] ?? 'false'})`,
  );
  return JSON.stringify(await db.execute(counted.join(' union all ')));
}

it('every mutation of the schema has an input to be tested with', () => {
  expect(mutations.filter((name) => !(name in mutationInputs))).toEqual([]);
});

describe('a dry run', () => {
  it.each(
    mutations,
  )('of %s changes nothing, leaves no record and answers as the real thing (CORE-31)', async (name) => {
    const input = await inputOf(name);
    const before = [await digestOfTables(), countWrites(), await countRecords()];
    const answer = await call(replicas[0] as TestGateway, name, { ...input, dryRun: true });
    expect(answer).toMatchObject({ __typename: `${capitalize(name)}Success`, operation: null });
    expect([await digestOfTables(), countWrites(), await countRecords()]).toEqual(before);
  });
});

describe('the idempotency key', () => {
  it.each(
    mutations,
  )('of %s gives one effect and equal answers on all replicas, also for a lost answer, and refuses other input (P18)', async (name) => {
    const input = { ...(await inputOf(name)), idempotencyKey: `once-for-${name}` };
    const before = await countRecords(name);
    const answers = await Promise.all(
      Array.from({ length: manyTimes.has(name) ? 100 : 6 }, (_, index) =>
        call(replicas[index % replicas.length] as TestGateway, name, input),
      ),
    );
    const later = await call(replicas.at(-1) as TestGateway, name, input);
    expect(later.__typename).toBe(`${capitalize(name)}Success`);
    for (const answer of answers) expect(answer).toEqual(later);
    // Other input under the same key.
    const other = { ...(await inputOf(name)), idempotencyKey: input.idempotencyKey };
    expect((await call(replicas.at(-1) as TestGateway, name, other)).__typename).toBe('ConflictError');
    expect(await countRecords(name)).toBe(before + 1);
  });
});

describe('a write', () => {
  it.each(mutations)('by %s shows in the next read of who made it (P8)', async (name) => {
    const [replica] = replicas as [TestGateway];
    const answer = await call(replica, name, await inputOf(name));
    if (typeof answer.id === 'string' && name.startsWith('delete')) {
      const left = await read(replica, answer.id);
      expect(left?.deletionRequestedAt ?? left).toEqual(left === null ? null : expect.any(String));
    }
    for (const { id, ...version } of thingsIn(answer)) expect(await read(replica, id)).toMatchObject(version);
  });
});

describe('what was done', () => {
  /** Everything that was ever recorded. */
  async function allRecords(): Promise<readonly OperationRecord[]> {
    const { operations } = (replicas[0] as TestGateway).gateway.rooms;
    const found: OperationRecord[] = [];
    for (let hasMore = true; hasMore; ) {
      const last = found.at(-1);
      const page = await operations.list({}, { first: 500, after: last && { createdAt: last.createdAt, id: last.id } });
      found.push(...page.records);
      ({ hasMore } = page);
    }
    return found;
  }

  it.each(
    mutations,
  )('by %s is settled where its process ended before it could close the record (P19, CORE-18)', async (name) => {
    const [replica] = replicas as [TestGateway];
    const { failpoints } = replica.gateway;
    const input = await inputOf(name);
    const stuck = Promise.withResolvers<void>();
    const free = Promise.withResolvers<void>();
    const disarm = failpoints.arm('operation.before-close', () => {
      disarm();
      stuck.resolve();
      return free.promise;
    });
    const answered = call(replica, name, input);
    await Promise.race([stuck.promise, answered]);
    // As another replica sees it ten minutes later.
    const { database } = replica.gateway.foundation;
    const clock = { ...systemClock, now: () => systemClock.now() + 600_000 };
    const others = createOperationRecords({ database, clock, logger: silentLogger, failpoints: createFailpoints() });
    await others.sweep((record) => settleOperation(record, replica.gateway.rooms.clusters));
    const { records } = await others.list({ statuses: ['PENDING'], actions: [name] }, { first: 100 });
    // What has a loop is that loop's.
    expect(records.filter(({ runner }) => !runner)).toEqual([]);
    free.resolve();
    await answered;
  });

  it('to the cluster stands in the records, each write of it, and no record stays open (P19)', async () => {
    // Loops go on meanwhile, and what they write to the cluster is written down a moment later.
    const found = await until(async () => {
      const count = countWrites();
      const requested = world.cluster.requests.entries
        .filter(isWrite)
        .filter(({ name }) => name !== '')
        .map(({ namespace, resource, name }) => `${resource === 'namespaces' ? '' : (namespace ?? '')}/${name}`);
      const records = await allRecords();
      const noted = records.flatMap(({ writes }) => writes.map(({ namespace, name }) => `${namespace ?? ''}/${name}`));
      expect(requested.filter((name) => !noted.includes(name))).toEqual([]);
      // What makes something does not name it in its path: those are counted.
      expect(records.reduce((sum, { writeCount }) => sum + writeCount, 0)).toBeGreaterThanOrEqual(count);
      return records;
    });
    const own = new Set(mutations);
    expect(found.filter(({ status, action, runner }) => status === 'PENDING' && !runner && own.has(action))).toEqual(
      [],
    );
  });
});

/** What a success shows by id, with the version that it then had. */
function thingsIn(answer: Answer): readonly Seen[] {
  const things: Seen[] = [];
  JSON.parse(JSON.stringify(answer), (key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('id' in value) || key === 'operation') return value;
    const { id, resourceVersion, version } = value as Seen;
    const shown = resourceVersion === undefined ? { version } : { resourceVersion };
    things.push({ id, ...(shown as Partial<Seen>) });
    return value;
  });
  return things.filter((thing) => thing.resourceVersion !== undefined || thing.version !== undefined);
}
