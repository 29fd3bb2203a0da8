import { type EmbeddedCluster, startEmbeddedCluster } from '../../../src/embedded/start-embedded-cluster.ts';
import {
  createManualClock,
  type FaultProxy,
  type ManualClock,
  runClockUntil,
  startFaultProxy,
  startTestGateway,
  type TestGateway,
} from '../../../src/testing.ts';
import { kubeconfigFile } from '../../support/kubeconfig-file.ts';
import { staticToken } from '../../support/static-token.ts';

export interface ProxiedGateway extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly cluster: EmbeddedCluster;
  /** One for each cluster of the gateway: the first is called `cluster-0`. */
  readonly proxies: readonly FaultProxy[];
  readonly proxy: FaultProxy;
  readonly clock: ManualClock;
  /** Runs the clock until something holds; requests under way hold it up. */
  until(condition: () => boolean, options?: { readonly stepMs?: number; readonly limitMs?: number }): Promise<void>;
  /** Runs the clock until something has come. */
  whenDone<T>(promise: Promise<T>, stepMs?: number): Promise<T>;
}

export const operator = { token: 'the-token-of-an-administrator-behind-a-proxy' };
/** May do the same, and does nothing. */
export const bystander = { token: 'the-token-of-somebody-who-only-looks-on' };

export interface ProxiedGatewayOptions {
  readonly clusters?: number;
  readonly limits?: object;
  /** What is so from the beginning: objects in the cluster, lines that are bad. */
  prepare?(cluster: EmbeddedCluster, proxies: readonly FaultProxy[]): void;
}

/** A gateway on a clock of its own, whose every way to its clusters leads through a fault proxy. */
export async function startProxiedGateway(options: ProxiedGatewayOptions = {}): Promise<ProxiedGateway> {
  const stack = new AsyncDisposableStack();
  try {
    const clock = createManualClock(Date.now());
    const cluster = stack.use(await startEmbeddedCluster({ controllers: false }));
    const proxies = await Promise.all(
      Array.from({ length: options.clusters ?? 1 }, async () =>
        stack.use(await startFaultProxy({ target: cluster.url, caCertificate: cluster.caCertificate, clock })),
      ),
    );
    const [proxy] = proxies;
    if (!proxy) throw new Error('A gateway needs a cluster');
    options.prepare?.(cluster, proxies);
    const files = await Promise.all(
      proxies.map(async (one, index) =>
        stack.use(await kubeconfigFile({ kubeconfig: one.kubeconfig(`cluster-${index}`, cluster.token), token: '' })),
      ),
    );
    const isBusy = () => proxies.some(({ pending }) => pending > 0);
    const until: ProxiedGateway['until'] = (condition, how) => runClockUntil(clock, condition, { isBusy, ...how });
    const whenDone = async <T>(promise: Promise<T>, stepMs = 250): Promise<T> => {
      let isDone = false;
      const done = () => {
        isDone = true;
      };
      promise.then(done, done);
      await until(() => isDone, { stepMs });
      return promise;
    };
    // A start takes real time: a clock that runs ahead of it would find everything too slow.
    const timer = setInterval(() => clock.advance(10), 10);
    const gateway = await startTestGateway({
      clock,
      settings: {
        embedded: { enabled: false },
        tokens: [
          staticToken('operator', operator.token, { roles: ['ADMIN'] }),
          staticToken('bystander', bystander.token, { roles: ['ADMIN'] }),
        ],
        clusters: files.map(({ path }, index) => ({ name: `cluster-${index}`, kubeconfig: path })),
        ...(options.limits ? { limits: options.limits } : {}),
      },
    }).finally(() => clearInterval(timer));
    stack.use(gateway);
    return {
      gateway,
      cluster,
      proxies,
      proxy,
      clock,
      until,
      whenDone,
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
