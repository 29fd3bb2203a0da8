import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Target {
  readonly name: string;
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly ca?: string;
  /** What it is answered with; 200 unless said otherwise. */
  readonly status?: number;
}

export interface Measured {
  readonly name: string;
  /** CPU time of this process per request, in ms: what the server costs, whoever asks. */
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bytes: number;
  readonly requests: number;
}

/** Loads a target from another process and tells what each request cost this one. */
export async function measure(target: Target, durationMs = 3_000, connections = 4): Promise<Measured> {
  using client = startClient();
  await client.aim(target);
  await client.load({ durationMs: 1_000, connections });
  collectGarbage();
  const before = process.cpuUsage();
  const result = await client.load({ durationMs, connections });
  const used = process.cpuUsage(before);
  return { name: target.name, ...result, cpuMs: (used.user + used.system) / 1000 / result.requests };
}

/** Prepares, then sends one request, so many times over: what a request costs in the median, without what came before it. */
export async function measureEach(
  target: Target,
  rounds: number,
  prepare: (round: number) => Promise<void>,
): Promise<Measured> {
  using client = startClient();
  const costs: number[] = [];
  const latencies: number[] = [];
  let bytes = 0;
  for (let round = 0; round < rounds; round += 1) {
    await prepare(round);
    // The client's process is told beforehand: to hand it a body of 10 MB costs more than to refuse that.
    await client.aim(target);
    // Of the main thread alone: collecting what the preparation left behind is not the request's.
    const before = process.threadCpuUsage();
    const result = await client.load({ durationMs: 60_000, connections: 1, most: 1 });
    const used = process.threadCpuUsage(before);
    bytes = result.bytes;
    costs.push((used.user + used.system) / 1000);
    latencies.push(result.p50Ms);
  }
  const at = (sorted: readonly number[], part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  costs.sort((a, b) => a - b);
  latencies.sort((a, b) => a - b);
  return {
    name: target.name,
    cpuMs: at(costs, 0.5),
    p50Ms: at(latencies, 0.5),
    p99Ms: at(latencies, 0.99),
    bytes,
    requests: rounds,
  };
}

function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

interface LoadResult {
  readonly requests: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface LoadOptions {
  readonly durationMs: number;
  readonly connections: number;
  readonly most?: number;
}

interface Client extends Disposable {
  /** What is loaded from now on. */
  aim(target: Target): Promise<void>;
  load(options: LoadOptions): Promise<LoadResult>;
}

/** A process that sends requests, one job at a time. */
function startClient(): Client {
  const child = fork(fileURLToPath(new URL('./load.ts', import.meta.url)), { execArgv: ['--conditions=source'] });
  const ask = (message: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the load generator ended with ${code}`));
      child.once('exit', ended);
      child.once('message', (answer) => {
        child.off('exit', ended);
        resolve(answer);
      });
      child.send(message);
    });
  return {
    async aim({ url, method = 'GET', headers = {}, body, ca, status = 200 }) {
      await ask({ target: { url, method, headers, body, ca, status } });
    },
    load: async (options) => (await ask({ options })) as LoadResult,
    [Symbol.dispose]: () => {
      child.kill();
    },
  };
}
