import type { ClusterClock, LogSource } from '../store/types.ts';
import type { ContainerSession, ExecRequest, SessionEnd, SessionOutput } from './container-session.ts';
import type { ContainerInstance } from './create-container-sessions.ts';

export interface AttachSite {
  readonly clock: ClusterClock;
  readonly logs: LogSource;
  readonly request: Omit<ExecRequest, 'command'>;
  readonly output: SessionOutput;
}

/** Lines that wait for a slow client beyond these are dropped, as a terminal would scroll them away. */
const maxWaitingLines = 10_000;

/** What the container writes from now on, until it ends. Simulated programs read nothing: input is taken and dropped. */
export function attachSession(instance: ContainerInstance, site: AttachSite): ContainerSession {
  const { request, output, logs } = site;
  const lineEnd = request.isTerminal ? '\r\n' : '\n';
  let waiting: string[] = [];
  let sending: Promise<void> | undefined;
  let isOver = false;
  let finish: (end: SessionEnd) => void = () => undefined;
  const end = new Promise<SessionEnd>((resolve) => {
    finish = resolve;
  });
  const kill = (): void => close();
  instance.kills.add(kill);

  const send = async (): Promise<void> => {
    while (waiting.length > 0 && !isOver) {
      const text = waiting.join('');
      waiting = [];
      await output.stdout?.(Buffer.from(text));
    }
  };
  /** Resolves when all that waits has gone out. */
  const flush = (): Promise<void> => {
    sending ??= send().finally(() => {
      sending = undefined;
    });
    return sending;
  };

  const stop = logs.follow(
    request.namespace,
    request.pod,
    request.container,
    ({ text }) => {
      waiting.push(`${text}${lineEnd}`);
      if (waiting.length > maxWaitingLines) waiting.shift();
      flush().catch(() => close());
    },
    () => close(),
  );

  function close(): void {
    if (isOver) return;
    instance.kills.delete(kill);
    // The last lines go out before the end does.
    flush()
      .catch(() => undefined)
      .then(
        () => {
          isOver = true;
          // A source may end within the call to follow, before there is anything to stop.
          queueMicrotask(() => stop());
          finish({ exitCode: 0 });
        },
        () => undefined,
      );
  }

  return {
    end,
    input: () => Promise.resolve(),
    endInput: () => undefined,
    resize: () => undefined,
    hangUp: close,
  };
}
