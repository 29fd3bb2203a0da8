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

/** Structured logs on standard error: standard output belongs to what a command answers. */
export function createLogger(settings: Pick<Settings, 'logLevel' | 'logFormat'>): Logger {
  const paths = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  const destination =
    settings.logFormat === 'pretty' ? prettyLines(process.stderr) : pino.destination({ fd: 2, sync: false });
  return pino(
    {
      level: settings.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      redact: { paths, censor: '[redacted]' },
      serializers: { err: pino.stdSerializers.err },
    },
    destination,
  );
}
