import { ForbiddenError, NotFoundError, UpstreamError } from '../../kernel/answer-error.ts';
import { type Clock, sleep } from '../../kernel/clock.ts';
import { kindRef } from '../kind-ref.ts';
import type { PodLogLine, PodLogRequest } from '../pod-logs.ts';
import { resourcePath } from '../resource-path.ts';
import type { ClusterTransport, KubeStream } from '../transport/cluster-transport.ts';
import { upstreamName } from '../transport/translate-failure.ts';
import { createLineSplitter, type Line, textOf } from '../watch/line-splitter.ts';
import { type ContainerRun, containerRunOf } from './container-run.ts';
import { parseLogLine } from './parse-log-line.ts';
import { createReplayFilter } from './replay-filter.ts';

const podKind = kindRef({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true });
const maxLineBytes = 256 * 1024;
/** In a row and without a new line in between; then the cluster is given up. */
const maxFailures = 8;

/**
 * Lines of one container, as fast as they are taken. Following goes on over cut connections for as long as the same run
 * of the container lives; the end of the iteration is the container's end (or the signal's), a failure is thrown.
 */
export async function* streamPodLogs(options: {
  readonly transport: ClusterTransport;
  readonly isImpersonating: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly request: PodLogRequest;
  readonly signal: AbortSignal;
}): AsyncGenerator<PodLogLine, void, undefined> {
  const { transport, clock, random, request, signal } = options;
  const { namespace, pod, container, follow, principal } = request;
  if (options.isImpersonating && principal === undefined) {
    throw new ForbiddenError(`Cluster '${transport.cluster}' shows logs only to a named caller.`);
  }
  const subject = { kind: podKind, namespace, name: pod, principal, signal };
  const filter = createReplayFilter();
  let firstRun: ContainerRun | undefined;
  let failures = 0;
  /** Whether the reader knows what may be missing since the last resumption. */
  let isGapTold = true;
  /** What stood behind the last line break when the stream ended. */
  let rest: PodLogLine | undefined;

  try {
    if (follow) firstRun = await readRun();
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      let stream: KubeStream | undefined;
      let failure: unknown;
      try {
        stream = await transport.stream({
          ...subject,
          path: resourcePath(podKind, namespace, pod, 'log'),
          query: query(),
          isOfNode: true,
        });
        for await (const line of linesOf(stream)) {
          const { lastTime } = filter;
          if (!filter.isNew(line)) continue;
          failures = 0;
          yield markGap(line, lastTime);
        }
      } catch (error) {
        if (isFirst && stream === undefined) throw error;
        failure = error;
      } finally {
        stream?.close();
      }
      if (signal.aborted) return;
      if (!follow && failure !== undefined) throw cut(failure);
      if (!follow || (await hasEnded(failure))) {
        // A container may end without a line break; of one that goes on this is only half a line.
        const { lastTime } = filter;
        if (rest !== undefined && filter.isNew(rest) && !signal.aborted) yield markGap(rest, lastTime);
        return;
      }
      filter.resume();
      isGapTold = false;
    }
  } catch (error) {
    // Going away is not an error.
    if (!signal.aborted) throw error;
  }

  /** What was read last comes again when a log is resumed; where it does not, the kubelet has rotated it away. */
  function markGap(line: PodLogLine, lastTime: string | undefined): PodLogLine {
    if (isGapTold || filter.hasMet) return line;
    isGapTold = true;
    return { ...line, missingSince: lastTime };
  }

  function query(): Record<string, string | number | boolean | undefined> {
    const { lastTime } = filter;
    const isResumed = lastTime !== undefined;
    return {
      container,
      follow: follow || undefined,
      timestamps: true,
      previous: request.previous || undefined,
      tailLines: isResumed ? undefined : request.tailLines,
      sinceTime: lastTime ?? request.sinceTime,
    };
  }

  async function* linesOf(stream: KubeStream): AsyncGenerator<PodLogLine, void, undefined> {
    const splitter = createLineSplitter(maxLineBytes);
    const parse = (line: Line) =>
      parseLogLine({ text: textOf(line), isCut: line.isCut }, filter.lastTime ?? new Date(clock.now()).toISOString());
    rest = undefined;
    for await (const chunk of stream.body) for (const line of splitter.push(chunk)) yield parse(line);
    const last = splitter.end();
    rest = last === undefined ? undefined : parse(last);
  }

  /** After the stream ended: whether the container did too. Waits before the next try otherwise. */
  async function hasEnded(failure: unknown): Promise<boolean> {
    for (;;) {
      failures += 1;
      if (failures > maxFailures) throw cut(failure);
      const capMs = Math.min(30_000, 500 * 2 ** failures);
      await sleep(clock, random() * capMs, signal);
      if (signal.aborted) return true;
      try {
        const run = await readRun();
        // Without the right to read the pod, a clean end is taken for the container's.
        if (run === undefined) return failure === undefined;
        return !run.isRunning || (firstRun?.id !== undefined && run.id !== firstRun.id);
      } catch (error) {
        if (error instanceof NotFoundError) return true;
        if (signal.aborted) return true;
        if (!(error instanceof UpstreamError)) throw error;
      }
    }
  }

  /** Undefined where the pod itself may not be read. */
  async function readRun(): Promise<ContainerRun | undefined> {
    try {
      const { body } = await transport.json({ ...subject, path: resourcePath(podKind, namespace, pod) });
      return containerRunOf(body, container);
    } catch (error) {
      if (error instanceof ForbiddenError) return undefined;
      throw error;
    }
  }

  function cut(cause: unknown): Error {
    const name = upstreamName(transport.cluster);
    return new UpstreamError(name, `The log of pod '${namespace}/${pod}' was cut off.`, { cause });
  }
}
