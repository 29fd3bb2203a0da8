/** How grave a line is, as far as it says so itself. `UNKNOWN` where it does not. */
export const logLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'UNKNOWN'] as const;
export type LogLevel = (typeof logLevels)[number];

const byWord: Readonly<Record<string, LogLevel>> = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  information: 'INFO',
  notice: 'INFO',
  warn: 'WARN',
  warning: 'WARN',
  err: 'ERROR',
  error: 'ERROR',
  critical: 'FATAL',
  crit: 'FATAL',
  alert: 'FATAL',
  emerg: 'FATAL',
  fatal: 'FATAL',
  panic: 'FATAL',
};
const byLetter: Readonly<Record<string, LogLevel>> = { I: 'INFO', W: 'WARN', E: 'ERROR', F: 'FATAL', D: 'DEBUG' };
const words = Object.keys(byWord).join('|');

/** Where a line names its level it does so early; the rest is what it tells. */
const headLength = 512;
/** klog, as Kubernetes' own components write: `E0131 12:00:00.000000 1 server.go:42] …`. */
const klog = /^([IWEFD])\d{4} \d{2}:\d{2}:\d{2}/;
/** A field of JSON or logfmt: `"level":"warn"`, `severity=ERROR`, `lvl=eror` is none. */
const field = new RegExp(
  `(?:^|[\\s,{"'])(?:level|lvl|severity|log\\.level|levelname)["']?\\s*[=:]\\s*["']?(${words})\\b`,
  'i',
);
/** bunyan and pino count: 10 trace to 60 fatal. */
const numbered = /"level"\s*:\s*([1-6])0\b/;
/** A word that stands out: `[ERROR]`, `<warn>`, `ERROR:`; or all in capitals among the first words. */
const marked = new RegExp(`[[<(|](${words})\\s*[\\]>)|:]|(?:^|\\s)(${words}):`, 'i');
const capital = new RegExp(`(?:^|[\\s|/-])(${words.toUpperCase()})(?=$|[\\s|:/-])`);

/** Reads the level a line names, in the ways loggers write it (CMP-102). */
export function detectLevel(text: string): LogLevel {
  const head = text.length > headLength ? text.slice(0, headLength) : text;
  const letter = klog.exec(head)?.[1];
  if (letter !== undefined) return byLetter[letter] ?? 'UNKNOWN';
  const number = numbered.exec(head)?.[1];
  if (number !== undefined) return logLevels[Number(number) - 1] ?? 'UNKNOWN';
  const found = field.exec(head) ?? marked.exec(head) ?? capital.exec(head);
  const word = found?.slice(1).find((group) => group !== undefined);
  return (word && byWord[word.toLowerCase()]) || 'UNKNOWN';
}
