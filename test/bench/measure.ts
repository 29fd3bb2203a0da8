import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Target {
  readonly name: string;
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly ca?: string;
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
  await load(target, 1_000, connections);
  (globalThis as { gc?: () => void }).gc?.();
  const before = process.cpuUsage();
  const result = await load(target, durationMs, connections);
  const used = process.cpuUsage(before);
  return { name: target.name, ...result, cpuMs: (used.user + used.system) / 1000 / result.requests };
}

interface LoadResult {
  readonly requests: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

function load(target: Target, durationMs: number, connections: number): Promise<LoadResult> {
  const child = fork(fileURLToPath(new URL('./load.ts', import.meta.url)), { execArgv: ['--conditions=source'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the load generator ended with ${code}`)));
    child.once('message', (result) => {
      resolve(result as LoadResult);
      child.removeAllListeners('exit');
      child.kill();
    });
    child.send({
      url: target.url,
      method: target.method ?? 'GET',
      headers: target.headers ?? {},
      body: target.body,
      ca: target.ca,
      connections,
      durationMs,
    });
  });
}
