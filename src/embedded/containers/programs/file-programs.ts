import { FileError, type FileStat, type FileTree, resolvePath } from '../files/file-tree.ts';
import type { Invocation, Program } from '../process.ts';
import { parseOptions } from './options.ts';
import { complain, refuseOption } from './program-inputs.ts';

const pieceBytes = 32_768;

/** Programs that look at files and change them. */
export const filePrograms: Readonly<Record<string, Program>> = {
  ls,
  mkdir,
  rm,
  rmdir,
  touch,
  cp,
  mv,
  ln,
  readlink,
  stat,
  dd,
  basename,
  dirname,
  df,
};

async function ls(call: Invocation): Promise<number> {
  const { flags, operands, unknown } = parseOptions(call.args.slice(1), 'aAlh1dRtrSF');
  if (unknown !== undefined) return refuseOption(call, unknown);
  const { files } = call.machine;
  const names = operands.length === 0 ? ['.'] : operands;
  let status = 0;
  const shown: { name: string; path: string; stat: FileStat }[] = [];
  const folders: { name: string; path: string }[] = [];
  for (const name of names) {
    const path = resolvePath(call.cwd, name);
    const stat = files.stat(path);
    if (stat === undefined) {
      await complain(call, `${name}: No such file or directory`);
      status = 1;
    } else if (stat.kind === 'directory' && !flags.has('d')) folders.push({ name, path });
    else shown.push({ name, path, stat });
  }
  await print(call, shown, flags);
  for (const [index, { name, path }] of folders.entries()) {
    if (names.length > 1) await call.stdout.write(`${index > 0 || shown.length > 0 ? '\n' : ''}${name}:\n`);
    const entries = files.list(path).filter((entry) => flags.has('a') || flags.has('A') || !entry.startsWith('.'));
    const all = flags.has('a') ? ['.', '..', ...entries] : entries;
    await print(
      call,
      all.flatMap((entry) => {
        const stat = files.lstat(resolvePath(path, entry));
        return stat === undefined ? [] : [{ name: entry, path: resolvePath(path, entry), stat }];
      }),
      flags,
      true,
    );
  }
  return status;
}

async function print(
  call: Invocation,
  entries: readonly { name: string; path: string; stat: FileStat }[],
  flags: ReadonlySet<string>,
  isListing = false,
): Promise<void> {
  if (flags.has('l')) {
    if (isListing) await call.stdout.write(`total ${entries.length * 4}\n`);
    const width = Math.max(0, ...entries.map(({ stat }) => String(stat.size).length));
    for (const { name, path, stat } of entries) {
      const { user } = call.machine;
      const size = String(stat.size).padStart(Math.max(width, 9));
      const links = stat.kind === 'directory' ? 2 : 1;
      await call.stdout.write(
        `${modeText(stat)} ${String(links).padStart(4)} ${user.padEnd(8)} ${user.padEnd(8)} ${size} ${dateText(stat.modifiedMs)} ${name}${stat.kind === 'link' ? ` -> ${call.machine.files.readLink(path)}` : ''}\n`,
      );
    }
    return;
  }
  // A terminal gets its names side by side.
  const { terminal } = call.machine;
  if (terminal !== undefined && !flags.has('1') && entries.length > 0) {
    const width = Math.max(...entries.map(({ name }) => name.length)) + 2;
    const columns = Math.max(1, Math.floor(terminal.columns / width));
    for (let at = 0; at < entries.length; at += columns) {
      const row = entries.slice(at, at + columns).map(({ name }) => name.padEnd(width));
      await call.stdout.write(`${row.join('').trimEnd()}\n`);
    }
    return;
  }
  for (const { name } of entries) await call.stdout.write(`${name}\n`);
}

function modeText({ kind, mode }: FileStat): string {
  const bits = [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'));
  return `${{ directory: 'd', link: 'l', file: '-' }[kind]}${bits.join('')}`;
}

/** `Nov 21 12:30`. */
function dateText(ms: number): string {
  const date = new Date(ms);
  const [, day, month] = date.toUTCString().split(/[ ,]+/);
  return `${month} ${String(Number(day)).padStart(2)} ${date.toISOString().slice(11, 16)}`;
}

/** Does it for each operand; what fails is told and the rest goes on. */
async function forEach(
  call: Invocation,
  names: readonly string[],
  describe: (name: string, error: FileError) => string,
  act: (path: string, name: string) => void,
): Promise<number> {
  let status = 0;
  if (names.length === 0) {
    await complain(call, 'missing operand');
    return 1;
  }
  for (const name of names) {
    try {
      act(resolvePath(call.cwd, name), name);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await complain(call, describe(name, error));
      status = 1;
    }
  }
  return status;
}

function mkdir(call: Invocation): Promise<number> {
  const { flags, operands } = parseOptions(call.args.slice(1), 'pv', 'm');
  const { files } = call.machine;
  return forEach(
    call,
    operands,
    (name, error) => `can't create directory '${name}': ${error.message}`,
    (path) => {
      if (!flags.has('p')) {
        files.makeDirectory(path);
        return;
      }
      const parts = path.split('/').slice(1);
      for (let depth = 1; depth <= parts.length; depth += 1) {
        const each = `/${parts.slice(0, depth).join('/')}`;
        if (files.stat(each)?.kind !== 'directory') files.makeDirectory(each);
      }
    },
  );
}

function rm(call: Invocation): Promise<number> {
  const { flags, operands } = parseOptions(call.args.slice(1), 'rRfv');
  const { files } = call.machine;
  const isForced = flags.has('f');
  if (isForced && operands.length === 0) return Promise.resolve(0);
  return forEach(
    call,
    operands,
    (name, error) => `can't remove '${name}': ${error.message}`,
    (path) => {
      const kind = files.lstat(path)?.kind;
      if (isForced && kind === undefined) return;
      if (kind === 'directory' && !flags.has('r') && !flags.has('R')) throw new FileError('EISDIR');
      removeTree(files, path);
    },
  );
}

function rmdir(call: Invocation): Promise<number> {
  const { operands } = parseOptions(call.args.slice(1), 'p');
  const { files } = call.machine;
  return forEach(
    call,
    operands,
    (name, error) => `'${name}': ${error.message}`,
    (path) => {
      if (files.lstat(path)?.kind === 'directory') files.remove(path);
      else throw new FileError(files.lstat(path) === undefined ? 'ENOENT' : 'ENOTDIR');
    },
  );
}

function removeTree(files: FileTree, path: string): void {
  if (files.lstat(path)?.kind === 'directory') {
    for (const entry of files.list(path)) removeTree(files, `${path}/${entry}`);
  }
  files.remove(path);
}

function touch(call: Invocation): Promise<number> {
  const { operands } = parseOptions(call.args.slice(1), 'cam', 'dt');
  return forEach(
    call,
    operands,
    (name, error) => `${name}: ${error.message}`,
    (path) => {
      if (call.machine.files.stat(path)?.kind !== 'directory') {
        call.machine.files.write(path, new Uint8Array(), { append: true });
      }
    },
  );
}

function cp(call: Invocation): Promise<number> {
  return transfer(call, false);
}

function mv(call: Invocation): Promise<number> {
  return transfer(call, true);
}

function transfer(call: Invocation, isMove: boolean): Promise<number> {
  const { flags, operands } = parseOptions(call.args.slice(1), 'rRafpv');
  const { files } = call.machine;
  const sources = operands.slice(0, -1);
  const target = resolvePath(call.cwd, operands.at(-1) ?? '.');
  const copy = (from: string, to: string): void => {
    if (isMove && files.lstat(from)?.kind === 'link') {
      files.makeLink(to, files.readLink(from));
      return;
    }
    if (files.stat(from)?.kind !== 'directory') {
      files.write(to, files.read(from));
      return;
    }
    if (!isMove && !['r', 'R', 'a'].some((flag) => flags.has(flag))) throw new FileError('EISDIR');
    if (to === from || to.startsWith(`${from}/`)) throw new FileError('EBUSY');
    if (files.stat(to) === undefined) files.makeDirectory(to);
    for (const entry of files.list(from)) copy(`${from}/${entry}`, `${to}/${entry}`);
  };
  return forEach(
    call,
    sources,
    (name, error) => `can't ${isMove ? 'rename' : 'stat'} '${name}': ${error.message}`,
    (path) => {
      const isInto = files.stat(target)?.kind === 'directory';
      const to = isInto ? `${target}/${path.split('/').at(-1) ?? ''}` : target;
      // What is moved takes a file's place, and goes nowhere through a link.
      const there = isMove && to !== path ? files.lstat(to)?.kind : undefined;
      if (there !== undefined && there !== 'directory') files.remove(to);
      copy(path, to);
      if (isMove) removeTree(files, path);
    },
  );
}

async function basename(call: Invocation): Promise<number> {
  const [, path = '', suffix = ''] = call.args;
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  await call.stdout.write(
    `${suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`,
  );
  return 0;
}

async function dirname(call: Invocation): Promise<number> {
  const [, path = ''] = call.args;
  const parent = path.replace(/\/+$/, '').replace(/\/?[^/]*$/, '');
  await call.stdout.write(`${parent === '' ? (path.startsWith('/') ? '/' : '.') : parent}\n`);
  return 0;
}

/** Only `-s`: there is nothing that a hard link could be of. */
function ln(call: Invocation): Promise<number> {
  const { flags, operands } = parseOptions(call.args.slice(1), 'sfnv');
  const { files } = call.machine;
  const [target = '', name = target.split('/').at(-1) ?? ''] = operands;
  return forEach(
    call,
    flags.has('s') && operands.length > 0 ? [name] : [],
    (_name, error) => `${name}: ${error.message}`,
    (path) => {
      const isInto = files.stat(path)?.kind === 'directory';
      const at = isInto ? `${path}/${target.split('/').at(-1) ?? ''}` : path;
      if (flags.has('f') && files.lstat(at)) files.remove(at);
      files.makeLink(at, target);
    },
  );
}

async function readlink(call: Invocation): Promise<number> {
  const { flags, operands, unknown } = parseOptions(call.args.slice(1), 'fn');
  if (unknown !== undefined) return refuseOption(call, unknown);
  const { files } = call.machine;
  const path = resolvePath(call.cwd, operands[0] ?? '');
  const target = flags.has('f')
    ? files.realPath(path)
    : files.lstat(path)?.kind === 'link'
      ? files.readLink(path)
      : undefined;
  if (target === undefined) return 1;
  await call.stdout.write(`${target}${flags.has('n') ? '' : '\n'}`);
  return 0;
}

/** Only with `-c` and a format, of which the fields that scripts ask for are known. */
async function stat(call: Invocation): Promise<number> {
  const { flags, values, operands, unknown } = parseOptions(call.args.slice(1), 'L', 'c');
  if (unknown !== undefined) return refuseOption(call, unknown);
  const { files, userId } = call.machine;
  const format = values.get('c') ?? '%n';
  let status = 0;
  for (const name of operands) {
    await call.machine.step();
    const path = resolvePath(call.cwd, name);
    const found = flags.has('L') ? files.stat(path) : files.lstat(path);
    if (found === undefined) {
      await complain(call, `can't stat '${name}': No such file or directory`);
      status = 1;
      continue;
    }
    const type = { directory: 0o040000, file: 0o100000, link: 0o120000 }[found.kind];
    const fields: Readonly<Record<string, string>> = {
      n: name,
      s: String(found.size),
      Y: String(Math.floor(found.modifiedMs / 1_000)),
      f: (type | found.mode).toString(16),
      a: found.mode.toString(8),
      i: String(found.inode),
      u: String(userId),
      F: {
        directory: 'directory',
        file: found.size === 0 ? 'regular empty file' : 'regular file',
        link: 'symbolic link',
      }[found.kind],
      '%': '%',
    };
    await call.stdout.write(`${format.replace(/%(.)/g, (whole, letter: string) => fields[letter] ?? whole)}\n`);
  }
  return status;
}

/** Copies blocks of a file to standard output. */
async function dd(call: Invocation): Promise<number> {
  const operands = new Map(
    call.args.slice(1).map((arg) => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]),
  );
  const known = ['if', 'bs', 'skip', 'count'];
  const strange = [...operands.keys()].find((name) => !known.includes(name));
  const size = Number(operands.get('bs') ?? 512);
  const skip = Number(operands.get('skip') ?? 0);
  const count = Number(operands.get('count') ?? Number.POSITIVE_INFINITY);
  const name = operands.get('if');
  if (strange !== undefined || name === undefined || !(size > 0 && skip >= 0 && count >= 0)) {
    await complain(call, `invalid argument '${strange ?? ''}'`);
    return 1;
  }
  try {
    const data = call.machine.files.read(resolvePath(call.cwd, name));
    const from = Math.min(skip * size, data.length);
    const to = Math.min(from + count * size, data.length);
    for (let at = from; at < to && !call.signal.aborted; at += pieceBytes) {
      await call.machine.step();
      await call.stdout.write(data.subarray(at, Math.min(at + pieceBytes, to)));
    }
    const blocks = Math.ceil((to - from) / size);
    await call.stderr.write(`${blocks}+0 records in\n${blocks}+0 records out\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await complain(call, `can't open '${name}': ${error.message}`);
    return 1;
  }
}

async function df(call: Invocation): Promise<number> {
  await call.stdout.write(
    'Filesystem           1K-blocks      Used Available Use% Mounted on\noverlay                   4096         0      4096   0% /\n',
  );
  return 0;
}
