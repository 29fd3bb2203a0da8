import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestPostgres } from '../../../src/data/testing/start-postgres.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../../src/embedded/start-embedded-cluster.ts';
import { buildBundle, type ReadyLongshore, startLongshore } from '../../support/command-line.ts';
import { kubeconfigFile } from '../../support/kubeconfig-file.ts';
import { staticToken } from '../../support/static-token.ts';
import { until } from '../../support/until.ts';
import { type Balancer, startBalancer } from './balancer.ts';

const hostName = 'longshore.test';
export const operatorToken = 'the-token-of-an-administrator-of-replicas';

export interface Platform extends AsyncDisposable {
  readonly cluster: EmbeddedCluster;
  readonly balancer: Balancer;
  readonly databaseUrl: string;
  /** Starts one more replica, a process of its own, and puts it behind the balancer; resolves when that sends to it. */
  start(): Promise<ReadyLongshore>;
  /** SIGTERM, and waits for its end. */
  drain(replica: ReadyLongshore): Promise<number | null>;
  /** SIGKILL: no word to anybody. */
  kill(replica: ReadyLongshore): Promise<void>;
}

/** Replicas as they run in production, on one PostgreSQL and one cluster, behind a balancer. */
export async function startPlatform(postgres: TestPostgres, settings: object): Promise<Platform> {
  buildBundle();
  const stack = new AsyncDisposableStack();
  const cluster = stack.use(await startEmbeddedCluster({ controllers: false }));
  const { path: kubeconfig } = stack.use(await kubeconfigFile(cluster));
  const balancer = stack.use(await startBalancer(hostName));
  const folder = await mkdtemp(join(tmpdir(), 'longshore-replicas-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const databaseUrl = await postgres.createDatabase();
  const file = join(folder, 'longshore.yaml');
  await writeFile(
    file,
    JSON.stringify({
      host: '127.0.0.1',
      plugins: ['core', 'compute'],
      secretKey: randomBytes(32).toString('base64'),
      databaseUrl,
      allowedHosts: [hostName],
      allowedOrigins: ['https://longshore.test'],
      tokens: [staticToken('operator', operatorToken, { roles: ['ADMIN'] })],
      clusters: [{ name: 'main', kubeconfig }],
      ...settings,
    }),
  );
  let count = 0;
  const leave = (replica: ReadyLongshore) => balancer.remove(replica.url);
  return {
    cluster,
    balancer,
    databaseUrl,
    async start() {
      count += 1;
      const data = join(folder, `data-${count}`);
      const replica = await startLongshore(['serve', '--port', '0', '--config', file, '--data-dir', data]);
      stack.use(replica);
      balancer.add(replica.url);
      await until(() => {
        if (!balancer.ready.includes(replica.url)) throw new Error('not ready');
      }, 60_000);
      return replica;
    },
    async drain(replica) {
      replica.process.kill('SIGTERM');
      const { code } = await replica.ended;
      leave(replica);
      return code;
    },
    async kill(replica) {
      replica.process.kill('SIGKILL');
      await replica.ended;
      leave(replica);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
