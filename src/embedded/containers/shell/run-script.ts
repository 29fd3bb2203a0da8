import { BrokenPipeError, BytePipe, type ByteWriter, emptyReader, interruptible } from '../byte-pipe.ts';
import { resolvePath } from '../files/file-tree.ts';
import type { Program } from '../process.ts';
import { builtins } from './builtins.ts';
import { expandText, expandWord, maxExpansionBytes, type Substitute } from './expand-word.ts';
import { redirectStreams } from './redirect-streams.ts';
import type { Command, Redirect, Script, Word } from './script.ts';
import { copyState, environmentOf, ShellError, ShellJump, type ShellState, type Streams } from './shell-state.ts';

/** Finds the program behind a command's name; undefined when there is none. */
export type FindProgram = (name: string) => Program | undefined;

/** Status of a process that was ended by writing into a pipe nobody reads. */
const sigpipeStatus = 141;
const maxSubstitutionBytes = 1024 * 1024;

export interface ScriptRun {
  readonly state: ShellState;
  readonly streams: Streams;
  readonly signal: AbortSignal;
  readonly findProgram: FindProgram;
}

/** Runs the commands one after the other and returns the last status. `exit` throws a `ShellJump`. */
export async function runScript(script: Script, run: ScriptRun): Promise<number> {
  for (const command of script) {
    run.state.lastStatus = await runCommand(command, run);
    if (run.signal.aborted) return run.state.lastStatus;
    if (run.state.exitsOnError && run.state.lastStatus !== 0 && command.kind !== 'and' && command.kind !== 'or') {
      throw new ShellJump('exit', run.state.lastStatus);
    }
  }
  return run.state.lastStatus;
}

async function runCommand(command: Command, run: ScriptRun): Promise<number> {
  await run.state.machine.step();
  if (run.signal.aborted) return 130;
  const { state } = run;
  switch (command.kind) {
    case 'simple':
      return runGuarded(run, () => runSimple(command, run));
    case 'pipeline': {
      const status = await runPipeline(command.commands, run);
      return command.isNegated ? Number(status === 0) : status;
    }
    case 'and':
    case 'or': {
      const left = await runTested(command.left, run);
      state.lastStatus = left;
      return (left === 0) === (command.kind === 'and') ? runCommand(command.right, run) : left;
    }
    case 'background': {
      const inner = { ...run, state: copyState(state), streams: { ...run.streams, stdin: emptyReader } };
      const job = runSubshell(() => runCommand(command.body, inner));
      // Whoever waits for it hears how it ended; it may be that nobody ever does.
      job.catch(() => undefined);
      state.background.push(job);
      return 0;
    }
    case 'group':
      return runGuarded(run, async () =>
        runScript(command.body, { ...run, streams: await redirect(command.redirects, run) }),
      );
    case 'subshell':
      return runGuarded(run, async () => {
        const streams = await redirect(command.redirects, run);
        return runSubshell(() => runScript(command.body, { ...run, state: copyState(state), streams }));
      });
    case 'if':
      return runGuarded(run, async () => {
        const inner = { ...run, streams: await redirect(command.redirects, run) };
        for (const { condition, body } of command.branches) {
          if ((await runConditions(condition, inner)) === 0) return runScript(body, inner);
        }
        return command.otherwise === undefined ? 0 : runScript(command.otherwise, inner);
      });
    case 'loop':
      return runGuarded(run, async () => {
        const inner = { ...run, streams: await redirect(command.redirects, run) };
        let status = 0;
        while (!run.signal.aborted && ((await runConditions(command.condition, inner)) === 0) !== command.isUntil) {
          const turn = await runTurn(command.body, inner);
          status = turn.status;
          if (turn.isOver) break;
        }
        return status;
      });
    case 'for':
      return runGuarded(run, async () => {
        const inner = { ...run, streams: await redirect(command.redirects, run) };
        const values =
          command.words === undefined ? state.args : await expandAll(command.words, state, substituteIn(inner));
        let status = 0;
        for (const value of values) {
          state.variables.set(command.name, value);
          const turn = await runTurn(command.body, inner);
          status = turn.status;
          if (turn.isOver || run.signal.aborted) break;
        }
        return status;
      });
  }
}

/** A condition's failure is an answer: `set -e` does not end the shell for it. */
async function runConditions(script: Script, run: ScriptRun): Promise<number> {
  const { state } = run;
  const { exitsOnError } = state;
  state.exitsOnError = false;
  try {
    return await runScript(script, run);
  } finally {
    state.exitsOnError = exitsOnError;
  }
}

function runTested(command: Command, run: ScriptRun): Promise<number> {
  return runConditions([command], run);
}

async function runTurn(body: Script, run: ScriptRun): Promise<{ status: number; isOver: boolean }> {
  try {
    return { status: await runScript(body, run), isOver: false };
  } catch (error) {
    if (error instanceof ShellJump && error.kind !== 'exit') return { status: 0, isOver: error.kind === 'break' };
    throw error;
  }
}

/** What goes wrong within a command is told on its stderr and becomes its status. */
async function runGuarded(run: ScriptRun, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof BrokenPipeError) return sigpipeStatus;
    if (!(error instanceof ShellError)) throw error;
    await run.streams.stderr.write(`${run.state.name}: ${error.message}\n`);
    return error.status;
  }
}

async function runSubshell(body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof ShellJump) return error.status;
    if (error instanceof BrokenPipeError) return sigpipeStatus;
    throw error;
  }
}

async function runPipeline(commands: readonly Command[], run: ScriptRun): Promise<number> {
  const pipes = commands.slice(1).map(() => new BytePipe());
  const statuses = await Promise.all(
    commands.map(async (command, index) => {
      const input = pipes[index - 1];
      const output = pipes[index];
      const streams = {
        stdin: input ?? run.streams.stdin,
        stdout: output ?? run.streams.stdout,
        stderr: run.streams.stderr,
      };
      const inner = { ...run, state: commands.length === 1 ? run.state : copyState(run.state), streams };
      try {
        return await runSubshell(() => runCommand(command, inner));
      } finally {
        output?.end();
        input?.abandon();
      }
    }),
  );
  return statuses.at(-1) ?? 0;
}

async function runSimple(command: Command & { kind: 'simple' }, run: ScriptRun): Promise<number> {
  const { state } = run;
  const substitute = substituteIn(run);
  const before = state.lastStatus;
  state.lastStatus = 0;
  const substituted = { status: 0 };
  const remember: Substitute = async (script) => {
    state.lastStatus = before;
    const text = await substitute(script);
    substituted.status = state.lastStatus;
    return text;
  };
  state.lastStatus = before;
  const words = await expandAll(command.words, state, remember);
  const assignments: [string, string][] = [];
  for (const { name, value } of command.assignments) {
    assignments.push([name, await expandText(value, state, remember)]);
  }
  const streams = await redirect(command.redirects, run);
  const [name, ...args] = words;
  if (name === undefined) {
    for (const [variable, value] of assignments) state.variables.set(variable, value);
    return substituted.status;
  }
  const builtin = builtins.get(name);
  if (builtin !== undefined) {
    for (const [variable, value] of assignments) state.variables.set(variable, value);
    return builtin({ args, run: { ...run, streams }, runScript });
  }
  const program = run.findProgram(name);
  if (program === undefined) throw new ShellError(...notFound(name, state));
  const { entry, remove } = state.machine.processes.add([name, ...args].join(' '), undefined);
  try {
    const environment = environmentOf(state);
    for (const [variable, value] of assignments) environment.set(variable, value);
    return await program({
      pid: entry.pid,
      args: [name, ...args],
      environment,
      cwd: state.cwd,
      ...streams,
      stdin: interruptible(streams.stdin, run.signal),
      signal: run.signal,
      machine: state.machine,
    });
  } finally {
    remove();
  }
}

function notFound(name: string, state: ShellState): [string, number] {
  if (!name.includes('/')) return [state.name === 'bash' ? `${name}: command not found` : `${name}: not found`, 127];
  const stat = state.machine.files.stat(resolvePath(state.cwd, name));
  if (stat === undefined) {
    return [state.name === 'bash' ? `${name}: No such file or directory` : `${name}: not found`, 127];
  }
  return [
    stat.kind === 'directory' && state.name === 'bash' ? `${name}: Is a directory` : `${name}: Permission denied`,
    126,
  ];
}

async function expandAll(words: readonly Word[], state: ShellState, substitute: Substitute): Promise<string[]> {
  const all: string[] = [];
  let length = 0;
  for (const word of words) {
    const fields = await expandWord(word, state, substitute);
    for (const field of fields) {
      length += field.length;
      all.push(field);
    }
    if (length > maxExpansionBytes) throw new ShellError('argument list too long', 126);
  }
  return all;
}

function redirect(redirects: readonly Redirect[], run: ScriptRun): Promise<Streams> {
  return redirectStreams(redirects, run, substituteIn(run));
}

function substituteIn(run: ScriptRun): Substitute {
  return async (script) => {
    let text = '';
    const stdout: ByteWriter = {
      write(data) {
        if (text.length > maxSubstitutionBytes) return Promise.reject(new BrokenPipeError('broken pipe'));
        text += typeof data === 'string' ? data : Buffer.from(data).toString();
        return Promise.resolve();
      },
    };
    const inner = { ...run, state: copyState(run.state), streams: { ...run.streams, stdout } };
    run.state.lastStatus = await runSubshell(() => runScript(script, inner));
    return text;
  };
}
