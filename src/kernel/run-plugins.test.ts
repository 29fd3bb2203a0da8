import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createFailpoints } from './failpoints.ts';
import type { LoadedPlugins } from './load-plugins.ts';
import { silentLogger } from './logger.ts';
import { definePlugin, type PluginEnvironment, type PluginEnvironmentSlots, type PluginManifest } from './manifest.ts';
import { createManualClock } from './manual-clock.ts';
import { currentPlugin } from './plugin-context.ts';
import { type RunPluginsOptions, runPlugins } from './run-plugins.ts';
import { optionalService, serviceRef } from './service-ref.ts';

type Parts = Omit<PluginManifest, 'version' | 'description'> & { isOptional?: boolean };

const orders = serviceRef<{ list(): string[] }>('a.orders');

function prepare(parts: readonly Parts[], options: Partial<RunPluginsOptions> = {}) {
  const clock = createManualClock();
  const loaded = parts.map(({ isOptional = false, ...manifest }) => ({
    manifest: { version: '1.0.0', description: 'For a test.', ...manifest },
    isOptional,
    from: manifest.name,
    folders: [`/plugins/${manifest.name}`],
  }));
  const plugins: LoadedPlugins = { loaded, failed: [] };
  const running = runPlugins({
    plugins,
    pluginSettings: {},
    clock,
    logger: silentLogger,
    failpoints: createFailpoints(),
    // What other rooms add plays no part here.
    environmentOf: () => ({}) as PluginEnvironmentSlots,
    ...options,
  });
  return { clock, running };
}

/** Plugins a ← b ← c that note what happens to them. */
function recorders(overrides: Record<string, Partial<Parts>> = {}) {
  const events: string[] = [];
  const note = (text: string) => () => {
    events.push(text);
  };
  const parts = ['a', 'b', 'c'].map((name, index): Parts => {
    const before = ['a', 'b', 'c'][index - 1];
    return {
      name,
      ...(before ? { requires: { [before]: '*' } } : {}),
      setup: note(`${name} setup`),
      start: note(`${name} start`),
      drain: note(`${name} drain`),
      stop: note(`${name} stop`),
      ...overrides[name],
    };
  });
  return { events, parts };
}

const throws = (text: string) => () => {
  throw new Error(text);
};

describe('runPlugins', () => {
  it('sets up and starts in order, and stops in reverse', async () => {
    const { events, parts } = recorders();
    const run = await prepare(parts.reverse()).running;
    expect(events).toEqual([]);
    await run.setUp();
    await run.start();
    await run.drain(1000);
    await run.stop();
    await run.stop();
    expect(events).toEqual([
      'a setup',
      'b setup',
      'c setup',
      'a start',
      'b start',
      'c start',
      'a drain',
      'b drain',
      'c drain',
      'c stop',
      'b stop',
      'a stop',
    ]);
  });

  it('hands services from one plugin to another', async () => {
    const received: unknown[] = [];
    const provider = definePlugin({
      name: 'a',
      version: '1.0.0',
      description: 'x',
      services: [orders],
      setup: (env) => env.provide(orders, { list: () => ['one'] }),
    });
    const consumer = definePlugin({
      name: 'b',
      version: '1.0.0',
      description: 'x',
      uses: { orders, missing: optionalService(serviceRef<object>('z.none')) },
      setup(_env, { orders: service, missing }) {
        received.push(service.list(), missing);
      },
    });
    const run = await prepare([consumer as Parts, provider as Parts]).running;
    await run.setUp();
    expect(received).toEqual([['one'], undefined]);
    expect(run.service(orders)?.list()).toEqual(['one']);
    expect(run.service(serviceRef('z.none'))).toBeUndefined();
  });

  it.each<{ name: string; part: Partial<Parts>; says: string }>([
    {
      name: 'a service that is not listed',
      part: { setup: (env) => env.provide(orders, { list: () => [] }) },
      says: "Plugin 'a' failed in setup: Plugin 'a' provides service 'a.orders', which its manifest does not list. Add the reference to services.",
    },
    {
      name: 'a service twice',
      part: {
        services: [orders],
        setup(env) {
          env.provide(orders, { list: () => [] });
          env.provide(orders, { list: () => [] });
        },
      },
      says: "Plugin 'a' failed in setup: Plugin 'a' provides service 'a.orders' a second time. Provide it once.",
    },
    {
      name: 'nothing as a service',
      part: { services: [orders], setup: (env) => env.provide<unknown>(orders, undefined) },
      says: "Plugin 'a' failed in setup: Plugin 'a' provides service 'a.orders' as undefined. Provide an object or a function.",
    },
    {
      name: 'less than it lists',
      part: { services: [orders], setup() {} },
      says: "Plugin 'a' failed in setup: it lists service 'a.orders' but did not provide it. Call env.provide with it, or take it from services.",
    },
  ])('refuses a plugin that provides $name', async ({ part, says }) => {
    const run = await prepare([{ name: 'a', ...part }]).running;
    await expect(run.setUp()).rejects.toThrow(says);
  });

  it('refuses a service that comes after setup', async () => {
    let late: PluginEnvironment | undefined;
    const setup = (env: PluginEnvironment) => {
      late = env;
    };
    const run = await prepare([{ name: 'a', services: [], setup }]).running;
    await run.setUp();
    expect(() => late?.provide(orders, { list: () => [] })).toThrow(
      "Plugin 'a' provides service 'a.orders' after its setup has ended. Provide it in setup.",
    );
  });

  it('stops what was set up when a plugin fails in setup', async () => {
    const { events, parts } = recorders({ c: { setup: throws('no database') } });
    const run = await prepare(parts).running;
    await expect(run.setUp()).rejects.toThrow("Plugin 'c' failed in setup: no database");
    expect(events).toEqual(['a setup', 'b setup', 'b stop', 'a stop']);
  });

  it('stops everything when a plugin fails in start', async () => {
    const { events, parts } = recorders({ b: { start: () => Promise.reject(new Error('no port')) } });
    const run = await prepare(parts).running;
    await run.setUp();
    await expect(run.start()).rejects.toThrow("Plugin 'b' failed in start: no port");
    expect(events.slice(3)).toEqual(['a start', 'c stop', 'b stop', 'a stop']);
  });

  it('goes on without an optional plugin that fails in setup, and without all that need it', async () => {
    const { events, parts } = recorders({ b: { setup: throws('no licence'), isOptional: true } });
    const run = await prepare([...parts, { name: 'd' }]).running;
    await run.setUp();
    await run.start();
    expect(events).toEqual(['a setup', 'a start']);
    expect(run.manifests().map(({ name }) => name)).toEqual(['a', 'd']);
    expect(run.states()).toEqual([
      { name: 'a', version: '1.0.0', state: 'ENABLED', reason: undefined, warnings: [] },
      { name: 'b', version: '1.0.0', state: 'FAILED', reason: "Plugin 'b' failed in setup: no licence", warnings: [] },
      {
        name: 'c',
        version: '1.0.0',
        state: 'DISABLED',
        reason: "Plugin 'c' needs plugin 'b', which is not running.",
        warnings: [],
      },
      { name: 'd', version: '1.0.0', state: 'ENABLED', reason: undefined, warnings: [] },
    ]);
  });

  it('withdraws the services of a plugin that fails after providing them', async () => {
    const run = await prepare([
      {
        name: 'a',
        services: [orders],
        isOptional: true,
        setup(env) {
          env.provide(orders, { list: () => [] });
          throw new Error('then it broke');
        },
      },
    ]).running;
    await run.setUp();
    expect(run.service(orders)).toBeUndefined();
  });

  it('calls a setup that hangs for 30 s a failure', async () => {
    const setup = vi.fn(() => new Promise<void>(() => {}));
    const { parts } = recorders({ b: { setup, isOptional: true } });
    const { clock, running } = prepare(parts);
    const run = await running;
    const setUp = run.setUp();
    await vi.waitFor(() => expect(setup).toHaveBeenCalled());
    clock.advance(29_999);
    await Promise.resolve();
    expect(run.states()[1]?.state).toBe('ENABLED');
    clock.advance(1);
    await setUp;
    expect(run.states()[1]).toMatchObject({
      name: 'b',
      state: 'FAILED',
      reason: "Plugin 'b' failed in setup: not finished after 30 s",
    });
    expect(run.states()[2]).toMatchObject({ name: 'c', state: 'DISABLED' });
  });

  it('does not mind what a setup does after its time was up', async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    const warn = vi.fn();
    const logger = { ...silentLogger, warn };
    const { clock, running } = prepare([{ name: 'a', isOptional: true, setup: () => promise }], { logger });
    const run = await running;
    const setUp = run.setUp();
    await vi.waitFor(() => {
      clock.advance(30_000);
      expect(run.states()[0]?.state).toBe('FAILED');
    });
    await setUp;
    reject(new Error('too late'));
    await vi.waitFor(() =>
      expect(warn).toHaveBeenCalledWith(expect.anything(), "Plugin 'a' failed in setup after its time was up"),
    );
  });

  it('aborts the signal of a plugin that stops', async () => {
    const signals: Record<string, AbortSignal> = {};
    const keep = (env: PluginEnvironment) => {
      signals[env.plugin] = env.signal;
    };
    const run = await prepare([
      { name: 'a', setup: keep },
      { name: 'b', setup: keep, start: throws('x'), isOptional: true },
    ]).running;
    await run.setUp();
    await run.start();
    expect([signals.a?.aborted, signals.b?.aborted]).toEqual([false, true]);
    await run.stop();
    expect(signals.a?.aborted).toBe(true);
  });

  it('stops the others when one fails or hangs in stop', async () => {
    const { events, parts } = recorders({ b: { stop: throws('x') }, c: { stop: () => new Promise(() => {}) } });
    const { clock, running } = prepare(parts);
    const run = await running;
    await run.setUp();
    const stopped = run.stop();
    clock.advance(10_000);
    await stopped;
    expect(events.slice(3)).toEqual(['a stop']);
  });

  it('waits for drains only so long', async () => {
    const { events, parts } = recorders({ a: { drain: () => new Promise(() => {}) }, b: { drain: throws('x') } });
    const { clock, running } = prepare(parts);
    const run = await running;
    await run.setUp();
    const drained = run.drain(5_000);
    clock.advance(5_000);
    await drained;
    expect(events).toContain('c drain');
  });

  it('takes out an optional plugin that the host cannot use', async () => {
    const { events, parts } = recorders({ b: { isOptional: true } });
    const run = await prepare(parts).running;
    await run.setUp();
    await run.disable('b', "Plugins 'a' and 'b' both define type Pod.");
    expect(events.slice(3)).toEqual(['c stop', 'b stop']);
    expect(run.states().map(({ state }) => state)).toEqual(['ENABLED', 'FAILED', 'DISABLED']);
  });

  it('takes out an optional plugin that the host cannot use (refused for any other)', async () => {
    const { events, parts } = recorders();
    const run = await prepare(parts).running;
    await run.setUp();
    await expect(run.disable('b', 'It defines Pod again.')).rejects.toThrow('It defines Pod again.');
    expect(events.slice(3)).toEqual(['c stop', 'b stop', 'a stop']);
  });

  describe('settings', () => {
    const config = z.strictObject({ retries: z.int().default(3), hookToken: z.string().optional() });

    it('parses them by the schema of the plugin', async () => {
      const seen: unknown[] = [];
      const setup = (env: PluginEnvironment) => void seen.push(env.config);
      const run = await prepare(
        [
          { name: 'a', config, setup },
          { name: 'b', config, setup },
        ],
        { pluginSettings: { a: { retries: 5 } } },
      ).running;
      await run.setUp();
      expect(seen).toEqual([{ retries: 5 }, { retries: 3 }]);
    });

    it.each([
      {
        name: 'a wrong one',
        settings: { a: { retries: 'x' } },
        says: 'pluginSettings.a.retries: Invalid input: expected number, received string',
      },
      {
        name: 'an unknown one',
        settings: { a: { retris: 1 } },
        says: "pluginSettings.a.retris is not a setting; did you mean 'retries'?",
      },
      {
        name: 'those of an unknown plugin',
        settings: { alpa: {} },
        says: "pluginSettings.alpa: no plugin of that name is installed; did you mean 'alpha'?",
      },
      {
        name: 'some where none are known',
        settings: { alpha: { x: 1 } },
        says: "pluginSettings.alpha is set, but plugin 'alpha' has no settings. Remove it.",
      },
    ])('refuses $name before anything is set up', async ({ settings, says }) => {
      const setup = vi.fn();
      await expect(
        prepare(
          [
            { name: 'a', config, setup },
            { name: 'alpha', setup },
          ],
          { pluginSettings: settings },
        ).running,
      ).rejects.toThrow(says);
      expect(setup).not.toHaveBeenCalled();
    });

    it('never quotes a value', async () => {
      const wrong = prepare([{ name: 'a', config }], {
        pluginSettings: { a: { hookToken: ['sesame'], sesam: 'sesame' } },
      }).running;
      await expect(wrong).rejects.toSatisfy((error) => error instanceof Error && !error.message.includes('sesame'));
    });

    it('takes an optional plugin out for a wrong setting', async () => {
      const run = await prepare(
        [
          { name: 'a', config, isOptional: true },
          { name: 'b', requires: { a: '*' } },
        ],
        {
          pluginSettings: { a: { retries: 'x' } },
        },
      ).running;
      expect(run.states().map(({ name, state }) => [name, state])).toEqual([
        ['a', 'FAILED'],
        ['b', 'DISABLED'],
      ]);
    });
  });

  it('reports plugins that could not be loaded', async () => {
    const run = await prepare([], { plugins: { loaded: [], failed: [{ plugin: './mine', reason: 'no such file' }] } })
      .running;
    expect(run.states()).toEqual([
      { name: './mine', version: undefined, state: 'FAILED', reason: 'no such file', warnings: [] },
    ]);
  });

  it('keeps the last five warnings of a plugin', async () => {
    const run = await prepare([{ name: 'a' }]).running;
    for (let index = 0; index < 8; index += 1) run.warn('a', `warning ${index}`);
    expect(run.states()[0]?.warnings).toEqual(['warning 3', 'warning 4', 'warning 5', 'warning 6', 'warning 7']);
  });

  it('knows whose callbacks are running', async () => {
    const seen: (string | undefined)[] = [];
    const setup = async () => {
      seen.push(currentPlugin());
      await Promise.resolve();
      seen.push(currentPlugin());
    };
    const run = await prepare([
      { name: 'a', setup },
      { name: 'b', setup },
    ]).running;
    await run.setUp();
    expect(seen).toEqual(['a', 'a', 'b', 'b']);
    expect(currentPlugin()).toBeUndefined();
  });
});
