import { openSession } from '../../src/embedded/testing/open-session.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { openTerminal } from '../support/open-terminal.ts';
import type { Bench, BenchRow } from './bench-row.ts';

const keys = 300;
const lines = 10_000;

/** A terminal through the gateway against the same exec straight to the cluster: how long a key takes, how fast output comes. */
export const benchTerminal: Bench = {
  name: 'terminal',
  async run() {
    await using gateway = await startTestGateway({ clusterSpeed: 40 });
    const pod = await runningPod(gateway);
    return [await benchKeys(gateway, pod), await benchOutput(gateway, pod)];
  },
};

interface Line {
  /** Types one character and resolves when it is echoed. */
  key(): Promise<void>;
  readonly bytes: () => number;
  readonly closed: Promise<unknown>;
  close(): void;
}

type Way = (gateway: TestGateway, pod: string, command: readonly string[]) => Promise<Line>;

const through: Way = async (gateway, pod, command) => {
  const token = 'dev-admin';
  const options = { issuer: gateway, token, cluster: 'embedded', namespace: 'shop', pod, input: { command } };
  const terminal = await openTerminal(options);
  const echoed = (): Promise<void> => new Promise((resolve) => terminal.socket.once('message', () => resolve()));
  return {
    async key() {
      const echo = echoed();
      terminal.type('x');
      await echo;
    },
    bytes: terminal.bytes,
    closed: terminal.closed,
    close: () => terminal.socket.close(1000),
  };
};

const straight: Way = async (gateway, pod, command) => {
  const words = command.map((word) => `&command=${encodeURIComponent(word)}`).join('');
  const path = `/api/v1/namespaces/shop/pods/${pod}/exec?stdin=true&stdout=true&tty=true${words}`;
  const session = await openSession(gateway.cluster, path);
  let bytes = 0;
  session.socket.on('message', (data: Buffer) => {
    if (data[0] === 1) bytes += data.length - 1;
  });
  const closed = new Promise((resolve) => session.socket.once('close', resolve));
  return {
    async key() {
      const echo = new Promise((resolve) => session.socket.once('message', resolve));
      session.send(0, 'x');
      await echo;
    },
    bytes: () => bytes,
    closed,
    close: () => session.socket.close(1000),
  };
};

async function benchKeys(gateway: TestGateway, pod: string): Promise<BenchRow> {
  const [direct, value] = await alternately(async (way) => {
    const line = await way(gateway, pod, ['cat']);
    for (let count = 0; count < 30; count += 1) await line.key();
    const began = performance.now();
    for (let count = 0; count < keys; count += 1) await line.key();
    const perKeyMs = (performance.now() - began) / keys;
    line.close();
    await line.closed;
    return perKeyMs;
  });
  const yardstick = `the same exec straight to the cluster (${direct.toFixed(3)} ms)`;
  return { name: 'terminal: a key until its echo', value, unit: 'ms', yardstick, ratio: value / direct };
}

async function benchOutput(gateway: TestGateway, pod: string): Promise<BenchRow> {
  const [direct, value] = await alternately(async (way) => {
    const began = performance.now();
    const line = await way(gateway, pod, ['seq', String(lines)]);
    await line.closed;
    return (performance.now() - began) / (line.bytes() / 1_048_576);
  });
  const yardstick = `the same exec straight to the cluster (${direct.toFixed(1)} ms)`;
  return { name: 'terminal: a MiB of output', value, unit: 'ms', yardstick, ratio: value / direct };
}

/** The medians of three runs of each, in turns, so that both have the same minute of the machine. */
async function alternately(measure: (way: Way) => Promise<number>): Promise<readonly [number, number]> {
  const values = { straight: [] as number[], through: [] as number[] };
  for (let round = 0; round < 3; round += 1) {
    values.straight.push(await measure(straight));
    values.through.push(await measure(through));
  }
  return [medianOf(values.straight), medianOf(values.through)];
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function runningPod(gateway: TestGateway): Promise<string> {
  type Change = { readonly podChanges: { readonly pod: { readonly name: string; readonly phase: string } | null } };
  await using pods = gateway.subscribe<Change, object>(
    'subscription { podChanges(filter: { namespaces: ["shop"] }) { pod { name phase } } }',
    {},
  );
  const { data } = await pods.next(({ data: change }) => change?.podChanges.pod?.phase === 'RUNNING', 60_000);
  return data?.podChanges.pod?.name ?? '';
}
