/** Runs in a process of its own: sends requests at a pace of its own, whatever becomes of them, and tells how long each took from when it was due. */
import { Agent, request } from 'undici';

/** One caller's requests: the same query, with `$first` anywhere between two numbers. */
export interface Stream {
  readonly name: string;
  readonly token: string;
  readonly query: string;
  readonly first: readonly [number, number];
  readonly perSecond: number;
}

export interface PacedJob {
  readonly url: string;
  readonly durationMs: number;
  readonly streams: readonly Stream[];
}

export interface PacedResult {
  readonly name: string;
  /** Of those that were answered with 200, in ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of all, whatever the answer was. */
  readonly slowestMs: number;
  /** How many were answered with each status. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** Each caller has connections of its own: else who asks much would hold up the others before they are so much as sent. */
const agents = new Map<string, Agent>();

function agentOf(token: string): Agent {
  const agent = agents.get(token) ?? new Agent({ connections: 100, allowH2: false });
  agents.set(token, agent);
  return agent;
}

async function run({ url, durationMs, streams }: PacedJob): Promise<readonly PacedResult[]> {
  return Promise.all(streams.map((stream) => pace(url, durationMs, stream)));
}

async function pace(
  url: string,
  durationMs: number,
  { name, token, query, first, perSecond }: Stream,
): Promise<PacedResult> {
  const answered: number[] = [];
  const all: number[] = [];
  const statuses: Record<string, number> = {};
  const open: Promise<void>[] = [];
  const startedAt = performance.now();

  async function send(index: number, dueAt: number): Promise<void> {
    const [least, most] = first;
    // Every size comes about as often, and none twice in a row.
    const size = least + ((index * 7_919) % (most - least + 1));
    const { statusCode, body } = await request(url, {
      dispatcher: agentOf(token),
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { first: size } }),
    });
    await body.dump({ limit: 100_000_000 });
    const tookMs = performance.now() - dueAt;
    statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
    all.push(tookMs);
    if (statusCode === 200) answered.push(tookMs);
  }

  await new Promise<void>((resolve) => {
    let sent = 0;
    const timer = setInterval(() => {
      const elapsed = performance.now() - startedAt;
      for (; sent < (Math.min(elapsed, durationMs) / 1_000) * perSecond; sent += 1)
        open.push(send(sent, startedAt + (sent / perSecond) * 1_000));
      if (elapsed < durationMs) return;
      clearInterval(timer);
      resolve();
    }, 2);
  });
  await Promise.all(open);
  answered.sort((one, other) => one - other);
  const at = (part: number) => answered[Math.floor((answered.length - 1) * part)] ?? Number.NaN;
  return { name, p50Ms: at(0.5), p99Ms: at(0.99), slowestMs: Math.max(...all), statuses };
}

process.on('message', (job: PacedJob) => {
  run(job).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
