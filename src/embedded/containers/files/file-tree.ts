/** What stands in a directory of a simulated container. A mount is looked up anew each time somebody passes it. */
export type FileNode = DirectoryNode | RegularFile | SymbolicLink | MountPoint;

export interface RegularFile {
  readonly kind: 'file';
  data: Buffer;
  mode: number;
  modifiedMs: number;
}

export interface DirectoryNode {
  readonly kind: 'directory';
  readonly entries: Map<string, FileNode>;
  readonly mode: number;
  modifiedMs: number;
}

export interface SymbolicLink {
  readonly kind: 'link';
  readonly target: string;
  readonly mode: number;
  readonly modifiedMs: number;
}

export interface MountPoint {
  readonly kind: 'mount';
  readonly isReadOnly: boolean;
  /** What may be written below it; the container's own where it is unset. */
  readonly budget?: WriteBudget;
  resolve(): DirectoryNode | RegularFile;
}

/** How much may be written: entries cost something too. */
export interface WriteBudget {
  usedBytes: number;
  readonly maxBytes: number;
}

export type FileErrorCode =
  | 'ENOENT'
  | 'EISDIR'
  | 'ENOTDIR'
  | 'EROFS'
  | 'ENOSPC'
  | 'EEXIST'
  | 'ENOTEMPTY'
  | 'EBUSY'
  | 'EINVAL'
  | 'ELOOP'
  | 'ENAMETOOLONG';

const words: Readonly<Record<FileErrorCode, string>> = {
  ENOENT: 'No such file or directory',
  EISDIR: 'Is a directory',
  ENOTDIR: 'Not a directory',
  EROFS: 'Read-only file system',
  ENOSPC: 'No space left on device',
  EEXIST: 'File exists',
  ENOTEMPTY: 'Directory not empty',
  EBUSY: 'Resource busy',
  EINVAL: 'Invalid argument',
  ELOOP: 'Symbolic link loop',
  ENAMETOOLONG: 'File name too long',
};

/** A file operation that failed; the message is the C library's. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: FileErrorCode;

  constructor(code: FileErrorCode) {
    super(words[code]);
    this.code = code;
  }
}

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'link';
  readonly size: number;
  readonly mode: number;
  readonly modifiedMs: number;
  /** The number that tells one from another of the same name; the same for as long as it is there. */
  readonly inode: number;
}

/** The files of one container, bounded in size. Paths are absolute. All failures are `FileError`s. */
export interface FileTree {
  /** What a path leads to, through links. */
  stat(path: string): FileStat | undefined;
  /** What stands at a path, which may be a link itself. */
  lstat(path: string): FileStat | undefined;
  /** The path without a link in it; undefined where it leads nowhere. */
  realPath(path: string): string | undefined;
  list(path: string): string[];
  read(path: string): Buffer;
  write(path: string, data: Uint8Array, options?: { readonly append?: boolean; readonly mode?: number }): void;
  makeDirectory(path: string): void;
  makeLink(path: string, target: string): void;
  readLink(path: string): string;
  /** Of a link the link. */
  remove(path: string): void;
}

const entryCostBytes = 256;
const longestPath = 4096;
/** As many links as Linux follows on the way of one path. */
const mostLinks = 40;

export function createFileTree(root: DirectoryNode, budget: WriteBudget, now: () => number): FileTree {
  function find(path: string, followsLast = true): Found | undefined {
    if (path.length > longestPath) throw new FileError('ENAMETOOLONG');
    const wanted = partsOf(path).reverse();
    let trail: Found[] = [{ node: root, path: '', isReadOnly: false, budget }];
    let links = 0;
    for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
      const at = trail.at(-1) as Found;
      if (name === '..') {
        trail = trail.slice(0, Math.max(1, trail.length - 1));
        continue;
      }
      if (at.node.kind !== 'directory') throw new FileError('ENOTDIR');
      const next = at.node.entries.get(name);
      if (next === undefined) return undefined;
      const { isReadOnly, budget: spent } = at;
      const here = `${at.path}/${name}`;
      if (next.kind === 'mount') {
        const own = { isReadOnly: next.isReadOnly, budget: next.budget ?? spent, isMount: true };
        trail.push({ node: next.resolve(), path: here, ...own });
      } else if (next.kind === 'link' && (followsLast || wanted.length > 0)) {
        links += 1;
        if (links > mostLinks) throw new FileError('ELOOP');
        if (next.target.startsWith('/')) trail = trail.slice(0, 1);
        wanted.push(...next.target.split('/').filter(isStep).reverse());
      } else trail.push({ node: next, path: here, isReadOnly, budget: spent });
    }
    return trail.at(-1);
  }

  function require(path: string, followsLast = true): Found {
    const found = find(path, followsLast);
    if (found === undefined) throw new FileError('ENOENT');
    return found;
  }

  /** The directory an entry is to be changed in, and the entry's name. */
  function parentOf(path: string): { found: Found & { node: DirectoryNode }; name: string } {
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined) throw new FileError('EBUSY');
    const found = require(`/${parts.join('/')}`);
    if (found.node.kind !== 'directory') throw new FileError('ENOTDIR');
    if (found.isReadOnly) throw new FileError('EROFS');
    return { found: found as Found & { node: DirectoryNode }, name };
  }

  function spend(from: WriteBudget, bytes: number): void {
    if (from.usedBytes + bytes > from.maxBytes) throw new FileError('ENOSPC');
    from.usedBytes += bytes;
  }

  function statOf(path: string, followsLast: boolean): FileStat | undefined {
    let found: Found | undefined;
    try {
      found = find(path, followsLast);
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
    if (found === undefined) return undefined;
    const { node } = found;
    const { kind, mode, modifiedMs } = node;
    return { kind, size: sizeOf(node), mode, modifiedMs, inode: inodeOf(node) };
  }

  return {
    stat: (path) => statOf(path, true),
    lstat: (path) => statOf(path, false),
    realPath(path) {
      const found = find(path);
      return found && (found.path || '/');
    },
    readLink(path) {
      const { node } = require(path, false);
      if (node.kind !== 'link') throw new FileError('EINVAL');
      return node.target;
    },
    makeLink(path, target) {
      if (find(path, false) !== undefined) throw new FileError('EEXIST');
      const { found, name } = parentOf(path);
      spend(found.budget, target.length + entryCostBytes);
      found.node.entries.set(name, { kind: 'link', target, mode: 0o777, modifiedMs: now() });
      found.node.modifiedMs = now();
    },
    list(path) {
      const { node } = require(path);
      if (node.kind !== 'directory') throw new FileError('ENOTDIR');
      return [...node.entries.keys()].sort();
    },
    read(path) {
      const { node } = require(path);
      if (node.kind !== 'file') throw new FileError('EISDIR');
      return node.data;
    },
    write(path, data, options = {}) {
      const existing = find(path);
      if (existing?.node.kind === 'directory') throw new FileError('EISDIR');
      if (existing !== undefined) {
        if (existing.isReadOnly) throw new FileError('EROFS');
        const { node } = existing as { node: RegularFile };
        spend(existing.budget, data.length - (options.append === true ? 0 : node.data.length));
        node.data = options.append === true ? Buffer.concat([node.data, data]) : Buffer.from(data);
        node.modifiedMs = now();
        if (options.mode !== undefined) node.mode = options.mode;
        return;
      }
      // What a dangling link names is not made.
      if (find(path, false) !== undefined) throw new FileError('ENOENT');
      const { found, name } = parentOf(path);
      spend(found.budget, data.length + entryCostBytes);
      found.node.entries.set(name, {
        kind: 'file',
        data: Buffer.from(data),
        mode: options.mode ?? 0o644,
        modifiedMs: now(),
      });
      found.node.modifiedMs = now();
    },
    makeDirectory(path) {
      if (find(path) !== undefined) throw new FileError('EEXIST');
      const { found, name } = parentOf(path);
      spend(found.budget, entryCostBytes);
      found.node.entries.set(name, newDirectory(now()));
      found.node.modifiedMs = now();
    },
    remove(path) {
      const target = require(path, false);
      if (target.isMount === true) throw new FileError('EBUSY');
      if (target.node.kind === 'directory' && target.node.entries.size > 0) throw new FileError('ENOTEMPTY');
      const { found, name } = parentOf(path);
      found.node.entries.delete(name);
      found.node.modifiedMs = now();
      found.budget.usedBytes -= entryCostBytes + (target.node.kind === 'directory' ? 0 : sizeOf(target.node));
    },
  };
}

export function newDirectory(nowMs: number): DirectoryNode {
  return { kind: 'directory', entries: new Map(), mode: 0o755, modifiedMs: nowMs };
}

/** An absolute path without `.`, `..` and doubled slashes; relative ones start in `cwd`. */
export function resolvePath(cwd: string, path: string): string {
  return `/${partsOf(path.startsWith('/') ? path : `${cwd}/${path}`).join('/')}`;
}

type Standing = DirectoryNode | RegularFile | SymbolicLink;

interface Found {
  /** A link only where the last step was not to be followed. */
  readonly node: Standing;
  /** Without links; the empty string for the root. */
  readonly path: string;
  readonly isReadOnly: boolean;
  readonly budget: WriteBudget;
  readonly isMount?: boolean;
}

function sizeOf(node: Standing): number {
  if (node.kind === 'directory') return 4096;
  return node.kind === 'file' ? node.data.length : Buffer.byteLength(node.target);
}

const inodes = new WeakMap<Standing, number>();
let lastInode = 0;

function inodeOf(node: Standing): number {
  const known = inodes.get(node);
  if (known !== undefined) return known;
  lastInode += 1;
  inodes.set(node, lastInode);
  return lastInode;
}

const isStep = (part: string): boolean => part !== '' && part !== '.';

function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts;
}
