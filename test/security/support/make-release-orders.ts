import { createHash, randomUUID } from 'node:crypto';
import { encodeGlobalId } from '../../../src/graph/global-id.ts';
import type { TestGateway } from '../../../src/testing.ts';

type OrderPlace = Readonly<Record<'cluster' | 'namespace' | 'plainName', string>>;

const suffix = '-releaseorder';
const rowId = (type: string, key: string) => encodeGlobalId({ of: 'row', plugin: 'release', type, key });

/** The same for the same text. */
function uuidFor(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** The app service beside an order, which is there wherever the order would be, and can be released. */
export const releasedServiceOf = ({ name }: { readonly name: string }): string =>
  rowId('AppService', uuidFor(`service of ${name}`));

/** An order of one place that has ended, with no release in it. */
export async function makeReleaseOrderRow(
  gateway: TestGateway,
  { cluster, namespace, plainName }: OrderPlace,
  exists: boolean,
): Promise<{ readonly id: string; readonly name: string; readonly mark: string | undefined }> {
  const { db } = gateway.gateway.foundation.database;
  const name = `${plainName}${suffix}`;
  const service = uuidFor(`service of ${name}`);
  await db.execute(
    `insert into release_app_services (id, cluster, namespace, name, application_id, application_name, is_stateful, operators, description, version, created_at)
     values ('${service}', '${cluster}', '${namespace}', '${name}', '${randomUUID()}', 'made', false, '[]', '', 1, now())`,
  );
  await db.execute(
    `insert into release_versions (id, service_id, number, edit_state, spec, created_by, created_at, updated_at, submitted_at, version)
     values ('${randomUUID()}', '${service}', 1, 'SUBMITTED', '${specOfOne}', 'made', now(), now(), now(), 1)`,
  );
  const uuid = randomUUID();
  const id = rowId('ReleaseOrder', uuid);
  if (!exists) return { id, name, mark: undefined };
  const mark = `marker-${randomUUID()}`;
  await db.execute(
    `insert into release_orders (id, title, cluster, namespace, units, beta_group, state, reason, created_by, created_at, version)
     values ('${uuid}', '${name}', '${cluster}', '${namespace}', '[]', true, 'CANCELLED', '${mark}', 'made', now(), 1)`,
  );
  return { id, name, mark };
}

/** A version's spec with one pod, as it is kept. */
export const specOfOne = JSON.stringify({
  template: {},
  podTemplate: { metadata: {}, spec: { containers: [{ name: 'web', image: 'nginx:1' }] } },
  volumeClaimTemplates: [],
  scaling: { strategy: 'FIXED', replicas: 1, elasticNodes: false },
  access: [],
  deployment: {
    upgradeMode: 'REPLACE',
    units: [],
    grouping: 'FAST',
    minGroups: 1,
    betaGroup: true,
    pauseAfterGroup: true,
    isSpread: true,
    affinity: { sameNode: [], differentNode: [] },
    traffic: null,
    isLossless: false,
  },
  configuration: [],
});
