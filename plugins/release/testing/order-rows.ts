import { randomUUID } from 'node:crypto';
import type { TestGateway } from 'longshore/testing';
import type { OrderState, ServiceReleaseState } from '../api.ts';
import type { DeploymentSpec } from '../services/app-services/version-spec.ts';
import { idOfAppService, idOfOrder, idOfVersion } from '../services/subjects.ts';
import { makeSpec } from './make-spec.ts';

export interface MadeService {
  readonly uuid: string;
  readonly id: string;
  readonly name: string;
  /** Ids of its versions, in the order of their numbers. */
  readonly versions: readonly { readonly uuid: string; readonly id: string }[];
}

interface ServiceDraft {
  readonly namespace?: string;
  readonly workspaceId?: string;
  readonly owner?: string;
  readonly operators?: readonly string[];
  readonly replicas?: number;
  /** More of the pods' spec. */
  readonly podSpec?: object;
  readonly deployment?: Partial<DeploymentSpec>;
  /** One version each; one that was submitted where nothing is said. */
  readonly versions?: readonly ('DRAFT' | 'SUBMITTED' | 'PUBLISHED')[];
}

export interface MadeOrder {
  readonly uuid: string;
  readonly id: string;
  readonly releases: readonly string[];
}

interface OrderDraft {
  readonly title?: string;
  readonly namespace?: string;
  readonly state: OrderState;
  readonly releases: readonly {
    readonly service: MadeService;
    readonly state: ServiceReleaseState;
    readonly version?: number;
    /** How many groups it has; two where it is not said. */
    readonly groups?: number;
  }[];
}

/** Rows of app services and orders in any state, as tables have them, for tests of what is done with them. */
export function orderRows(gateway: () => TestGateway) {
  const execute = (statement: string) => gateway().gateway.foundation.database.db.execute(statement);
  let count = 0;
  const nextName = (name: string) => {
    count += 1;
    return `${name}-${count}`;
  };
  const text = (value: unknown) =>
    value === null || value === undefined ? 'null' : `'${String(value).replaceAll("'", "''")}'`;

  return {
    execute,
    async service(draft: ServiceDraft = {}): Promise<MadeService> {
      const { namespace = 'shop', workspaceId, owner, operators = [], replicas = 4 } = draft;
      const uuid = randomUUID();
      const name = nextName('service');
      await execute(
        `insert into release_app_services (id, cluster, namespace, name, application_id, application_name, workspace_id, is_stateful, owner, operators, description, version, created_at)
         values ('${uuid}', 'embedded', '${namespace}', '${name}', '${randomUUID()}', 'shop', ${text(workspaceId)}, false, ${text(owner)}, ${text(JSON.stringify(operators))}, '', 1, now())`,
      );
      const spec = JSON.stringify(
        makeSpec({ scaling: { replicas }, deployment: draft.deployment ?? {}, podSpec: draft.podSpec ?? {} }),
      );
      const versions = (draft.versions ?? ['SUBMITTED']).map((editState, index) => ({
        editState,
        number: index + 1,
        key: randomUUID(),
      }));
      for (const { editState, number, key } of versions) {
        await execute(
          `insert into release_versions (id, service_id, number, edit_state, spec, created_by, created_at, updated_at, submitted_at, version)
           values ('${key}', '${uuid}', ${number}, '${editState}', ${text(spec)}, 'me', now(), now(), ${editState === 'DRAFT' ? 'null' : 'now()'}, 1)`,
        );
      }
      return {
        uuid,
        id: idOfAppService(uuid),
        name,
        versions: versions.map(({ key }) => ({ uuid: key, id: idOfVersion(key) })),
      };
    },
    /** Groups of one pod each: the first is beta and waits where its release is PAUSED. */
    async order({ title = nextName('order'), namespace = 'shop', state, releases }: OrderDraft): Promise<MadeOrder> {
      const uuid = randomUUID();
      const hasEnded = ['SUCCEEDED', 'CANCELLED', 'ROLLED_BACK'].includes(state);
      await execute(
        `insert into release_orders (id, title, cluster, namespace, units, beta_group, state, created_by, created_at, finished_at, version)
         values ('${uuid}', ${text(title)}, 'embedded', '${namespace}', '[]', true, '${state}', 'me', now(), ${hasEnded ? 'now()' : 'null'}, 1)`,
      );
      const ids: string[] = [];
      for (const [position, release] of releases.entries()) {
        const key = randomUUID();
        ids.push(key);
        const version = release.service.versions[release.version ?? 0]?.uuid;
        const isOver = ['SUCCEEDED', 'CANCELLED', 'ROLLED_BACK'].includes(release.state);
        const target = {
          cluster: 'embedded',
          namespace,
          service: release.service.name,
          versionId: version,
          units: [],
          template: {},
        };
        const actor = { id: 'dev:dev-admin', name: 'dev-admin', impersonatedBy: null };
        await execute(
          `insert into release_service_releases (id, order_id, service_id, version_id, position, depends_on, state, engine, target, pause_after_group, actor, group_position, total_pods, updated_pods, finished_at, since, created_at)
           values ('${key}', '${uuid}', '${release.service.uuid}', '${version}', ${position}, '[]', '${release.state}', 'DEPLOYMENT_PAIR', ${text(JSON.stringify(target))}, true, ${text(JSON.stringify(actor))}, 0, 3, 1, ${isOver ? 'clock_timestamp()' : 'null'}, now(), clock_timestamp())`,
        );
        for (let place = 0; place < (release.groups ?? 2); place += 1) {
          const groupState = release.state === 'PAUSED' && place === 0 ? 'WAITING_CONFIRM' : 'PENDING';
          await execute(
            `insert into release_groups (id, release_id, position, is_beta, pods, state, created_at)
             values ('${randomUUID()}', '${key}', ${place}, ${place === 0}, '[{"unit":"","count":${place + 1}}]', '${groupState}', now())`,
          );
        }
        await execute(
          `update release_app_services set release_id = ${isOver ? 'null' : `'${key}'`}, last_release_state = '${release.state}'
           ${release.state === 'SUCCEEDED' ? `, current_version_id = '${version}'` : ''} where id = '${release.service.uuid}'`,
        );
      }
      return { uuid, id: idOfOrder(uuid), releases: ids };
    },
    /** A task that failed, of a release that failed by it. */
    async failedTask(releaseId: string): Promise<string> {
      const key = randomUUID();
      await execute(
        `insert into release_tasks (id, release_id, phase, position, kind, state, reason, attempts, created_at)
         values ('${key}', '${releaseId}', 'PRE', 0, 'APPLY_SERVICES', 'FAILED', 'refused', 1, now())`,
      );
      return key;
    },
  };
}
