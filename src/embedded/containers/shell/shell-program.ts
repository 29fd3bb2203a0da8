import { BrokenPipeError } from '../byte-pipe.ts';
import { FileError, resolvePath } from '../files/file-tree.ts';
import type { Program } from '../process.ts';
import { createLineReader } from '../read-text.ts';
import { parseScript } from './parse-script.ts';
import { type FindProgram, runScript, type ScriptRun } from './run-script.ts';
import { ShellSyntaxError } from './script.ts';
import { ShellJump, type ShellState } from './shell-state.ts';

const longestScript = 256 * 1024;

/** `sh`, `ash` and `bash`: `-c script`, a script's file, or commands from stdin, with a prompt where it is a terminal. */
export function createShellProgram(name: string, findProgram: FindProgram): Program {
  return async (call) => {
    const { machine } = call;
    const options = parseOptions(call.args.slice(1));
    const shown = name === 'bash' ? 'bash' : 'sh';
    const stdin = createLineReader(call.stdin);
    const state: ShellState = {
      machine,
      name: shown,
      pid: call.pid,
      cwd: call.cwd,
      variables: new Map(call.environment),
      exported: new Set(call.environment.keys()),
      args: options.args,
      lastStatus: 0,
      exitsOnError: options.exitsOnError,
      background: [],
    };
    const run: ScriptRun = {
      state,
      streams: { stdin, stdout: call.stdout, stderr: call.stderr },
      signal: call.signal,
      findProgram,
    };
    try {
      if (options.script !== undefined) return await runText(options.script, run);
      if (options.file !== undefined) return await runFile(options.file, run);
      return await readCommands(run, stdin);
    } catch (error) {
      if (error instanceof ShellJump) return error.status;
      if (error instanceof BrokenPipeError) return 141;
      throw error;
    }
  };
}

interface ShellOptions {
  readonly script?: string;
  readonly file?: string;
  readonly args: readonly string[];
  readonly exitsOnError: boolean;
}

function parseOptions(args: readonly string[]): ShellOptions {
  const rest = [...args];
  let exitsOnError = false;
  let takesScript = false;
  for (let option = rest[0]; option?.startsWith('-') === true && option !== '-'; option = rest[0]) {
    rest.shift();
    if (option === '--') break;
    if (option.startsWith('--')) continue;
    if (option.includes('e')) exitsOnError = true;
    if (option.includes('c')) takesScript = true;
    if (option === '-o') rest.shift();
  }
  if (takesScript) {
    // Behind the script comes the name it calls itself by, then its arguments.
    const [script = '', , ...scriptArgs] = rest;
    return { script, args: scriptArgs, exitsOnError };
  }
  const [file, ...fileArgs] = rest;
  return file === undefined || file === '-' ? { args: [], exitsOnError } : { file, args: fileArgs, exitsOnError };
}

async function runText(text: string, run: ScriptRun): Promise<number> {
  try {
    return await runScript(parseScript(text.slice(0, longestScript)), run);
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    await run.streams.stderr.write(`${run.state.name}: ${error.message}\n`);
    return 2;
  }
}

async function runFile(name: string, run: ScriptRun): Promise<number> {
  let text: string;
  try {
    text = run.state.machine.files.read(resolvePath(run.state.cwd, name)).toString();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await run.streams.stderr.write(`${run.state.name}: can't open '${name}': ${error.message}\n`);
    return 127;
  }
  return runText(text, run);
}

/** Commands line by line; a line that is not complete waits for the next. */
async function readCommands(run: ScriptRun, stdin: ReturnType<typeof createLineReader>): Promise<number> {
  const { state, streams } = run;
  const isInteractive = state.machine.terminal !== undefined;
  let text = '';
  for (;;) {
    if (run.signal.aborted) return state.lastStatus;
    if (isInteractive) await streams.stdout.write(text === '' ? promptOf(state) : '> ');
    const line = await stdin.next();
    if (line === undefined) {
      if (text !== '') await runText(text, run);
      return state.lastStatus;
    }
    if (line === interruptMark) {
      text = '';
      state.lastStatus = 130;
      continue;
    }
    text += text === '' ? line : `\n${line}`;
    try {
      parseScript(text);
    } catch (error) {
      if (error instanceof ShellSyntaxError && error.isIncomplete && text.length < longestScript) continue;
    }
    const whole = text;
    text = '';
    await runInterruptible(whole, run);
  }
}

/** A line that the terminal puts in where Ctrl-C was pressed at the prompt; no keyboard can write it. */
export const interruptMark = '\u0000\u0003';

/** Ctrl-C ends what the line started, not the shell. */
async function runInterruptible(text: string, run: ScriptRun): Promise<void> {
  const { state } = run;
  const interrupt = state.machine.terminal?.interrupt;
  if (interrupt === undefined) {
    state.lastStatus = await runText(text, run);
    return;
  }
  const line = new AbortController();
  const abort = (): void => line.abort();
  run.signal.addEventListener('abort', abort);
  const stop = interrupt(abort);
  try {
    state.lastStatus = await runText(text, { ...run, signal: line.signal });
    if (line.signal.aborted) state.lastStatus = 130;
  } finally {
    stop();
    run.signal.removeEventListener('abort', abort);
  }
}

function promptOf(state: ShellState): string {
  const sign = state.machine.userId === 0 ? '#' : '$';
  if (state.name === 'bash') return `${state.machine.user}@${state.machine.hostname}:${state.cwd}${sign} `;
  return `${state.cwd} ${sign} `;
}
