import { describe, expect, it } from 'vitest';
import type { PluginManifest } from '../kernel/manifest.ts';
import { PluginError } from '../kernel/plugin-error.ts';
import { keepSoundPlugins } from './keep-sound-plugins.ts';

/** Plugins by name; `bad…` spoil what is made of them, `…!` are not optional. */
function run(...names: string[]) {
  let enabled = names.map((name): PluginManifest => ({ name, version: '1.0.0', description: name }));
  const out: string[] = [];
  return {
    out,
    manifests: () => enabled,
    async disable(plugin: string, reason: string) {
      if (plugin.endsWith('!')) throw new PluginError([reason]);
      enabled = enabled.filter(({ name }) => name !== plugin);
      out.push(reason);
    },
  };
}

function make(manifests: readonly PluginManifest[]): string[] {
  const bad = manifests.find(({ name }) => name.startsWith('bad'));
  if (bad) throw new Error(`'${bad.name}' is bad`);
  return manifests.map(({ name }) => name);
}

describe('keepSoundPlugins', () => {
  it('answers what is made of all in their order', async () => {
    const plugins = run('a', 'core', 'b');
    expect(await keepSoundPlugins(plugins, make)).toEqual(['a', 'core', 'b']);
    expect(plugins.out).toEqual([]);
  });

  it.each([
    { names: ['bad', 'core', 'a'], kept: ['core', 'a'] },
    { names: ['core', 'a', 'b', 'c', 'bad'], kept: ['core', 'a', 'b', 'c'] },
    { names: ['core', 'bad-1', 'a', 'bad-2', 'b', 'bad-3'], kept: ['core', 'a', 'b'] },
  ])('takes exactly the bad ones out of $names', async ({ names, kept }) => {
    const plugins = run(...names);
    expect(await keepSoundPlugins(plugins, make)).toEqual(kept);
    const bad = names.filter((name) => name.startsWith('bad'));
    expect(plugins.out).toEqual(bad.map((name) => `'${name}' is bad`));
  });

  it('ends where the one at fault is not optional (refused)', async () => {
    await expect(keepSoundPlugins(run('core', 'a', 'bad!'), make)).rejects.toThrow(new PluginError(["'bad!' is bad"]));
  });

  it('says whose fault it is where the error does not', async () => {
    const plugins = run('core', 'bad');
    await keepSoundPlugins(plugins, (manifests) => {
      if (manifests.length > 1) throw new Error('twice');
    });
    expect(plugins.out).toEqual(["Plugin 'bad': twice"]);
  });

  it('throws what core itself is at fault for (refused)', async () => {
    const error = new Error('core is broken');
    const broken = keepSoundPlugins(run('core', 'a'), () => Promise.reject(error));
    await expect(broken).rejects.toBe(error);
  });

  it('throws what has passed by when it looks again (refused)', async () => {
    let isFirst = true;
    const passing = keepSoundPlugins(run('core', 'a'), () => {
      if (isFirst) {
        isFirst = false;
        throw new Error('once');
      }
    });
    await expect(passing).rejects.toThrow('once');
  });
});
