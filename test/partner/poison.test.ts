import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createManualClock, startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLongshore } from '../support/command-line.ts';
import { until } from '../support/until.ts';
import { runClock } from './run-clock.ts';

const poison = (file: string) => fileURLToPath(new URL(`../fixtures/poison/${file}`, import.meta.url));

interface Poison {
  readonly file: string;
  /** Its name; the configured path where it could not even be loaded. */
  readonly name: string;
  readonly state?: 'FAILED' | 'DISABLED';
  readonly reason: string;
}

const circle =
  /^Plugins need each other in a circle: .*'cyclic-needs-a' requires 'cyclic-needs-b'.*Remove one of these links\.$/;

/** What each of the zoo must be told apart by. */
const zoo: readonly (Omit<Poison, 'reason'> & { readonly reason: string | RegExp })[] = [
  {
    file: 'throws-at-import.ts',
    name: poison('throws-at-import.ts'),
    reason: `Plugin '${poison('throws-at-import.ts')}' cannot be loaded: the licence file is not there`,
  },
  {
    file: 'wrong-version.ts',
    name: 'wrong-version',
    reason: "Plugin 'wrong-version' has version 'latest', which is no semantic version such as 1.2.3.",
  },
  {
    file: 'wrong-range.ts',
    name: 'wrong-range',
    reason:
      "Plugin 'wrong-range' requires plugin 'compute' ^9, but 1.0.0 is installed. Install a 'compute' in that range, or a 'wrong-range' made for 1.0.0.",
  },
  {
    file: 'missing-requirement.ts',
    name: 'missing-requirement',
    reason:
      "Plugin 'missing-requirement' requires plugin 'warehouse' (^1), which is not installed. Add 'warehouse' to plugins.",
  },
  {
    file: 'missing-service.ts',
    name: 'missing-service',
    reason:
      "Plugin 'missing-service' uses service 'warehouse.stock', which no installed plugin provides. Add 'warehouse' to plugins.",
  },
  { file: 'cyclic-needs-a.ts', name: 'cyclic-needs-a', state: 'DISABLED', reason: circle },
  { file: 'cyclic-needs-b.ts', name: 'cyclic-needs-b', state: 'DISABLED', reason: circle },
  {
    file: 'wrong-table-prefix.ts',
    name: 'wrong-table-prefix',
    reason:
      "Plugin 'wrong-table-prefix' has a table 'core_operations'; its tables must begin with 'wrong_table_prefix_'",
  },
  {
    file: 'bad-migration',
    name: 'bad-migration',
    reason: 'migration bad-migration/0001_init.sql failed: syntax error at or near "TABEL"',
  },
  {
    file: 'unknown-action.ts',
    name: 'unknown-action',
    reason: /^Plugin 'unknown-action' has a permission that names the action 'SING', which no plugin declares/,
  },
  {
    file: 'unbounded-permission.ts',
    name: 'unbounded-permission',
    reason: /^Plugin 'unbounded-permission' has a permission that has an empty condition/,
  },
  {
    file: 'duplicate-reason.ts',
    name: 'duplicate-reason',
    reason: "Plugin 'duplicate-reason' adds the reason 'NOT_SCALABLE', which exists already",
  },
  {
    file: 'duplicate-topic.ts',
    name: 'duplicate-topic',
    reason: "Plugin 'duplicate-topic': The topic 'duplicate-topic.news' is declared twice",
  },
  {
    file: 'duplicate-profile-key.ts',
    name: 'duplicate-profile-key',
    reason:
      "Plugins 'compute' and 'duplicate-profile-key' both declare the profile key 'replicas.max'. Rename one, or take the other's reference from its api.",
  },
  {
    file: 'wrong-profile',
    name: 'wrong-profile',
    reason:
      /csk\.yaml:4: plugin 'wrong-profile' may not add values of plugin 'compute' to a profile that it does not define$/,
  },
  {
    file: 'wrong-cron.ts',
    name: 'wrong-cron',
    reason: /^Plugin 'wrong-cron': job 'wrong-cron.report' needs a cron expression/,
  },
  {
    file: 'duplicate-type.ts',
    name: 'duplicate-type',
    reason: /Plugin 'duplicate-type' defines the type 'Pod', which plugin 'compute' defines already$/,
  },
  {
    file: 'duplicate-field.ts',
    name: 'duplicate-field',
    reason: "Plugin 'duplicate-field' defines the field 'Pod.podIP', which plugin 'compute' defines already",
  },
  {
    file: 'duplicate-query.ts',
    name: 'duplicate-query',
    reason: /Plugin 'duplicate-query' defines Query\.pods, which plugin 'compute' defines already$/,
  },
  {
    file: 'unguarded-root-field.ts',
    name: 'unguarded-root-field',
    reason: /^Plugin 'unguarded-root-field' adds Query\.backdoor without a guard: make root fields with registerQuery/,
  },
  {
    file: 'rule-less-root-field.ts',
    name: 'rule-less-root-field',
    reason: /Plugin 'rule-less-root-field' does not say who may call Query\.openToWhom/,
  },
  {
    file: 'undescribed-field.ts',
    name: 'undescribed-field',
    reason: "Plugin 'undescribed-field' gives Pod.vendorApiToken no description",
  },
  {
    file: 'throws-in-setup.ts',
    name: 'throws-in-setup',
    reason: "Plugin 'throws-in-setup' failed in setup: the help desk does not answer",
  },
  {
    file: 'hangs-in-setup.ts',
    name: 'hangs-in-setup',
    reason: "Plugin 'hangs-in-setup' failed in setup: not finished after 30 s",
  },
  {
    file: 'forgets-service.ts',
    name: 'forgets-service',
    reason: /^Plugin 'forgets-service' failed in setup: it lists service/,
  },
  {
    file: 'throws-in-start.ts',
    name: 'throws-in-start',
    reason: "Plugin 'throws-in-start' failed in start: the port is taken",
  },
];

/** A clock that goes like any other, so that everything has its time, and twenty times as fast while a plugin hangs. */
function startClock() {
  const clock = createManualClock();
  const stopClock = runClock(clock);
  let timer: NodeJS.Timeout | undefined;
  const hurry = () => {
    const isOverAt = clock.now() + 30_000;
    timer = setInterval(() => (clock.now() < isOverAt ? clock.advance(400) : clearInterval(timer)), 20);
  };
  subscribe('poison.hangs', hurry);
  return {
    clock,
    stop() {
      stopClock();
      clearInterval(timer);
      unsubscribe('poison.hangs', hurry);
    },
  };
}

const reasonOf = (name: string) => zoo.find((one) => one.name === name || one.file === name)?.reason ?? '';

describe('a poisonous plugin', () => {
  it.each([
    { when: 'when its module is evaluated', files: ['throws-at-import.ts'] },
    {
      when: 'when the plugins are put in order, all with one sentence each',
      files: [
        'wrong-version.ts',
        'wrong-range.ts',
        'missing-requirement.ts',
        'missing-service.ts',
        'cyclic-needs-a.ts',
        'cyclic-needs-b.ts',
      ],
    },
    { when: 'when its tables are made', files: ['bad-migration'] },
    { when: 'when what it declares is put together', files: ['unguarded-root-field.ts'] },
    { when: 'in setup', files: ['throws-in-setup.ts'] },
    { when: 'when its setup has hung for 30 s', files: ['hangs-in-setup.ts'] },
    { when: 'in start', files: ['throws-in-start.ts'] },
  ])('stops the start $when (refused)', async ({ files }) => {
    const { clock, stop } = startClock();
    const starting = startTestGateway({
      plugins: files.map(poison),
      settings: { embedded: { enabled: false } },
      clock,
    });
    const error: unknown = await starting.then(
      (gateway) => gateway.stop(),
      (failure: unknown) => failure,
    );
    stop();
    expect(error).toMatchObject({ name: 'PluginError' });
    const sentences = (error as Error).message.split('\n');
    for (const file of files) {
      const reason = reasonOf(file);
      expect(sentences).toContainEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
    }
  });
});

describe('a gateway with the whole zoo as optional plugins', () => {
  let gateway: TestGateway;
  let stopClock = () => {};
  beforeAll(async () => {
    const { clock, stop } = startClock();
    stopClock = stop;
    const optional = zoo.map(({ file }) => ({ plugin: poison(file), optional: true }));
    const plugins = ['core', 'compute', poison('throwing-resolver.ts'), ...optional];
    gateway = await startTestGateway({ settings: { plugins }, clock });
    await until(async () => {
      // A cluster that was too slow for the hurry is asked again after some time.
      clock.advance(400);
      const { data } = await gateway.query<{ pods: { totalCount: number } }>('{ pods { totalCount } }');
      expect(data?.pods.totalCount).toBeGreaterThan(1);
    });
  }, 90_000);
  afterAll(async () => {
    await gateway?.stop();
    stopClock();
  });

  interface State {
    readonly name: string;
    readonly state: string;
    readonly reason: string | null;
  }

  it.each(zoo)('starts without $file and says why', async ({ name, state = 'FAILED', reason }) => {
    const { data } = await gateway.query<{ plugins: { nodes: State[] } }>(
      'query ($name: String!) { plugins(filter: { name: { equals: $name } }) { nodes { name state reason } } }',
      { name },
    );
    const expected = typeof reason === 'string' ? reason : expect.stringMatching(reason);
    expect(data?.plugins.nodes).toEqual([{ name, state, reason: expected }]);
  });

  it('runs the others, and answers from them', async () => {
    const { data, errors } = await gateway.query<{ plugins: { nodes: State[] }; pods: { totalCount: number } }>(
      '{ plugins(filter: { states: [ENABLED] }) { nodes { name } } pods { totalCount } }',
    );
    expect(errors).toBeUndefined();
    expect(data?.plugins.nodes.map(({ name }) => name)).toEqual(['compute', 'core', 'throwing-resolver']);
    expect(data?.pods.totalCount).toBeGreaterThan(0);
  });

  it.each([
    '{ backdoor }',
    '{ openToWhom }',
    '{ pods { nodes { vendorApiToken } } }',
  ])('has no trace of %s (refused)', async (document) => {
    const { errors } = await gateway.query(document);
    expect(errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('says it to probes too', async () => {
    const response = await fetch(`${gateway.url}/readyz?verbose`);
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toContain("Plugin 'throws-in-setup' failed in setup: the help desk does not answer");
  });

  it.each([
    'throwsAtOnce',
    'throwsLater',
    'answersNonsense',
  ])('fails only the field %s where a resolver fails', async (field) => {
    const { data, errors } = await gateway.query<{ pods: { nodes: Record<string, unknown>[] } }>(
      `{ pods(first: 2) { nodes { name ${field} } } }`,
    );
    expect(data?.pods.nodes).toEqual([
      { name: expect.any(String), [field]: null },
      { name: expect.any(String), [field]: null },
    ]);
    expect(errors).toHaveLength(2);
    expect(errors?.[0]).toMatchObject({ path: ['pods', 'nodes', 0, field], extensions: { code: 'INTERNAL' } });
    expect(JSON.stringify(errors)).not.toContain('hunter2');
  });
});

describe('a promise that a plugin leaves rejected', () => {
  it('does not end the process, and stands as a warning under the plugin', async () => {
    await using stack = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'longshore-stray-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const config = join(folder, 'longshore.yaml');
    await writeFile(config, JSON.stringify({ plugins: ['core', 'compute', poison('stray-rejection.ts')] }));
    const argv = ['dev', '--port', '0', '--config', config, '--data-dir', join(folder, 'data')];
    const gateway = stack.use(await startLongshore(argv, { cwd: folder, from: 'source' }));
    const warnings = async () => {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          query: '{ plugins(filter: { name: { equals: "stray-rejection" } }) { nodes { state warnings } } }',
        }),
      });
      return ((await response.json()) as { data?: { plugins: { nodes: unknown[] } } }).data?.plugins.nodes;
    };
    await expect
      .poll(warnings)
      .toEqual([{ state: 'ENABLED', warnings: ['a rejected promise unhandled: nobody caught this'] }]);
    expect(gateway.process.exitCode).toBeNull();
  });
});
