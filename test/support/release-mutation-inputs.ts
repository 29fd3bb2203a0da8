import { randomUUID } from 'node:crypto';
import { encodeGlobalId } from '../../src/graph/global-id.ts';
import { specOfOne } from '../security/support/make-release-orders.ts';
import type { MutationWorld } from './mutation-inputs.ts';

const rowId = (type: string, key: string) => encodeGlobalId({ of: 'row', plugin: 'release', type, key });

/**
 * Inputs for what is done with release orders. Orders are made as rows, in states from which the platform does not go on by itself: a service
 * that waits for one that nobody started, one that has only the very version to go back to.
 */
export const releaseMutationInputs: Readonly<Record<string, (world: MutationWorld) => Promise<object>>> = {
  createReleaseOrder: async (world) => {
    makeRoom(world);
    return { services: [{ serviceId: rowId('AppService', (await service(world)).id) }] };
  },
  startReleaseOrder: async (world) => {
    const { id, releases } = await order(world, 'READY', ['READY', 'READY']);
    return { id, releaseIds: [rowId('ServiceRelease', releases[1] ?? '')] };
  },
  confirmReleaseOrder: async (world) => ({
    id: (await order(world, 'ROLLBACK_PENDING_CONFIRM', ['ROLLBACK_PENDING_CONFIRM'])).id,
    rollback: true,
  }),
  cancelReleaseOrder: async (world) => ({ id: (await order(world, 'READY', ['READY'])).id }),
  retryReleaseOrder: async (world) => ({ id: (await order(world, 'INIT_FAILED', ['READY'])).id }),
  rollBackReleaseOrder: async (world) => {
    const of = await service(world);
    await order(world, 'SUCCEEDED', ['SUCCEEDED'], of);
    const { id, title } = await order(world, 'FAILED', ['FAILED'], of);
    return { id, confirm: title };
  },
  deleteReleaseOrder: async (world) => ({ id: (await order(world, 'CANCELLED', ['CANCELLED'])).id }),
};

/** What a pod of a release needs beside its version: a node, and a service account. */
function makeRoom({ cluster: { store } }: MutationWorld): void {
  const [nodes, accounts] = [store.resource('', 'nodes'), store.resource('', 'serviceaccounts')];
  if (store.get(nodes, undefined, 'roomy')) return;
  const amounts = { cpu: '64', memory: '256Gi', pods: '110', 'ephemeral-storage': '1Ti' };
  const status = {
    capacity: amounts,
    allocatable: amounts,
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: '' }],
  };
  store.create(nodes, { metadata: { name: 'roomy' }, status } as never);
  if (!store.get(accounts, 'default', 'default')) {
    store.create(accounts, { metadata: { name: 'default', namespace: 'default' } } as never);
  }
}

interface Service {
  readonly id: string;
  readonly versionId: string;
}

async function service({ execute }: MutationWorld): Promise<Service> {
  const [id, versionId] = [randomUUID(), randomUUID()];
  await execute(
    `insert into release_app_services (id, cluster, namespace, name, application_id, application_name, is_stateful, operators, description, version, created_at)
     values ('${id}', 'main', 'default', 'released-${id}', '${randomUUID()}', 'made', false, '[]', '', 1, now())`,
  );
  await execute(
    `insert into release_versions (id, service_id, number, edit_state, spec, created_by, created_at, updated_at, submitted_at, version)
     values ('${versionId}', '${id}', 1, 'SUBMITTED', '${specOfOne}', 'made', now(), now(), now(), 1)`,
  );
  return { id, versionId };
}

/** Each release but the first waits for the one before it. */
async function order(
  world: MutationWorld,
  state: string,
  states: readonly string[],
  of?: Service,
): Promise<{ readonly id: string; readonly title: string; readonly releases: readonly string[] }> {
  const id = randomUUID();
  const title = `order-${id}`;
  await world.execute(
    `insert into release_orders (id, title, cluster, namespace, units, beta_group, state, created_by, created_at, version)
     values ('${id}', '${title}', 'main', 'default', '[]', true, '${state}', 'made', now(), 1)`,
  );
  const releases: string[] = [];
  for (const [position, each] of states.entries()) {
    const { id: serviceId, versionId } = of ?? (await service(world));
    const release = randomUUID();
    const before = releases.slice(-1);
    await world.execute(
      `insert into release_service_releases (id, order_id, service_id, version_id, position, depends_on, state, target, pause_after_group, actor, group_position, total_pods, updated_pods, finished_at, since, created_at)
       values ('${release}', '${id}', '${serviceId}', '${versionId}', ${position}, '${JSON.stringify(before)}', '${each}', '{}', true, '{"id":"made","name":"made","impersonatedBy":null}', 0, 1, 0, now(), now(), now())`,
    );
    releases.push(release);
  }
  return { id: rowId('ReleaseOrder', id), title, releases };
}
