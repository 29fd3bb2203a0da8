/** Runs in a process of its own: sends requests one after the other on a few connections and tells how many were answered. */
import { Agent, request } from 'undici';

interface Target {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
  readonly ca: string | undefined;
  readonly status: number;
}

interface Job extends Target {
  readonly connections: number;
  readonly durationMs: number;
  /** Ends earlier, after so many for each connection. */
  readonly most?: number;
}

const agents = new Map<string, Agent>();

/** Connections stay open between jobs: dialling is not what is measured. */
function agentOf({ connections, ca }: Job): Agent {
  const key = `${connections} ${ca ?? ''}`;
  const agent = agents.get(key) ?? new Agent({ connections, connect: ca === undefined ? {} : { ca }, allowH2: false });
  agents.set(key, agent);
  return agent;
}

let target: Target | undefined;

/** First what is asked, then how often: only the second is timed. */
process.on('message', (message: { target: Target } | { options: Omit<Job, keyof Target> }) => {
  if ('target' in message) {
    target = message.target;
    process.send?.('aimed');
  } else if (target) void run({ ...target, ...message.options }).then((result) => process.send?.(result));
});

async function run(job: Job) {
  const agent = agentOf(job);
  const endsAt = performance.now() + job.durationMs;
  let requests = 0;
  let bytes = 0;
  const latencies: number[] = [];
  await Promise.all(
    Array.from({ length: job.connections }, async () => {
      for (let sent = 0; performance.now() < endsAt && sent < (job.most ?? Infinity); sent += 1) {
        const startedAt = performance.now();
        const { statusCode, body } = await request(job.url, {
          dispatcher: agent,
          method: job.method,
          headers: job.headers,
          ...(job.body === undefined ? {} : { body: job.body }),
        });
        const answer = await body.arrayBuffer();
        if (statusCode !== job.status)
          throw new Error(`status ${statusCode}: ${Buffer.from(answer).toString().slice(0, 300)}`);
        latencies.push(performance.now() - startedAt);
        requests += 1;
        bytes = answer.byteLength;
      }
    }),
  );
  latencies.sort((a, b) => a - b);
  return {
    requests,
    bytes,
    p50Ms: latencies[Math.floor(latencies.length / 2)],
    p99Ms: latencies[Math.floor(latencies.length * 0.99)],
  };
}
