import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { parse } from 'yaml';
import type { Json } from '../../../testing/start-test-api.ts';
import { type EngineApi, startEngineApi } from '../../testing/start-engine-api.ts';
import { clusterApiEngine } from '../engine.ts';

/** A management cluster in which clusters are made of the class `base`, on a clock that goes as fast as tests want. */
export interface Fleet extends EngineApi {
  makeCluster(name: string, options?: ClusterOptions): Promise<Json>;
  /** Moves the clock by a second again and again, with real time in between, until the condition holds. */
  until(condition: () => Promise<boolean>, limitSeconds?: number): Promise<void>;
  untilPhase(name: string, phase: string): Promise<Json>;
  /** Until every machine of the cluster is running, and there are so many. */
  untilRunning(name: string, machines: number): Promise<Json[]>;
  machinesOf(name: string): Promise<Json[]>;
  /** Asks the cluster itself, with the kubeconfig that its Secret holds. */
  ask(name: string, path: string, method?: string): Promise<{ readonly code: number; readonly body: Json }>;
}

export interface ClusterOptions {
  readonly masters?: number;
  readonly workers?: number;
  readonly version?: string;
  /** Further fields of the group of workers `md-0`. */
  readonly group?: object;
  readonly variables?: readonly object[];
  readonly controlPlane?: object;
}

export function condition(object: Json, type: string): Json {
  return object.status?.conditions?.find((each: Json) => each.type === type);
}

export async function startFleet(): Promise<Fleet> {
  const world = await startEngineApi(clusterApiEngine, 0);
  const until: Fleet['until'] = async (holds, limitSeconds = 600) => {
    for (let seconds = 0; seconds < limitSeconds; seconds += 1) {
      if (await holds()) return;
      world.pass(1_000);
      await wait(1);
    }
    throw new Error(`did not come to hold within ${limitSeconds} simulated seconds`);
  };
  const machinesOf: Fleet['machinesOf'] = async (name) =>
    (await world.list('machines', 'fleet')).filter(({ spec }) => spec.clusterName === name);
  return {
    ...world,
    until,
    machinesOf,
    makeCluster(name, options = {}) {
      const { masters = 1, workers = 1, version = 'v1.35.2', group, variables, controlPlane } = options;
      return world.create('clusters', 'fleet', {
        metadata: { name },
        spec: {
          topology: {
            classRef: { name: 'base' },
            version,
            controlPlane: { replicas: masters, ...controlPlane },
            workers: { machineDeployments: [{ class: 'default', name: 'md-0', replicas: workers, ...group }] },
            ...(variables === undefined ? {} : { variables }),
          },
        },
      });
    },
    async untilPhase(name, phase) {
      let found: Json;
      await until(async () => {
        found = await world.read('clusters', 'fleet', name);
        return found.status?.phase === phase;
      });
      return found;
    },
    async untilRunning(name, count) {
      let found: Json[] = [];
      await until(async () => {
        found = await machinesOf(name);
        return found.length === count && found.every((each) => condition(each, 'Ready')?.status === 'True');
      });
      return found;
    },
    async ask(name, path, method = 'GET') {
      const secret = await world.read('secrets', 'fleet', `${name}-kubeconfig`);
      const config: Json = parse(Buffer.from(secret.data.value, 'base64').toString());
      const [{ cluster }] = config.clusters;
      const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString();
      const dispatcher = new Agent({ connect: { ca } });
      try {
        const answer = await request(`${cluster.server}${path}`, {
          method: method as 'GET',
          dispatcher,
          headers: { authorization: `Bearer ${config.users[0].user.token}` },
        });
        return { code: answer.statusCode, body: await answer.body.json() };
      } finally {
        await dispatcher.destroy();
      }
    },
  };
}
