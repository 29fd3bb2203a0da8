import type { StreamMessage } from 'longshore/sdk';
import { detectLevel } from './detect-level.ts';
import type { LogEntry } from './log-entry.ts';

export const logFileFormats = ['TEXT', 'NDJSON'] as const;
export type LogFileFormat = (typeof logFileFormats)[number];

/** What a chunk gathers before it is handed on, in characters: a line alone is too little to send. */
const chunkLength = 32_768;

/**
 * A log as a file, chunk by chunk, at the most `maxBytes` of UTF-8 and a last line that says where more was left out. Gaps and ends of
 * containers stand in it: a file that hides them would be read as whole.
 */
export async function* renderLogFile(
  messages: AsyncIterable<StreamMessage<LogEntry>>,
  { format, maxBytes }: { readonly format: LogFileFormat; readonly maxBytes: number },
): AsyncGenerator<string, void, undefined> {
  const render = format === 'TEXT' ? asText : asJson;
  let chunk = '';
  let bytes = 0;
  for await (const { item } of messages) {
    if (!item) continue;
    const line = `${render(item)}\n`;
    bytes += Buffer.byteLength(line);
    if (bytes > maxBytes) {
      yield `${chunk}${cutLine(format, maxBytes)}\n`;
      return;
    }
    chunk += line;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk) yield chunk;
}

function asText({ kind, time, source: { pod, container }, text, isCut, missingSince }: LogEntry): string {
  const place = `${time} ${pod}/${container}`;
  if (kind === 'GAP') return `${place} [lines since ${missingSince ?? 'the begin'} may be missing]`;
  if (kind === 'ENDED') return `${place} [ended: ${text}]`;
  return `${place} ${text}${isCut ? ' [cut]' : ''}`;
}

function asJson({ kind, time, source: { pod, container }, run, text, isCut, missingSince }: LogEntry): string {
  const line = { kind, time, pod, container, run, text };
  if (kind === 'GAP') return JSON.stringify({ ...line, missingSince });
  return JSON.stringify(kind === 'LINE' ? { ...line, level: detectLevel(text), ...(isCut ? { isCut } : {}) } : line);
}

function cutLine(format: LogFileFormat, maxBytes: number): string {
  const text = `the file has its ${maxBytes} bytes, and there is more`;
  return format === 'TEXT' ? `[${text}]` : JSON.stringify({ kind: 'CUT', text });
}
