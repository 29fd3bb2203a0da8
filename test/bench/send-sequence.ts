/** Runs in a process of its own: sends the requests it is given, one after the other on one connection. */
import { Agent, request } from 'undici';

export interface SequencedRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface SequenceJob {
  readonly requests: readonly SequencedRequest[];
  readonly ca?: string | undefined;
}

export interface SequenceResult {
  /** Milliseconds of each request, from sending it to the last byte of its answer. */
  readonly durationsMs: readonly number[];
  readonly lastAnswer: string;
}

const agents = new Map<string, Agent>();

process.on('message', (job: SequenceJob) => {
  run(job).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});

async function run({ requests, ca }: SequenceJob): Promise<SequenceResult> {
  const agent =
    agents.get(ca ?? '') ?? new Agent({ connections: 1, connect: ca === undefined ? {} : { ca }, allowH2: false });
  agents.set(ca ?? '', agent);
  const durationsMs: number[] = [];
  let lastAnswer = '';
  for (const { url, method, headers = {}, body } of requests) {
    const startedAt = performance.now();
    const answer = await request(url, {
      dispatcher: agent,
      method,
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
    });
    lastAnswer = await answer.body.text();
    durationsMs.push(performance.now() - startedAt);
    if (answer.statusCode !== 200 || lastAnswer.includes('"errors"'))
      throw new Error(`status ${answer.statusCode}: ${lastAnswer.slice(0, 500)}`);
  }
  return { durationsMs, lastAnswer };
}
