import { resolvePath } from '../files/file-tree.ts';
import { createLineReader } from '../read-text.ts';
import { evaluateTest } from './evaluate-test.ts';
import { parseScript } from './parse-script.ts';
import type { ScriptRun } from './run-script.ts';
import { type Script, ShellSyntaxError } from './script.ts';
import { environmentOf, ShellError, ShellJump } from './shell-state.ts';

export interface BuiltinCall {
  readonly args: readonly string[];
  readonly run: ScriptRun;
  readonly runScript: (script: Script, run: ScriptRun) => Promise<number>;
}

type Builtin = (call: BuiltinCall) => number | Promise<number>;

/** Commands that change the shell itself, or that every shell answers without a program. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [':', () => 0],
  ['true', () => 0],
  ['false', () => 1],
  ['cd', changeDirectory],
  ['exit', exit],
  ['return', exit],
  ['break', () => leap('break')],
  ['continue', () => leap('continue')],
  ['export', setExports],
  ['readonly', setExports],
  ['local', setExports],
  ['unset', ({ args, run }) => unset(args, run)],
  ['set', set],
  ['shift', shift],
  ['read', read],
  ['eval', ({ args, run, runScript }) => runScript(parse(args.join(' ')), run)],
  ['exec', execute],
  ['.', source],
  ['source', source],
  ['test', ({ args, run }) => evaluateTest(args, run.state)],
  ['[', bracket],
  ['type', describe],
  ['command', command],
  ['trap', () => 0],
  ['umask', () => 0],
  ['ulimit', () => 0],
  ['wait', wait],
]);

function changeDirectory({ args, run }: BuiltinCall): number {
  const { state } = run;
  const isPhysical = args[0] === '-P';
  const [given] = args.slice(isPhysical ? 1 : 0).filter((arg, index) => index > 0 || arg !== '--');
  const name = given ?? state.variables.get('HOME') ?? '/root';
  const target = name === '-' ? (state.variables.get('OLDPWD') ?? state.cwd) : name;
  const shown = resolvePath(state.cwd, target);
  const path = isPhysical ? (state.machine.files.realPath(shown) ?? shown) : shown;
  const stat = state.machine.files.stat(path);
  if (stat?.kind !== 'directory') {
    const why = stat === undefined ? 'No such file or directory' : 'Not a directory';
    throw new ShellError(
      state.name === 'bash' ? `cd: ${name}: ${why}` : `cd: can't cd to ${name}: ${why}`,
      state.name === 'bash' ? 1 : 2,
    );
  }
  state.variables.set('OLDPWD', state.cwd);
  state.cwd = path;
  return 0;
}

function exit({ args, run }: BuiltinCall): never {
  const [text] = args;
  if (text !== undefined && !/^\d+$/.test(text)) {
    const message =
      run.state.name === 'bash' ? `exit: ${text}: numeric argument required` : `exit: Illegal number: ${text}`;
    throw new ShellError(message, 2);
  }
  throw new ShellJump('exit', text === undefined ? run.state.lastStatus : Number(text) % 256);
}

function leap(kind: 'break' | 'continue'): never {
  throw new ShellJump(kind, 0);
}

async function setExports({ args, run }: BuiltinCall): Promise<number> {
  const { state } = run;
  const names = args.filter((arg) => !/^-\w$/.test(arg));
  if (names.length === 0) {
    for (const [name, value] of [...environmentOf(state)].sort()) {
      await run.streams.stdout.write(`export ${name}='${value}'\n`);
    }
  }
  for (const arg of names) {
    const match = /^([A-Za-z_]\w*)(?:=([\s\S]*))?$/.exec(arg);
    if (match === null) throw new ShellError(`export: ${arg}: bad variable name`, 2);
    const [, name = '', value] = match;
    if (value !== undefined) state.variables.set(name, value);
    state.exported.add(name);
  }
  return 0;
}

function unset(args: readonly string[], { state }: ScriptRun): number {
  for (const name of args) {
    state.variables.delete(name);
    state.exported.delete(name);
  }
  return 0;
}

async function set({ args, run }: BuiltinCall): Promise<number> {
  const { state } = run;
  if (args.length === 0) {
    for (const [name, value] of [...state.variables].sort()) await run.streams.stdout.write(`${name}='${value}'\n`);
    return 0;
  }
  const rest = [...args];
  for (let option = rest[0]; option !== undefined && /^[-+]\w/.test(option); option = rest[0]) {
    rest.shift();
    if (option.includes('e')) state.exitsOnError = option.startsWith('-');
    if (option.endsWith('o')) rest.shift();
  }
  if (rest[0] === '--') state.args = rest.slice(1);
  else if (rest.length > 0) state.args = rest;
  return 0;
}

function shift({ args, run }: BuiltinCall): number {
  const count = Number(args[0] ?? 1);
  if (count > run.state.args.length) return 1;
  run.state.args = run.state.args.slice(count);
  return 0;
}

async function read({ args, run }: BuiltinCall): Promise<number> {
  const names = args.filter((arg) => !arg.startsWith('-'));
  const { stdin } = run.streams;
  const reader = 'next' in stdin ? (stdin as ReturnType<typeof createLineReader>) : createLineReader(stdin);
  const line = await reader.next();
  if (line === undefined) return 1;
  const words = line.trim().split(/[ \t]+/);
  const targets = names.length === 0 ? ['REPLY'] : names;
  for (const [index, name] of targets.entries()) {
    const value = index === targets.length - 1 ? words.slice(index).join(' ') : (words[index] ?? '');
    run.state.variables.set(name, value);
  }
  return 0;
}

async function execute({ args, run, runScript }: BuiltinCall): Promise<number> {
  if (args.length === 0) return 0;
  const words = args.map((text) => [{ kind: 'text', text, isQuoted: true } as const]);
  const status = await runScript([{ kind: 'simple', assignments: [], words, redirects: [] }], run);
  throw new ShellJump('exit', status);
}

async function source({ args, run, runScript }: BuiltinCall): Promise<number> {
  const [name = ''] = args;
  const path = resolvePath(run.state.cwd, name);
  if (run.state.machine.files.stat(path)?.kind !== 'file') throw new ShellError(`.: can't open '${name}'`, 2);
  return runScript(parse(run.state.machine.files.read(path).toString()), run);
}

function bracket({ args, run }: BuiltinCall): number {
  if (args.at(-1) !== ']') throw new ShellError('[: missing ]', 2);
  return evaluateTest(args.slice(0, -1), run.state);
}

async function describe({ args, run }: BuiltinCall): Promise<number> {
  let status = 0;
  for (const name of args) {
    if (builtins.has(name)) await run.streams.stdout.write(`${name} is a shell builtin\n`);
    else if (run.findProgram(name) !== undefined) await run.streams.stdout.write(`${name} is /bin/${name}\n`);
    else {
      await run.streams.stderr.write(`${name}: not found\n`);
      status = 127;
    }
  }
  return status;
}

async function command({ args, run, runScript }: BuiltinCall): Promise<number> {
  if (args[0] !== '-v') {
    const words = args.map((text) => [{ kind: 'text', text, isQuoted: true } as const]);
    return words.length === 0 ? 0 : runScript([{ kind: 'simple', assignments: [], words, redirects: [] }], run);
  }
  const name = args[1] ?? '';
  if (builtins.has(name)) await run.streams.stdout.write(`${name}\n`);
  else if (run.findProgram(name) === undefined) return 127;
  else await run.streams.stdout.write(`/bin/${name}\n`);
  return 0;
}

async function wait({ run }: BuiltinCall): Promise<number> {
  const statuses = await Promise.all(run.state.background.splice(0));
  return statuses.at(-1) ?? 0;
}

function parse(text: string): Script {
  try {
    return parseScript(text);
  } catch (error) {
    if (error instanceof ShellSyntaxError) throw new ShellError(error.message, 2);
    throw error;
  }
}
