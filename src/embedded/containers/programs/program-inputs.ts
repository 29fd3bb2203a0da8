import { type ByteReader, readerOf } from '../byte-pipe.ts';
import { FileError, resolvePath } from '../files/file-tree.ts';
import type { Invocation } from '../process.ts';

export interface ProgramInput {
  readonly name: string;
  readonly reader: ByteReader;
}

/** The named files one after the other, or stdin when none is named. Files that cannot be read are told on stderr. */
export async function openInputs(
  call: Invocation,
  names: readonly string[],
): Promise<{ readonly inputs: readonly ProgramInput[]; readonly status: number }> {
  const inputs: ProgramInput[] = [];
  let status = 0;
  for (const name of names.length === 0 ? ['-'] : names) {
    if (name === '-') {
      inputs.push({ name, reader: call.stdin });
      continue;
    }
    try {
      inputs.push({ name, reader: readerOf(call.machine.files.read(resolvePath(call.cwd, name))) });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const what = error.code === 'EISDIR' ? 'read error' : `can't open '${name}'`;
      await complain(call, `${what}: ${error.message}`);
      status = 1;
    }
  }
  return { inputs, status };
}

/** Says on stderr what is wrong, after the program's name. */
export function complain(call: Invocation, message: string): Promise<void> {
  return call.stderr.write(`${nameOf(call)}: ${message}\n`);
}

export async function refuseOption(call: Invocation, option: string): Promise<number> {
  await complain(call, `unrecognized option: ${option}`);
  return 1;
}

export function nameOf(call: Invocation): string {
  return (call.args[0] ?? '').split('/').at(-1) ?? '';
}
