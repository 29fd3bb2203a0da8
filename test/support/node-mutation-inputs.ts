import { encodeGlobalId, parseGlobalId } from '../../src/graph/global-id.ts';
import type { MutationWorld } from './mutation-inputs.ts';
import { until } from './until.ts';

type Row = (world: MutationWorld) => Promise<object>;

/** Inputs for the mutations of nodes. */
export const nodeMutationInputs: Readonly<Record<string, Row>> = {
  cordonNode: async (world) => ({ id: (await makeNode(world)).id }),
  cordonNodes: async (world) => ({ ids: [(await makeNode(world)).id, (await makeNode(world)).id] }),
  uncordonNode: async (world) => ({ id: (await makeNode(world)).id }),
  uncordonNodes: async (world) => ({ ids: [(await makeNode(world)).id, (await makeNode(world)).id] }),
  updateNodeLabels: async (world) => ({ id: (await makeNode(world)).id, labels: [{ key: 'disk', value: 'ssd' }] }),
  updateNodeTaints: async (world) => ({
    id: (await makeNode(world)).id,
    set: [{ key: 'gpu', value: 'yes', effect: 'NO_EXECUTE' }],
  }),
  drainNode: async (world) => ({ id: (await makeNode(world)).id }),
  cancelNodeDrain: async (world) => {
    const { id, hold } = await makeNode(world);
    hold();
    const acknowledge = ['PODS_NOT_REMADE'];
    const begun = await world.mutate<{ operation: { id: string } }>(
      'drainNode',
      { id, acknowledge },
      'operation { id }',
    );
    const parsed = parseGlobalId(begun.operation.id);
    const key = parsed?.of === 'row' ? parsed.key : '';
    // It has cordoned the node and asked the pod to go: from then on it changes nothing.
    await until(async () => {
      const rows = await world.execute(`select write_count from core_operations where id = '${key}'`);
      if ((rows as { write_count: number }[])[0]?.write_count !== 2) throw new Error('it has not asked the pod yet');
    });
    return { id };
  },
  deleteNode: async (world) => {
    const { id, name } = await makeNode(world);
    return { id, confirm: name };
  },
};

let made = 0;

async function makeNode(world: MutationWorld) {
  made += 1;
  const name = `machine-${made}`;
  const { store } = world.cluster;
  store.create(store.resource('', 'nodes'), {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    spec: {},
    // Of one that does not answer a drain gives up.
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  } as never);
  const id = encodeGlobalId({ of: 'kubernetes', cluster: 'main', group: '', kind: 'Node', namespace: undefined, name });
  await world.untilSeen(id);
  return {
    id,
    name,
    /** Gives it a pod that is never gone: without a kubelet nobody ends it. */
    hold() {
      store.create(store.resource('', 'pods'), {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `on-${name}`, namespace: 'default', finalizers: ['example.com/held'] },
        spec: { nodeName: name, containers: [{ name: 'web', image: 'nginx' }] },
      } as never);
    },
  };
}
