import { createManualClock, type ManualClock } from '../../controllers/testing/manual-clock.ts';
import type { JsonObject } from '../../machinery/json.ts';
import { emptyReader, readerOf } from '../byte-pipe.ts';
import { createFileTree, newDirectory } from '../files/file-tree.ts';
import { createProcessTable, type Machine } from '../process.ts';
import { findProgram } from '../programs/find-program.ts';

export interface ShellResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestShell {
  readonly machine: Machine;
  readonly clock: ManualClock;
  run(
    script: string,
    options?: { readonly input?: string; readonly shell?: string; readonly environment?: JsonObject },
  ): Promise<ShellResult>;
}

/** A shell on an empty machine, without a cluster around it. */
export function createTestShell(maxBytes = 64 * 1024): TestShell {
  const clock = createManualClock();
  const root = newDirectory(clock.now());
  root.entries.set('tmp', newDirectory(clock.now()));
  const machine: Machine = {
    files: createFileTree(root, { usedBytes: 0, maxBytes }, () => clock.now()),
    clock,
    hostname: 'test',
    user: 'root',
    userId: 0,
    processes: createProcessTable(clock),
    terminal: undefined,
    step: () => Promise.resolve(),
  };
  return {
    machine,
    clock,
    async run(script, { input, shell = 'sh', environment = {} } = {}) {
      let stdout = '';
      let stderr = '';
      const status = await findProgram(shell)?.({
        pid: 7,
        args: [shell, '-c', script],
        environment: new Map(
          Object.entries({ HOME: '/root', ...environment }).map(([name, value]) => [name, String(value)]),
        ),
        cwd: '/',
        stdin: input === undefined ? emptyReader : readerOf(Buffer.from(input)),
        stdout: {
          async write(data) {
            stdout += Buffer.from(data as string).toString();
          },
        },
        stderr: {
          async write(data) {
            stderr += Buffer.from(data as string).toString();
          },
        },
        signal: new AbortController().signal,
        machine,
      });
      return { status: status ?? -1, stdout, stderr };
    },
  };
}
