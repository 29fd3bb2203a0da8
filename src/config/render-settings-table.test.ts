import { describe, expect, it } from 'vitest';
import { listSettings } from './list-settings.ts';
import { renderSettingsTable } from './render-settings-table.ts';

describe('renderSettingsTable', () => {
  const lines = renderSettingsTable().trimEnd().split('\n');

  it('has one row of six cells for every setting and every member of a list', () => {
    const keys = lines.slice(2).map((line) => line.split(' | ')[0]?.replaceAll(/[|` ]/g, ''));
    expect(keys.filter((key) => key && !key.includes('[]'))).toEqual(
      listSettings()
        .map(({ key }) => key)
        .slice(1),
    );
    expect(keys).toEqual(expect.arrayContaining(['tokens[].sha256', 'clusters[].identity', 'plugins[].optional']));
    for (const line of lines) expect(line.replaceAll('\\|', '').split('|')).toHaveLength(8);
  });

  it('leaves nothing undescribed', () => {
    for (const line of lines) expect(line).toMatch(/[a-z.>`-] \|$/);
    for (const { description, key } of listSettings()) expect(description, key).not.toBe('');
  });

  it('shows default, environment and flag', () => {
    expect(lines).toContain(
      '| `port` | `LONGSHORE_PORT` | `--port` | `4000` | a whole number from 0 to 65535 | TCP port of the endpoint; 0 takes a free one. |',
    );
  });
});
