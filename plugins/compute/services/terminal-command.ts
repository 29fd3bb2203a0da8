import type { ValidationIssue } from 'longshore/sdk';
import type { PodObject } from '../api.ts';

/** Shells that a terminal can be opened with. */
export const terminalShells = {
  AUTO: 'Bash where the container has it, else `sh`; on Windows PowerShell.',
  BASH: 'The Bourne-again shell.',
  SH: 'The POSIX shell.',
  ASH: "BusyBox's shell.",
  ZSH: 'The Z shell.',
  POWERSHELL: 'Windows PowerShell.',
  CMD: 'The Windows command prompt.',
} as const;
export type TerminalShell = keyof typeof terminalShells;

const programs: Readonly<Record<Exclude<TerminalShell, 'AUTO'>, readonly string[]>> = {
  BASH: ['bash'],
  SH: ['sh'],
  ASH: ['ash'],
  ZSH: ['zsh'],
  POWERSHELL: ['powershell.exe'],
  CMD: ['cmd.exe'],
};

const mostWords = 64;
const longestWord = 4_096;

/** What runs in a terminal: the command as it is given, else the shell. */
export function commandOf(
  shell: TerminalShell,
  command: readonly string[] | undefined,
  pod: PodObject,
): readonly string[] {
  if (command) return command;
  if (shell !== 'AUTO') return programs[shell];
  if (pod.spec?.os?.name === 'windows') return programs.POWERSHELL;
  return ['sh', '-c', 'command -v bash >/dev/null 2>&1 && exec bash; exec sh'];
}

/** Whether it can be run at all, and be kept in a record. */
export function checkCommand(command: readonly string[] | null | undefined): ValidationIssue[] {
  if (!command) return [];
  if (command.length === 0 || command.length > mostWords) {
    return [
      {
        path: ['command'],
        code: 'out_of_range',
        message: `command must have 1 to ${mostWords} words, got ${command.length}`,
      },
    ];
  }
  return command.flatMap((word, index) => {
    if (word.length <= longestWord && !word.includes('\0') && (index > 0 || word !== '')) return [];
    const message = `command[${index}] must be ${index === 0 ? 1 : 0} to ${longestWord} characters without NUL`;
    return [{ path: ['command', index], code: 'invalid_word', message }];
  });
}

/** Whether a terminal can be so many characters wide and high. */
export function checkSize(size: { readonly columns: number; readonly rows: number }): ValidationIssue[] {
  return (['columns', 'rows'] as const).flatMap((side) => {
    const value = size[side];
    if (value >= 1 && value <= 1_000) return [];
    return [{ path: [side], code: 'out_of_range', message: `${side} must be 1 to 1000, got ${value}` }];
  });
}
