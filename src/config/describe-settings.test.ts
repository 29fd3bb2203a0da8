import { describe, expect, it } from 'vitest';
import { describeSettings } from './describe-settings.ts';
import { listSettings } from './list-settings.ts';
import { loadSettings } from './load-settings.ts';

describe('describeSettings', () => {
  const settings = loadSettings({
    mode: 'dev',
    argv: ['--port', '0'],
    env: {
      DATABASE_URL: 'postgres://root:sesame@db/x',
      LONGSHORE_SECRET_KEY: 'q83vEjRWeJCrze8SNFZ4kLvM3e7/ABEiM0RVZneImao=',
    },
    cwd: '/srv',
  });

  it('shows every setting with its value and its source', () => {
    const lines = describeSettings(settings);
    expect(lines.map(({ key }) => key)).toEqual(listSettings().map(({ key }) => key));
    expect(lines).toContainEqual({ key: 'port', value: '0', source: 'flag --port' });
    expect(lines).toContainEqual({ key: 'limits.depth', value: '15', source: 'default' });
    expect(lines).toContainEqual({ key: 'kubeconfig', value: '(not set)', source: 'default' });
  });

  it('masks secrets', () => {
    const lines = describeSettings({
      ...settings,
      tokens: [{ name: 'ci', sha256: 'ab'.repeat(32), roles: ['ADMIN'], namespaces: [], groups: [], expiresAt: 0 }],
      pluginSettings: { release: { hookToken: 'sesame' } },
    });
    expect(lines).toContainEqual({ key: 'databaseUrl', value: '(set)', source: 'environment DATABASE_URL' });
    expect(lines).toContainEqual({ key: 'pluginSettings', value: '{"release":["hookToken"]}', source: 'default' });
    expect(lines.find(({ key }) => key === 'tokens')?.value).toBe(
      '[{"name":"ci","roles":["ADMIN"],"namespaces":[],"groups":[],"expiresAt":"1970-01-01T00:00:00.000Z"}]',
    );
    expect(JSON.stringify(lines)).not.toMatch(/sesame|abab|q83v/);
  });
});
