import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SequencedRequest, SequenceResult } from './send-sequence.ts';

export interface MeasuredSequence {
  /** CPU time of this process's main thread per request, in ms. */
  readonly cpuMs: number;
  /** From sending a request to the last byte of its answer, in the median. */
  readonly medianMs: number;
  readonly lastAnswer: string;
}

export interface SequenceClient extends Disposable {
  measure(requests: readonly SequencedRequest[], ca?: string): Promise<MeasuredSequence>;
}

/** A process that sends sequences of requests, each request once. */
export function startSequenceClient(): SequenceClient {
  const file = fileURLToPath(new URL('./send-sequence.ts', import.meta.url));
  const child = fork(file, { execArgv: ['--conditions=source'] });
  return {
    async measure(requests, ca) {
      (globalThis as { gc?: () => void }).gc?.();
      const before = process.threadCpuUsage();
      const { durationsMs, lastAnswer } = await new Promise<SequenceResult>((resolve, reject) => {
        const ended = (code: number | null) => reject(new Error(`the client of a sequence ended with ${code}`));
        child.once('exit', ended);
        child.once('message', (answer: SequenceResult | { error: string }) => {
          child.off('exit', ended);
          if ('error' in answer) reject(new Error(answer.error));
          else resolve(answer);
        });
        child.send({ requests, ca });
      });
      const { user, system } = process.threadCpuUsage(before);
      const sorted = durationsMs.toSorted((a, b) => a - b);
      return {
        cpuMs: (user + system) / 1000 / requests.length,
        medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
        lastAnswer,
      };
    },
    [Symbol.dispose]: () => {
      child.kill();
    },
  };
}
