import { describe, expect, it } from 'vitest';
import type { PodObject } from '../api.ts';
import { checkCommand, checkSize, commandOf, type TerminalShell } from './terminal-command.ts';

const pod = (os?: string) => ({ metadata: { name: 'web' }, spec: { os: os && { name: os } } }) as unknown as PodObject;

describe('what runs in a terminal (CMP-109)', () => {
  it.each<{ shell: TerminalShell; on?: string; runs: readonly string[] }>([
    { shell: 'AUTO', runs: ['sh', '-c', expect.stringContaining('exec bash; exec sh') as string] },
    { shell: 'AUTO', on: 'windows', runs: ['powershell.exe'] },
    { shell: 'BASH', runs: ['bash'] },
    { shell: 'CMD', on: 'windows', runs: ['cmd.exe'] },
  ])('is $runs for $shell on $on', ({ shell, on, runs }) => expect(commandOf(shell, undefined, pod(on))).toEqual(runs));

  it('is the command where one is given', () => {
    expect(commandOf('BASH', ['top', '-b'], pod())).toEqual(['top', '-b']);
  });

  it.each([
    { command: undefined, paths: [] },
    { command: ['sh', ''], paths: [] },
    { command: [], paths: ['command'] },
    { command: [''], paths: ['command.0'] },
    { command: ['sh', 'a\0b'], paths: ['command.1'] },
    { command: ['sh', 'x'.repeat(4_097)], paths: ['command.1'] },
    { command: Array.from({ length: 65 }, () => 'x'), paths: ['command'] },
  ])('is refused where it cannot be run: $paths (refused)', ({ command, paths }) => {
    expect(checkCommand(command).map(({ path }) => path.join('.'))).toEqual(paths);
  });

  it.each([
    { size: { columns: 1, rows: 1_000 }, paths: [] },
    { size: { columns: 0, rows: 1_001 }, paths: ['columns', 'rows'] },
  ])('has a size: $size', ({ size, paths }) => {
    expect(checkSize(size).map(({ path }) => path.join('.'))).toEqual(paths);
  });
});
