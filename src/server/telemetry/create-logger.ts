import type { Writable } from 'node:stream';
import { pino } from 'pino';
import type { Settings } from '../../config/settings.ts';
import type { Logger } from '../../kernel/logger.ts';
import { prettyLines } from './pretty-lines.ts';

/** Keys whose values never reach the log, wherever they stand. */
const secretKeys = [
  'authorization',
  'cookie',
  'token',
  'password',
  'secret',
  'data',
  'stringData',
  'kubeconfig',
  'secretKey',
  'databaseUrl',
];

const outlived = new WeakSet<Writable>();

/**
 * Whoever read the log may be gone (`| head`, a supervisor that died). An error of its stream would be logged, which is
 * the next error, without end.
 */
export function outliveReader(out: Writable): void {
  if (outlived.has(out)) return;
  outlived.add(out);
  out.on('error', () => undefined);
}

/**
 * Structured logs on standard error: standard output belongs to what a command answers. Written at once, so that the last
 * line before an end is there.
 */
export function createLogger(
  settings: Pick<Settings, 'logLevel' | 'logFormat'>,
  out: Writable = process.stderr,
): Logger {
  outliveReader(out);
  const paths = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  return pino(
    {
      level: settings.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      redact: { paths, censor: '[redacted]' },
      serializers: { err: pino.stdSerializers.err },
    },
    settings.logFormat === 'pretty' ? prettyLines(out) : out,
  );
}
