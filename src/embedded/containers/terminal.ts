import { BytePipe, type ByteReader, type ByteWriter } from './byte-pipe.ts';
import type { TerminalView } from './process.ts';

/** What stands between a person's keys and a process: echo, line editing, Ctrl-C and Ctrl-D. */
export interface Terminal extends TerminalView {
  readonly input: ByteReader;
  readonly output: ByteWriter;
  /** Keys as they were pressed. Resolves once their echo is out. */
  type(keys: Uint8Array): Promise<void>;
  resize(columns: number, rows: number): void;
  hangUp(): void;
}

export interface TerminalOptions {
  readonly screen: ByteWriter;
  /** Ctrl-C while no program runs that wants to know: a line to put in its place, or undefined to do nothing. */
  readonly onIdleInterrupt: () => string | undefined;
}

const longestLine = 4096;
const largestWindow = 65_535;
/** What a key does that cannot be taken: too much was typed that nobody has read. */
const bell = '\u0007';
const keyCtrlC = 0x03;
const keyCtrlD = 0x04;
const keyBackspace = 0x08;
const keyCtrlU = 0x15;
const keyCtrlW = 0x17;
const keyEscape = 0x1b;
const keyDelete = 0x7f;

export function createTerminal({ screen, onIdleInterrupt }: TerminalOptions): Terminal {
  const pipe = new BytePipe();
  const handlers = new Set<() => void>();
  let columns = 80;
  let rows = 24;
  /** The line being edited, a character each. */
  let line: string[] = [];
  let sequence: 'none' | 'begun' | 'open' = 'none';
  const decoder = new TextDecoder();

  /** Returns what to echo. */
  function press(char: string): string {
    const code = char.codePointAt(0) ?? 0;
    if (sequence !== 'none') {
      // Arrow keys and their kin edit nothing here.
      sequence = sequence === 'begun' && (char === '[' || char === 'O') ? 'open' : code >= 0x40 ? 'none' : sequence;
      return '';
    }
    switch (code) {
      case keyEscape:
        sequence = 'begun';
        return '';
      case 0x0a:
      case 0x0d: {
        if (!pipe.offer(Buffer.from(`${line.join('')}\n`))) return bell;
        line = [];
        return '\r\n';
      }
      case keyBackspace:
      case keyDelete:
        return line.pop() === undefined ? '' : '\b \b';
      case keyCtrlU:
        return '\b \b'.repeat(line.splice(0).length);
      case keyCtrlW: {
        const kept = line.join('').replace(/\S*\s*$/u, '');
        const removed = line.splice([...kept].length);
        return '\b \b'.repeat(removed.length);
      }
      case keyCtrlC:
        interrupt();
        return '^C\r\n';
      case keyCtrlD:
        if (!(line.length === 0 ? pipe.offerEnd() : pipe.offer(Buffer.from(line.join(''))))) return bell;
        line = [];
        return '';
      default:
        if ((code < 0x20 && code !== 0x09) || line.length >= longestLine) return '';
        line.push(char);
        return char;
    }
  }

  function interrupt(): void {
    line = [];
    if (handlers.size > 0) {
      for (const handler of [...handlers]) handler();
      return;
    }
    const text = onIdleInterrupt();
    if (text !== undefined) pipe.offer(Buffer.from(`${text}\n`));
  }

  return {
    get columns() {
      return columns;
    },
    get rows() {
      return rows;
    },
    interrupt(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    input: pipe,
    output: {
      write: (data) =>
        screen.write(
          (typeof data === 'string' ? data : Buffer.from(data).toString('latin1')).includes('\n') ? cook(data) : data,
        ),
    },
    async type(keys) {
      let echo = '';
      for (const char of decoder.decode(keys, { stream: true })) echo += press(char);
      if (echo !== '') await screen.write(echo);
    },
    resize(nextColumns, nextRows) {
      columns = Math.min(largestWindow, Math.max(1, Math.trunc(nextColumns)));
      rows = Math.min(largestWindow, Math.max(1, Math.trunc(nextRows)));
    },
    hangUp() {
      pipe.end();
    },
  };
}

/** A terminal begins each line at its left edge. */
function cook(data: string | Uint8Array): string | Uint8Array {
  if (typeof data === 'string') return data.replaceAll('\n', '\r\n');
  return Buffer.from(Buffer.from(data).toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}
