import type { Writable } from 'node:stream';
import type { CutMode } from './cut-modes.ts';
import type { Link } from './link.ts';

/** The answer to a watch on its way through the proxy, frame by frame. */
export interface RelayedWatch {
  readonly resource: string;
  /** Bytes of the cluster. */
  take(chunk: Buffer): void;
  /** Carries a fault out, now or with the next frame; false where there is nothing yet to do it with. */
  cut(mode: CutMode, onDone: () => void): boolean;
}

interface RelayedWatchOptions {
  readonly resource: string;
  readonly link: Link;
  /** Towards the client. */
  readonly output: Writable;
  /** Lets go of the cluster's side. */
  readonly abandon: () => void;
}

const rememberedFrames = 64;
const hugeBytes = 2_000_000;

export function createRelayedWatch({ resource, link, output, abandon }: RelayedWatchOptions): RelayedWatch {
  const frames: string[] = [];
  let rest = '';
  let isOver = false;
  let atNextFrame: ((line: string) => void) | undefined;

  function write(text: string): void {
    if (!isOver && !link.isSilent && !output.writableEnded) output.write(text, 'latin1');
  }

  function forward(line: string): void {
    const act = isObject(line) ? atNextFrame : undefined;
    if (act) {
      atNextFrame = undefined;
      act(line);
    } else write(`${line}\n`);
    if (!isObject(line)) return;
    frames.push(line);
    if (frames.length > rememberedFrames) frames.shift();
  }

  /** Everything written before still arrives. */
  function end(how: () => void): void {
    isOver = true;
    abandon();
    how();
  }

  function expire(): void {
    write(
      `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410, message: 'too old resource version' } })}\n`,
    );
    end(() => output.end());
  }

  return {
    resource,
    take(chunk) {
      if (isOver) return;
      // Byte for character: a chunk may end inside a character, and nothing here looks at more than ASCII.
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) forward(line);
    },
    cut(mode, onDone) {
      if (isOver || link.isSilent) return false;
      switch (mode) {
        case 'reset':
        case 'gone-at-connect':
        case 'throttled':
          end(() => link.socket.resetAndDestroy());
          if (mode === 'reset') onDone();
          return true;
        case 'close':
          end(() => output.end());
          onDone();
          return true;
        case 'black-hole':
          link.isSilent = true;
          abandon();
          onDone();
          return true;
        case 'gone-frame':
        case 'relist-fails':
        case 'deleted-before-watch':
          expire();
          if (mode === 'gone-frame') onDone();
          return true;
        case 'duplicate-frame':
        case 'version-back': {
          const again = mode === 'duplicate-frame' ? frames.at(-1) : frames.length > 1 ? frames[0] : undefined;
          if (again === undefined) return false;
          write(`${again}\n`);
          onDone();
          return true;
        }
        case 'half-line':
          atNextFrame = (line) => {
            write(line.slice(0, line.length / 2));
            end(() => link.socket.end());
            onDone();
          };
          return true;
        case 'huge-object':
          atNextFrame = (line) => {
            write(`${inflate(line)}\n`);
            onDone();
          };
          return true;
      }
    },
  };
}

const isObject = (line: string): boolean => /^\{"type":"(ADDED|MODIFIED|DELETED)"/.test(line);

/** One more annotation: the object stays the one it is, and what a client selects of it stays small. */
function inflate(line: string): string {
  const frame = JSON.parse(line) as { object: { metadata: { annotations?: Record<string, string> } } };
  const { metadata } = frame.object;
  metadata.annotations = { ...metadata.annotations, 'faults.longshore.dev/padding': 'x'.repeat(hugeBytes) };
  return JSON.stringify(frame);
}
