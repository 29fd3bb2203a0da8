import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PluginManifest } from './manifest.ts';
import { type PluginCandidate, planPlugins } from './plan-plugins.ts';
import { PluginError } from './plugin-error.ts';
import { optionalService, serviceRef } from './service-ref.ts';

type Parts = Omit<PluginManifest, 'version' | 'description'> & {
  version?: string;
  isOptional?: boolean;
  from?: string;
};

function candidate({ isOptional = false, from, ...parts }: Parts): PluginCandidate {
  return { manifest: { version: '1.0.0', description: 'For a test.', ...parts }, isOptional, from: from ?? parts.name };
}

function orderOf(...parts: Parts[]): string[] {
  return planPlugins(parts.map(candidate)).order.map(({ manifest }) => manifest.name);
}

function problemsOf(...parts: Parts[]): readonly string[] {
  try {
    planPlugins(parts.map(candidate));
  } catch (error) {
    if (error instanceof PluginError) return error.problems;
    throw error;
  }
  throw new Error('nothing was refused');
}

const orders = serviceRef<object>('release.orders');
const workloads = serviceRef<object>('compute.workloads');

describe('planPlugins', () => {
  it('puts what a plugin needs before it and orders the rest by name', () => {
    expect(
      orderOf(
        { name: 'release', requires: { compute: '^1' } },
        { name: 'edge', optional: { storage: '*' } },
        { name: 'storage', requires: { core: '*' } },
        { name: 'core' },
        { name: 'compute', requires: { core: '^1.0' } },
      ),
    ).toEqual(['core', 'compute', 'release', 'storage', 'edge']);
  });

  it('puts the provider of a service before those that use it', () => {
    expect(orderOf({ name: 'a', uses: { orders } }, { name: 'release', services: [orders] })).toEqual(['release', 'a']);
    expect(
      orderOf({ name: 'a', uses: { orders: optionalService(orders) } }, { name: 'release', services: [orders] }),
    ).toEqual(['release', 'a']);
  });

  it('does without optional plugins and services that are not there', () => {
    expect(orderOf({ name: 'a', optional: { b: '^1' }, uses: { orders: optionalService(orders) } })).toEqual(['a']);
  });

  it.each<{ name: string; plugins: Parts[]; says: string }>([
    {
      name: 'a missing plugin',
      plugins: [{ name: 'release', requires: { compute: '^1' } }],
      says: "Plugin 'release' requires plugin 'compute' (^1), which is not installed. Add 'compute' to plugins.",
    },
    {
      name: 'a plugin of another version',
      plugins: [
        { name: 'release', requires: { compute: '^2' } },
        { name: 'compute', version: '1.4.0' },
      ],
      says: "Plugin 'release' requires plugin 'compute' ^2, but 1.4.0 is installed. Install a 'compute' in that range, or a 'release' made for 1.4.0.",
    },
    {
      name: 'an optional plugin of another version',
      plugins: [
        { name: 'release', optional: { compute: '^2' } },
        { name: 'compute', version: '1.4.0' },
      ],
      says: "Plugin 'release' can work with plugin 'compute' ^2, but 1.4.0 is installed. Install a 'compute' in that range, or a 'release' made for 1.4.0.",
    },
    {
      name: 'a circle',
      plugins: [
        { name: 'a', requires: { b: '*' } },
        { name: 'b', uses: { orders } },
        { name: 'release', services: [orders], optional: { a: '*' } },
        { name: 'other', requires: { a: '*' } },
      ],
      says: "Plugins need each other in a circle: 'a' requires 'b', 'b' uses service 'release.orders' of 'release', 'release' comes after 'a'. Remove one of these links.",
    },
    {
      name: 'a plugin that requires itself',
      plugins: [{ name: 'a', requires: { a: '*' } }],
      says: "Plugins need each other in a circle: 'a' requires 'a'. Remove one of these links.",
    },
    {
      name: 'two plugins of one name',
      plugins: [
        { name: 'a', from: './one' },
        { name: 'a', from: './two' },
      ],
      says: "Two plugins are called 'a': './one' and './two'. Remove one of them from plugins.",
    },
    {
      name: 'two providers of one service',
      plugins: [
        { name: 'a', services: [orders] },
        { name: 'b', services: [serviceRef('release.orders')] },
      ],
      says: "Plugins 'a' and 'b' both provide service 'release.orders'. Remove one of them from plugins.",
    },
    {
      name: 'a service nobody provides',
      plugins: [{ name: 'release', uses: { workloads } }],
      says: "Plugin 'release' uses service 'compute.workloads', which no installed plugin provides. Add 'compute' to plugins.",
    },
    {
      name: 'a service its plugin does not list',
      plugins: [{ name: 'release', uses: { workloads } }, { name: 'compute' }],
      says: "Plugin 'release' uses service 'compute.workloads', which no installed plugin provides. Plugin 'compute' 1.0.0 is installed but lists no such service: check which version 'release' was made for.",
    },
    {
      name: 'a bad name',
      plugins: [{ name: 'Release' }],
      says: "Plugin name 'Release' must be 1 to 40 lower-case letters, digits and dashes, and begin with a letter.",
    },
    {
      name: 'a bad version',
      plugins: [{ name: 'a', version: '1.0' }],
      says: "Plugin 'a' has version '1.0', which is no semantic version such as 1.2.3.",
    },
    {
      name: 'a bad range',
      plugins: [{ name: 'a', requires: { b: 'latest' } }],
      says: "Plugin 'a' requires 'b' in the range 'latest', which cannot be read. Write one such as '^1.2'.",
    },
    {
      name: 'a bad service reference',
      plugins: [{ name: 'a', services: [serviceRef('orders')] }],
      says: "Plugin 'a' names a service 'orders'. Make references with serviceRef('<plugin>.<service>').",
    },
    {
      name: 'a service listed twice',
      plugins: [{ name: 'a', services: [orders, orders] }],
      says: "Plugin 'a' lists service 'release.orders' twice. Remove one.",
    },
  ])('says who, what and what cures it for $name', ({ plugins, says }) => {
    expect(problemsOf(...plugins)).toEqual([says]);
  });

  it('says a missing description', () => {
    const silent = { ...candidate({ name: 'a' }), manifest: { name: 'a', version: '1.0.0', description: ' ' } };
    expect(() => planPlugins([silent])).toThrow("Plugin 'a' has no description. Say in its manifest what it is for.");
  });

  it('names every plugin that is at fault, and nobody twice', () => {
    expect(
      problemsOf(
        { name: 'a', requires: { x: '*' } },
        { name: 'b', requires: { y: '*' } },
        { name: 'c', requires: { a: '*' } },
      ),
    ).toEqual([
      "Plugin 'a' requires plugin 'x' (*), which is not installed. Add 'x' to plugins.",
      "Plugin 'b' requires plugin 'y' (*), which is not installed. Add 'y' to plugins.",
    ]);
  });

  it('leaves an optional plugin out with everything that needs it', () => {
    const { order, out } = planPlugins(
      [
        { name: 'core' },
        { name: 'a', requires: { gone: '*' }, services: [orders], isOptional: true },
        { name: 'b', requires: { a: '*' } },
        { name: 'c', requires: { b: '*' } },
        { name: 'd', uses: { orders } },
        { name: 'e', uses: { orders: optionalService(orders) }, optional: { a: '*' } },
      ].map(candidate),
    );
    expect(order.map(({ manifest }) => manifest.name)).toEqual(['core', 'e']);
    expect(out.map(({ candidate: { manifest }, state, reason }) => [manifest.name, state, reason])).toEqual([
      ['a', 'FAILED', "Plugin 'a' requires plugin 'gone' (*), which is not installed. Add 'gone' to plugins."],
      ['b', 'DISABLED', "Plugin 'b' requires plugin 'a', which is not running."],
      ['d', 'DISABLED', "Plugin 'd' uses service 'release.orders' of plugin 'a', which is not running."],
      ['c', 'DISABLED', "Plugin 'c' requires plugin 'b', which is not running."],
    ]);
  });

  it('leaves out what needs a plugin that could not be loaded', () => {
    const { out } = planPlugins(
      [candidate({ name: 'b', requires: { acme: '*' } })],
      new Map([['acme', 'no such file']]),
    );
    expect(out).toMatchObject([
      { state: 'DISABLED', reason: "Plugin 'b' requires plugin 'acme', which is not running." },
    ]);
  });

  it('leaves out a circle of optional plugins', () => {
    const { order, out } = planPlugins(
      [
        { name: 'a', requires: { b: '*' }, isOptional: true },
        { name: 'b', requires: { a: '*' }, isOptional: true },
        { name: 'c' },
      ].map(candidate),
    );
    expect(order.map(({ manifest }) => manifest.name)).toEqual(['c']);
    expect(out.map(({ candidate: { manifest } }) => manifest.name)).toEqual(['a', 'b']);
  });

  it('finds the same valid order whatever the order of the configuration', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    // Only links to earlier names: never a circle.
    const graph = fc.tuple(...names.map((_, index) => fc.subarray(names.slice(0, index))));
    fc.assert(
      fc.property(graph, fc.shuffledSubarray(names, { minLength: names.length }), (needs, shuffled) => {
        const parts = names.map((name, index) => ({
          name,
          requires: Object.fromEntries((needs[index] ?? []).map((other) => [other, '*'])),
        }));
        const order = orderOf(...parts);
        expect(orderOf(...shuffled.flatMap((name) => parts.filter((part) => part.name === name)))).toEqual(order);
        for (const { name, requires } of parts) {
          for (const other of Object.keys(requires)) expect(order.indexOf(other)).toBeLessThan(order.indexOf(name));
        }
      }),
    );
  });
});
