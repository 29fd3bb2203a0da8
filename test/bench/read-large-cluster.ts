import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { IntakeReport } from './intake-reader.ts';
import type { PodServerAsk } from './pod-server.ts';

const pods = 20_000;
const burst = 5_000;

let report: Promise<IntakeReport> | undefined;

/** One process serves 20,000 pods, another reads and measures itself; several benches share one such run. */
export function readLargeCluster(): Promise<IntakeReport> {
  report ??= run();
  return report;
}

async function run(): Promise<IntakeReport> {
  using server = await startPodServer(pods);
  const reader = start('./intake-reader.ts');
  try {
    return await new Promise((resolve, reject) => {
      reader.once('exit', (code) => reject(new Error(`the reader of the large cluster ended with ${code}`)));
      reader.on(
        'message',
        (message: { report: IntakeReport } | { error: string } | { ask: PodServerAsk; id: number }) => {
          if ('report' in message) resolve(message.report);
          else if ('error' in message) reject(new Error(message.error));
          else server.ask(message.ask).then(() => reader.send({ done: message.id }), reject);
        },
      );
      reader.send({ kubeconfig: server.kubeconfig, url: server.url, pods, burst });
    });
  } finally {
    reader.removeAllListeners('exit');
    reader.kill();
  }
}

export interface PodServer extends Disposable {
  readonly kubeconfig: string;
  readonly url: string;
  ask(what: PodServerAsk): Promise<void>;
}

/** A cluster with so many realistic pods in a process of its own. */
export async function startPodServer(count: number): Promise<PodServer> {
  const child = start('./pod-server.ts');
  const ask = (what: PodServerAsk): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the server of pods ended with ${code}`));
      child.once('exit', ended);
      child.once('message', (answer) => {
        child.off('exit', ended);
        resolve(answer);
      });
      child.send(what);
    });
  const { kubeconfig, url } = (await ask({ start: count })) as { kubeconfig: string; url: string };
  return {
    kubeconfig,
    url,
    async ask(what) {
      await ask(what);
    },
    [Symbol.dispose]: () => {
      child.kill();
    },
  };
}

function start(file: string): ChildProcess {
  const execArgv = ['--conditions=source', '--expose-gc'];
  return fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv });
}
