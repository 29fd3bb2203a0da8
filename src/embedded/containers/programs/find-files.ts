import { resolvePath } from '../files/file-tree.ts';
import type { Invocation, Program } from '../process.ts';
import { complain } from './program-inputs.ts';

/** As many names as one command of `-exec … {} +` is given. */
const namesPerCommand = 500;

/** `find` with `-type`, `-name`, `-mindepth`, `-maxdepth` and `-exec … {} +`, whose command it finds as its shell would. */
export function createFind(findProgram: (name: string) => Program | undefined): Program {
  return async (call) => {
    const args = call.args.slice(1);
    const execAt = args.indexOf('-exec');
    const plain = execAt < 0 ? args : args.slice(0, execAt);
    const command = execAt < 0 ? undefined : args.slice(execAt + 1);
    if (command !== undefined && (command.length < 3 || command.at(-2) !== '{}' || command.at(-1) !== '+')) {
      await complain(call, "only '-exec COMMAND {} +' is known");
      return 1;
    }
    const found = walkRoots(call, plain);
    if (command === undefined) {
      for await (const name of found) await call.stdout.write(`${name}\n`);
      return 0;
    }
    const [name = '', ...words] = command.slice(0, -2);
    const program = findProgram(name);
    let status = 0;
    let names: string[] = [];
    const run = async (): Promise<void> => {
      if (names.length === 0) return;
      const ended = (await program?.({ ...call, args: [name, ...words, ...names] })) ?? 127;
      if (ended !== 0) status = 1;
      names = [];
    };
    for await (const each of found) {
      names.push(each);
      if (names.length === namesPerCommand) await run();
    }
    await run();
    return status;
  };
}

async function* walkRoots(call: Invocation, args: readonly string[]): AsyncGenerator<string, void> {
  const roots = args.filter((arg, index) => !arg.startsWith('-') && !args[index - 1]?.startsWith('-'));
  const valueAfter = (option: string): string | undefined => {
    const at = args.indexOf(option);
    return at < 0 ? undefined : args[at + 1];
  };
  const kind = valueAfter('-type');
  const name = valueAfter('-name');
  const least = Number(valueAfter('-mindepth') ?? 0);
  const most = Number(valueAfter('-maxdepth') ?? Number.POSITIVE_INFINITY);
  const letters = { directory: 'd', file: 'f', link: 'l' } as const;
  const { files } = call.machine;
  async function* walk(shown: string, path: string, depth: number): AsyncGenerator<string, void> {
    await call.machine.step();
    const stat = files.lstat(path);
    if (stat === undefined || call.signal.aborted) return;
    const isKind = kind === undefined || kind === letters[stat.kind];
    const isNamed = name === undefined || shown.split('/').at(-1) === name || matchesSuffix(shown, name);
    if (isKind && isNamed && depth >= least) yield shown;
    if (stat.kind !== 'directory' || depth >= most) return;
    for (const entry of files.list(path)) {
      yield* walk(`${shown === '/' ? '' : shown}/${entry}`, `${path === '/' ? '' : path}/${entry}`, depth + 1);
    }
  }
  for (const root of roots.length === 0 ? ['.'] : roots) yield* walk(root, resolvePath(call.cwd, root), 0);
}

/** `*.txt`, the pattern people look for. */
function matchesSuffix(shown: string, pattern: string): boolean {
  return pattern.startsWith('*') && !pattern.slice(1).includes('*') && shown.endsWith(pattern.slice(1));
}
