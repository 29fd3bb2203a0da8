/** A directory or a file of a simulated container. A mount is looked up anew each time somebody passes it. */
export type FileNode = DirectoryNode | RegularFile | MountPoint;

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
  readonly kind: 'file' | 'directory';
  readonly size: number;
  readonly mode: number;
  readonly modifiedMs: number;
}

/** The files of one container, bounded in size. Paths are absolute. All failures are `FileError`s. */
export interface FileTree {
  stat(path: string): FileStat | undefined;
  list(path: string): string[];
  read(path: string): Buffer;
  write(path: string, data: Uint8Array, options?: { readonly append?: boolean; readonly mode?: number }): void;
  makeDirectory(path: string): void;
  remove(path: string): void;
}

const entryCostBytes = 256;
const longestPath = 4096;

export function createFileTree(root: DirectoryNode, budget: WriteBudget, now: () => number): FileTree {
  function find(path: string): Found | undefined {
    if (path.length > longestPath) throw new FileError('ENAMETOOLONG');
    let found: Found = { node: root, isReadOnly: false, budget };
    for (const name of partsOf(path)) {
      if (found.node.kind === 'file') throw new FileError('ENOTDIR');
      const next = found.node.entries.get(name);
      if (next === undefined) return undefined;
      found =
        next.kind === 'mount'
          ? { node: next.resolve(), isReadOnly: next.isReadOnly, budget: next.budget ?? found.budget, isMount: true }
          : { node: next, isReadOnly: found.isReadOnly, budget: found.budget };
    }
    return found;
  }

  function require(path: string): Found {
    const found = find(path);
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

  return {
    stat(path) {
      let found: Found | undefined;
      try {
        found = find(path);
      } catch (error) {
        if (error instanceof FileError) return undefined;
        throw error;
      }
      if (found === undefined) return undefined;
      const { node } = found;
      const size = node.kind === 'file' ? node.data.length : 4096;
      return { kind: node.kind, size, mode: node.mode, modifiedMs: node.modifiedMs };
    },
    list(path) {
      const { node } = require(path);
      if (node.kind === 'file') throw new FileError('ENOTDIR');
      return [...node.entries.keys()].sort();
    },
    read(path) {
      const { node } = require(path);
      if (node.kind === 'directory') throw new FileError('EISDIR');
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
      const target = require(path);
      if (target.isMount === true) throw new FileError('EBUSY');
      if (target.node.kind === 'directory' && target.node.entries.size > 0) throw new FileError('ENOTEMPTY');
      const { found, name } = parentOf(path);
      found.node.entries.delete(name);
      found.node.modifiedMs = now();
      found.budget.usedBytes -= entryCostBytes + (target.node.kind === 'file' ? target.node.data.length : 0);
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

interface Found {
  readonly node: DirectoryNode | RegularFile;
  readonly isReadOnly: boolean;
  readonly budget: WriteBudget;
  readonly isMount?: boolean;
}

function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts;
}
