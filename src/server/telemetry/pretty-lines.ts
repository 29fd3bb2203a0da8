import type { Writable } from 'node:stream';

/** One line for people per log line: time, level, sentence, and the rest as `key=value`. */
export function prettyLines(out: Writable): { write(line: string): void } {
  return {
    write(line) {
      out.write(`${format(line)}\n`);
    },
  };
}

function format(line: string): string {
  try {
    const { time, level, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
    const context = Object.entries(rest).map(
      ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    const error = err as { stack?: string; message?: string } | undefined;
    const head = [String(time).slice(11, 23), String(level).toUpperCase().padEnd(5), String(msg), ...context].join(' ');
    return error ? `${head}\n${error.stack ?? error.message ?? ''}` : head;
  } catch {
    return line.trimEnd();
  }
}
