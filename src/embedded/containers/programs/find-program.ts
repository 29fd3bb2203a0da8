import type { Program } from '../process.ts';
import { createShellProgram } from '../shell/shell-program.ts';
import { filePrograms } from './file-programs.ts';
import { createFind } from './find-files.ts';
import { systemPrograms } from './system-programs.ts';
import { textPrograms } from './text-programs.ts';

const plainPrograms: Readonly<Record<string, Program>> = { ...systemPrograms, ...filePrograms, ...textPrograms };
const find = createFind(findProgram);

/** The shells every simulated image has. */
export const shellNames: readonly string[] = ['sh', 'ash', 'bash'];

const standardFolders = new Set(['/bin', '/usr/bin', '/sbin', '/usr/sbin', '/usr/local/bin']);

/** The program behind a name or a path, whatever the image: all simulated containers have the same. */
export function findProgram(name: string): Program | undefined {
  const slash = name.lastIndexOf('/');
  if (slash >= 0 && !standardFolders.has(name.slice(0, slash))) return undefined;
  const plain = name.slice(slash + 1);
  if (shellNames.includes(plain)) return createShellProgram(plain, findProgram);
  if (plain === 'find') return find;
  return Object.hasOwn(plainPrograms, plain) ? plainPrograms[plain] : undefined;
}

export const programNames: readonly string[] = [...Object.keys(plainPrograms), 'find', ...shellNames].sort();
