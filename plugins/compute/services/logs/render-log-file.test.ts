import type { StreamMessage } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import type { LogEntry } from './log-entry.ts';
import { type LogFileFormat, renderLogFile } from './render-log-file.ts';

const source = { pod: 'web-1', uid: 'u1', container: 'app' };

function entry(fields: Partial<LogEntry>): LogEntry {
  const position = { time: '', count: 0 } as unknown as LogEntry['position'];
  return {
    ...{ kind: 'LINE', source, run: 0, time: '2026-01-01T00:00:00.5Z', text: 'level=warn slow', isCut: false },
    ...{ missingSince: undefined, position },
    ...fields,
  };
}

async function render(entries: readonly (LogEntry | undefined)[], format: LogFileFormat, maxBytes = 10_000) {
  async function* messages() {
    for (const item of entries) yield { type: 'ADDED', item } as unknown as StreamMessage<LogEntry>;
  }
  const chunks: string[] = [];
  for await (const chunk of renderLogFile(messages(), { format, maxBytes })) chunks.push(chunk);
  return chunks;
}

const all = [
  entry({}),
  undefined,
  entry({ kind: 'GAP', text: '', missingSince: '2026-01-01T00:00:00Z' }),
  entry({ text: 'long', isCut: true }),
  entry({ kind: 'ENDED', text: 'The pod is gone' }),
];

describe('renderLogFile (CMP-102)', () => {
  it('writes a line for each line, and says where lines may be missing and why a container ended', async () => {
    expect((await render(all, 'TEXT')).join('')).toBe(
      [
        '2026-01-01T00:00:00.5Z web-1/app level=warn slow',
        '2026-01-01T00:00:00.5Z web-1/app [lines since 2026-01-01T00:00:00Z may be missing]',
        '2026-01-01T00:00:00.5Z web-1/app long [cut]',
        '2026-01-01T00:00:00.5Z web-1/app [ended: The pod is gone]',
        '',
      ].join('\n'),
    );
  });

  it('writes a JSON object for each', async () => {
    const lines = (await render(all, 'NDJSON')).join('').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ kind: 'LINE', pod: 'web-1', container: 'app', run: 0, level: 'WARN' }),
      expect.objectContaining({ kind: 'GAP', missingSince: '2026-01-01T00:00:00Z' }),
      expect.objectContaining({ kind: 'LINE', text: 'long', isCut: true }),
      expect.objectContaining({ kind: 'ENDED', text: 'The pod is gone' }),
    ]);
  });

  it('ends at its size, and says so', async () => {
    const many = Array.from({ length: 100 }, () => entry({ text: 'ü'.repeat(50) }));
    const lines = (await render(many, 'TEXT', 1_000)).join('').trimEnd().split('\n');
    expect(lines).toHaveLength(8);
    expect(lines.at(-1)).toBe('[the file has its 1000 bytes, and there is more]');
  });

  it('gathers what is sent at once, and holds no more than that', async () => {
    const many = Array.from({ length: 5_000 }, () => entry({ text: 'x'.repeat(50) }));
    const chunks = await render(many, 'TEXT', 10_000_000);
    expect(chunks.length).toBeLessThan(20);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(33_000);
  });
});
