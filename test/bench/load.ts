/** Runs in a process of its own: sends requests one after the other on a few connections and tells how many were answered. */
import { Agent, request } from 'undici';

interface Job {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
  readonly ca: string | undefined;
  readonly connections: number;
  readonly durationMs: number;
}

process.on('message', (job: Job) => {
  void run(job).then((result) => process.send?.(result));
});

async function run(job: Job) {
  const agent = new Agent({
    connections: job.connections,
    connect: job.ca === undefined ? {} : { ca: job.ca },
    allowH2: false,
  });
  const endsAt = performance.now() + job.durationMs;
  let requests = 0;
  let bytes = 0;
  const latencies: number[] = [];
  await Promise.all(
    Array.from({ length: job.connections }, async () => {
      while (performance.now() < endsAt) {
        const startedAt = performance.now();
        const { statusCode, body } = await request(job.url, {
          dispatcher: agent,
          method: job.method,
          headers: job.headers,
          ...(job.body === undefined ? {} : { body: job.body }),
        });
        const answer = await body.arrayBuffer();
        if (statusCode !== 200)
          throw new Error(`status ${statusCode}: ${Buffer.from(answer).toString().slice(0, 300)}`);
        latencies.push(performance.now() - startedAt);
        requests += 1;
        bytes = answer.byteLength;
      }
    }),
  );
  await agent.close();
  latencies.sort((a, b) => a - b);
  return {
    requests,
    bytes,
    p50Ms: latencies[Math.floor(latencies.length / 2)],
    p99Ms: latencies[Math.floor(latencies.length * 0.99)],
  };
}
