import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../kernel/clock.ts';

/** Another process works in this data folder. The message is one line that says which and what to do. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
  readonly dataDir: string;
  readonly holderPid: number;
  constructor(dataDir: string, holderPid: number, options?: ErrorOptions) {
    super(
      `data folder in use by process ${holderPid}: ${dataDir}. Stop that process, or give this one a folder of its own.`,
      options,
    );
    this.dataDir = dataDir;
    this.holderPid = holderPid;
  }
}

export interface DataFolderLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  /** Start of the process in kernel ticks; tells a process from a later one with the same number. Empty where unknown. */
  readonly startedAt: string;
  readonly host: string;
  readonly token: string;
}

const refreshMs = 10_000;
/** A holder on another machine or in another container cannot be asked; silent this long, it is dead. */
const foreignSilenceMs = 35_000;
const heldHere = new Set<string>();

/**
 * Takes the exclusive lock on a data folder, creating it (0700) where it is missing. Two processes in one folder would
 * corrupt the embedded database, which does not notice by itself. The lock of a dead process is taken over.
 * Throws `DataFolderInUseError`.
 */
export async function lockDataFolder(dataDir: string, clock: Clock): Promise<DataFolderLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'lock');
  const me: Holder = {
    pid: process.pid,
    startedAt: (await processStart(process.pid)) ?? '',
    host: hostname(),
    token: randomUUID(),
  };
  const candidate = `${path}.${me.token}`;
  await writeFile(candidate, JSON.stringify(me), { mode: 0o600 });
  try {
    await takeLock(path, candidate, dataDir);
  } finally {
    await rm(candidate, { force: true });
  }
  heldHere.add(me.token);
  return keepLock(path, me.token, clock);
}

/** `link` fails where the lock exists, so exactly one process wins; a stale lock is moved away first, once. */
async function takeLock(path: string, candidate: string, dataDir: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await link(candidate, path);
      return;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      const holder = await readHolder(path);
      if (holder === 'gone') continue;
      const isDead = holder === undefined || !(await isAlive(holder, path, candidate));
      if (!isDead || attempt >= 5) throw folderInUse(dataDir, holder, error);
      await moveAway(path, holder);
    }
  }
}

function folderInUse(dataDir: string, holder: Holder | undefined, cause: unknown): DataFolderInUseError {
  return new DataFolderInUseError(dataDir, holder?.pid ?? 0, { cause });
}

/** Between judging a lock stale and moving it, another process may have put its own there: that one is put back. */
async function moveAway(path: string, judged: Holder | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved !== 'gone' && moved?.token !== judged?.token) {
    await link(aside, path).catch(() => undefined);
  }
  await rm(aside, { force: true });
}

async function readHolder(path: string): Promise<Holder | 'gone' | undefined> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isHolder(parsed) ? parsed : undefined;
  } catch (error) {
    return isCode(error, 'ENOENT') ? 'gone' : undefined;
  }
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null && 'pid' in value && 'startedAt' in value && 'token' in value;
}

async function isAlive(holder: Holder, path: string, candidate: string): Promise<boolean> {
  if (holder.host !== hostname()) {
    // Both times come from the same file system, so clocks that differ between machines do no harm.
    const [held, fresh] = await Promise.all([stat(path), stat(candidate)]);
    return fresh.mtimeMs - held.mtimeMs < foreignSilenceMs;
  }
  if (holder.pid === process.pid) {
    // In a container every process may be number 1: the same number is alive only where this very process holds it.
    return (
      heldHere.has(holder.token) || (holder.startedAt !== '' && (await processStart(process.pid)) === holder.startedAt)
    );
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return isCode(error, 'EPERM');
  }
  const startedAt = await processStart(holder.pid);
  return startedAt === undefined || holder.startedAt === '' || startedAt === holder.startedAt;
}

/** Field 22 of /proc/<pid>/stat (proc_pid_stat(5)); undefined on systems without it. */
async function processStart(pid: number): Promise<string | undefined> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The command in parentheses may itself hold spaces; the fields after it may not.
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function keepLock(path: string, token: string, clock: Clock): DataFolderLock {
  let cancel = () => {};
  const refresh = () => {
    cancel = clock.schedule(refreshMs, () => {
      const seconds = Date.now() / 1000;
      utimes(path, seconds, seconds).catch(() => undefined);
      refresh();
    });
  };
  refresh();
  return {
    async release() {
      cancel();
      if (!heldHere.delete(token)) return;
      const holder = await readHolder(path);
      if (holder !== 'gone' && holder?.token === token) await rm(path, { force: true });
    },
  };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
