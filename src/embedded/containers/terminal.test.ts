import { describe, expect, it } from 'vitest';
import { createTerminal, type Terminal } from './terminal.ts';

function open(): { readonly terminal: Terminal; shown(): string } {
  let screen = '';
  const terminal = createTerminal({
    screen: {
      write(data) {
        screen += Buffer.from(data as string).toString();
        return Promise.resolve();
      },
    },
    onIdleInterrupt: () => undefined,
  });
  return { terminal, shown: () => screen };
}

const read = async ({ input }: Terminal): Promise<string> => Buffer.from((await input.read()) ?? []).toString();

describe('createTerminal', () => {
  it('echoes keys, edits the line and hands it over at Enter', async () => {
    const { terminal, shown } = open();
    await terminal.type(Buffer.from('echp\u007fo \u001b[Dhi\r'));
    expect(await read(terminal)).toBe('echo hi\n');
    expect(shown()).toBe('echp\b \bo hi\r\n');
  });

  it('ends the input at Ctrl-D, once for each time', async () => {
    const { terminal } = open();
    await terminal.type(Buffer.from('\u0004\u0004more\r'));
    expect([await read(terminal), await read(terminal), await read(terminal)]).toEqual(['', '', 'more\n']);
  });

  it('keeps so many lines that nobody reads, and rings for more (refused)', async () => {
    const { terminal, shown } = open();
    const line = `${'x'.repeat(1_000)}\r`;
    for (let count = 0; count < 100; count += 1) await terminal.type(Buffer.from(line));
    expect(shown()).toContain('\u0007');
    await terminal.type(Buffer.from('\u0015\u0004'));
    terminal.hangUp();
    let bytes = 0;
    for (let chunk = await terminal.input.read(); chunk !== undefined; chunk = await terminal.input.read()) {
      bytes += chunk.length;
    }
    expect(bytes).toBeLessThan(70_000);
  });
});
