import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../config/load-settings.ts';
import type { MigrationSource } from '../../data/read-migrations.ts';
import { coreMigrations, openTestDatabase } from '../../data/testing/open-test-database.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import type { Cluster } from '../../kube/cluster.ts';
import { kindRef } from '../../kube/kind-ref.ts';
import { findingsOfClusters } from './findings-of-clusters.ts';
import { findingsOfDatabase } from './findings-of-database.ts';
import { findingsOfPlugins } from './findings-of-plugins.ts';
import { findingsOfSettings } from './findings-of-settings.ts';
import { renderFindings } from './render-findings.ts';

const pods = kindRef({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true });

function clusterLike(parts: Partial<Cluster> & { readonly mayList?: boolean }): Cluster {
  const { mayList = true, ...more } = parts;
  const ready = () => (mayList ? Promise.resolve() : Promise.reject(new Error('pods is forbidden')));
  return {
    name: 'east',
    state: 'READY',
    version: 'v1.36.2',
    problem: undefined,
    capabilities: [],
    serves: () => true,
    feed: () => ({ ready, release() {} }),
    ...more,
  } as unknown as Cluster;
}

describe('what is found out about a gateway', () => {
  it('says of a cluster that it answers, and what is not installed there', async () => {
    const capabilities = [
      { name: 'gateway-api', engine: 'Gateway API', isInstalled: false, hint: 'Install its CRDs.' },
    ];
    const found = await findingsOfClusters([clusterLike({ capabilities })], [pods], systemClock);
    expect(found).toMatchObject([
      { area: 'CLUSTER', subject: 'east', state: 'OK', message: expect.stringContaining('v1.36.2') },
      { state: 'OK', message: expect.stringContaining('Gateway API'), cure: 'Install its CRDs.' },
    ]);
  });

  it('says which kinds it may not list, and what gives the right', async () => {
    const found = await findingsOfClusters([clusterLike({ mayList: false })], [pods], systemClock);
    expect(found).toMatchObject([
      { state: 'WARNING', message: expect.stringContaining('pods (v1)'), cure: expect.stringContaining('rbac') },
    ]);
  });

  it.each(['UNREACHABLE', 'CONNECTING'] as const)('says that a cluster that is %s fails', async (state) => {
    const found = await findingsOfClusters([clusterLike({ state, problem: 'It is away.' })], [pods], systemClock);
    expect(found).toMatchObject([{ state: 'FAILURE', message: 'It is away.' }]);
  });

  it('says of plugins which run, which wait for others and which are broken', () => {
    const state = (name: string, word: 'ENABLED' | 'DISABLED' | 'FAILED', warnings: string[] = []) => ({
      name,
      version: '1.0.0',
      state: word,
      reason: word === 'ENABLED' ? undefined : `${name} says why`,
      warnings,
    });
    const found = findingsOfPlugins([
      state('fine', 'ENABLED'),
      state('shaky', 'ENABLED', ['it threw']),
      state('waiting', 'DISABLED'),
      state('broken', 'FAILED'),
    ]);
    expect(found.map((finding) => finding.state)).toEqual(['OK', 'WARNING', 'WARNING', 'FAILURE']);
    expect(found[3]).toMatchObject({ message: 'broken says why' });
  });

  it('says of a database which migrations are missing, and changes nothing', async () => {
    await using database = await openTestDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'longshore-doctor-'));
    await writeFile(join(folder, '0001_init.sql'), 'create table later_things (id uuid primary key);');
    const later = { plugin: 'later', folder };
    const look = async (sources: readonly MigrationSource[]) =>
      (await findingsOfDatabase(database, sources, silentLogger)).find(({ subject }) => subject === 'tables');
    expect(await look([coreMigrations])).toMatchObject({ state: 'OK' });
    for (let times = 0; times < 2; times += 1) {
      expect(await look([coreMigrations, later])).toMatchObject({
        state: 'WARNING',
        message: expect.stringContaining('later/0001_init.sql'),
      });
    }
    await database.db.execute("update core_migrations set sha256 = 'another' where number = 1");
    expect(await look([coreMigrations])).toMatchObject({
      state: 'FAILURE',
      message: expect.stringContaining('changed'),
    });
    await rm(folder, { recursive: true });
  });

  it('says what serve would miss', () => {
    const settings = loadSettings({ mode: 'doctor', argv: [], env: {} });
    const subjects = findingsOfSettings(settings).map(({ subject }) => subject);
    expect(subjects).toEqual(expect.arrayContaining(['secretKey', 'allowedHosts', 'allowedOrigins', 'oidc']));
  });

  it('is printed with its cure, and counted', () => {
    const text = renderFindings([
      { area: 'CLUSTER', subject: 'east', state: 'FAILURE', message: 'It is away.', cure: 'Call it back.' },
      { area: 'PLUGIN', subject: 'core', state: 'OK', message: 'It runs.', cure: undefined },
    ]);
    expect(text).toContain('FAILURE  cluster east: It is away.\n         → Call it back.');
    expect(text).toContain('1 failures, 0 warnings.');
  });
});
