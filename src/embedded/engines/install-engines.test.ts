import { describe, expect, it } from 'vitest';
import { createManualClock } from '../controllers/testing/manual-clock.ts';
import { startEmbeddedCluster } from '../start-embedded-cluster.ts';
import type { ClusterObject } from '../store/types.ts';
import { defineCrd } from './define-crd.ts';
import type { EmbeddedEngine } from './engine.ts';

const group = 'lamps.example.com';
const crd = defineCrd({ group, kind: 'Lamp', plural: 'lamps', description: 'Lamp is lit when asked.' }, [
  {
    name: 'v1',
    spec: { type: 'object', properties: { on: { type: 'boolean' } } },
    status: { type: 'object', properties: { lit: { type: 'boolean' } } },
  },
]);

interface Lamp extends ClusterObject {
  readonly spec?: { readonly on?: boolean };
  readonly status?: { readonly lit?: boolean };
}

/** Lights each lamp two seconds after it was asked to. */
const lampEngine: EmbeddedEngine = {
  name: 'lamps',
  objects: [
    { apiVersion: `${group}/v1`, kind: 'Lamp', metadata: { name: 'first', namespace: 'default' }, spec: { on: true } },
    crd,
  ],
  createControllers(context) {
    const lamps = context.kind<Lamp>(group, 'lamps');
    return [
      {
        name: 'lamps',
        keysOf: (change, resource) => (resource.group === group ? [change.object.metadata.name] : []),
        reconcile(name) {
          const lamp = lamps.get('default', name);
          if (lamp?.spec?.on !== true || lamp.status?.lit === true) return undefined;
          const dueAt = Date.parse(lamp.metadata.creationTimestamp ?? '') + 2_000;
          if (dueAt > context.clock.now()) return dueAt - context.clock.now();
          lamps.updateStatus(lamp, { lit: true });
          return undefined;
        },
      },
    ];
  },
};

describe('installEngines', () => {
  it('installs definitions before what they define, and runs the controllers on the clock of the cluster', async () => {
    const clock = createManualClock();
    await using cluster = await startEmbeddedCluster({ clock, engines: [lampEngine], nodes: 0 });
    clock.advance(0);
    const lamps = cluster.store.resource(group, 'lamps');
    const lit = (): unknown => cluster.store.get(lamps, 'default', 'first')?.status;
    expect(lit()).toBeUndefined();
    clock.advance(2_500);
    expect(lit()).toEqual({ lit: true });
    const [managed] = cluster.store.get(lamps, 'default', 'first')?.metadata.managedFields ?? [];
    expect(managed).toMatchObject({ manager: 'lamps' });
  });

  it('installs only the objects where no controllers run', async () => {
    const clock = createManualClock();
    await using cluster = await startEmbeddedCluster({ clock, engines: [lampEngine], controllers: false });
    clock.advance(10_000);
    const first = cluster.store.get(cluster.store.resource(group, 'lamps'), 'default', 'first');
    expect(first).toMatchObject({ spec: { on: true } });
    expect(first?.status).toBeUndefined();
  });

  it('installs an engine while the cluster runs: its kinds are served from then on', async () => {
    const clock = createManualClock();
    await using cluster = await startEmbeddedCluster({ clock, nodes: 0 });
    expect(() => cluster.store.resource(group, 'lamps')).toThrow(/not found/);
    cluster.installEngine(lampEngine);
    clock.advance(2_500);
    const lamps = cluster.store.resource(group, 'lamps');
    expect(cluster.store.get(lamps, 'default', 'first')?.status).toEqual({ lit: true });
    expect(() => cluster.installEngine(lampEngine)).toThrow(/'lamps' is installed twice/);
  });

  it('installs no engine in a cluster that has stopped (refused)', async () => {
    const cluster = await startEmbeddedCluster({ controllers: false });
    await cluster.stop();
    expect(() => cluster.installEngine(lampEngine)).toThrow("the embedded cluster has stopped: engine 'lamps'");
  });

  it.each([
    ['twice', [lampEngine, lampEngine], /'lamps' is installed twice/],
    [
      'with a kind nobody serves',
      [{ name: 'odd', objects: [{ apiVersion: 'odd.example.com/v1', kind: 'Odd', metadata: { name: 'a' } }] }],
      /installs a Odd of odd\.example\.com\/v1, which nobody serves/,
    ],
  ])('refuses an engine %s', async (_how, engines, problem) => {
    await expect(startEmbeddedCluster({ engines, nodes: 0 })).rejects.toThrow(problem);
  });
});
