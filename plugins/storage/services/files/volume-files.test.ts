import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemPrincipal } from 'longshore/sdk';
import { createManualClock, localContainer } from 'longshore/testing';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createVolumeDirectory,
  deleteVolumeFile,
  listVolumeFiles,
  lookAtUpload,
  lookAtVolumeFile,
  moveVolumeFile,
  openVolumeFile,
  statVolumeFile,
  type VolumeSite,
  writeVolumeFile,
} from './volume-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'longshore-volume-'));
const root = join(folder, 'volume');
afterAll(() => rmSync(folder, { recursive: true }));

const oddName = `-a "quoted" $(name) 'ä'\n12 34 81a4 b.txt\n`;

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, 'data', 'deep'), { recursive: true });
  mkdirSync(join(root, 'empty'));
  mkdirSync(join(folder, 'outer'), { recursive: true });
  writeFileSync(join(folder, 'outer', 'secret.txt'), 'secret');
  writeFileSync(join(root, 'a.txt'), 'one');
  writeFileSync(join(root, oddName), 'odd');
  writeFileSync(join(root, 'data', 'b.txt'), 'two');
  symlinkSync('a.txt', join(root, 'link'));
  symlinkSync('data', join(root, 'inner'));
  symlinkSync('../outer', join(root, 'out'));
  symlinkSync('../outer/secret.txt', join(root, 'leak'));
  symlinkSync('round', join(root, 'round'));
});

const site = (more: Partial<VolumeSite> = {}): VolumeSite => ({
  cluster: localContainer(),
  namespace: 'shop',
  pod: 'browser',
  container: 'files',
  mountPath: root,
  principal: systemPrincipal,
  clock: createManualClock(),
  signal: new AbortController().signal,
  ...more,
});

async function* bytes(...parts: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}

async function read(path: string, maxBytes = 1_000_000): Promise<string> {
  const { chunks } = await openVolumeFile(site(), path, maxBytes);
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

const write = (path: string, text: string, overwrite = false, sizeBytes = Buffer.byteLength(text)) =>
  writeVolumeFile(site(), { path, sizeBytes, overwrite }, '.longshore-upload-test', bytes(text));
const moved = (path: string, newPath: string, overwrite = false, isDryRun = false) =>
  moveVolumeFile(site(), path, newPath, { overwrite, isDryRun });
const gone = (path: string, isRecursive = false, isDryRun = false) =>
  deleteVolumeFile(site(), path, { isRecursive, isDryRun });
const codeOf = (act: Promise<unknown>) =>
  act.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );

describe('files of a volume (STO-21)', () => {
  it('are listed with kinds and sizes, whatever their names hold', async () => {
    const { files, isCut } = await listVolumeFiles(site(), '/');
    expect(files.map(({ name, kind }) => `${kind} ${JSON.stringify(name)}`).sort()).toEqual(
      [
        `FILE ${JSON.stringify(oddName)}`,
        'DIRECTORY "data"',
        'DIRECTORY "empty"',
        'FILE "a.txt"',
        'LINK "inner"',
        'LINK "leak"',
        'LINK "link"',
        'LINK "out"',
        'LINK "round"',
      ].sort(),
    );
    expect(isCut).toBe(false);
    expect((await listVolumeFiles(site(), '/inner/')).files.map(({ name }) => name).sort()).toEqual(['b.txt', 'deep']);
  });

  it.each([
    { path: '/', kind: 'DIRECTORY', name: '' },
    { path: '/a.txt', kind: 'FILE', name: 'a.txt' },
    { path: '/./data//', kind: 'DIRECTORY', name: 'data' },
    { path: '/leak', kind: 'LINK', name: 'leak' },
    { path: `/${oddName}`, kind: 'FILE', name: oddName },
  ])('tell what stands at $path', async ({ path, kind, name }) => {
    expect(await statVolumeFile(site(), path)).toMatchObject({ kind, name });
  });

  it.each([
    { path: '/a.txt', text: 'one' },
    { path: '/link', text: 'one' },
    { path: '/inner/b.txt', text: 'two' },
    { path: `/${oddName}`, text: 'odd' },
  ])('are read: $path', async ({ path, text }) => expect(await read(path)).toBe(text));

  it('are written whole, also over another where that is asked for', async () => {
    const large = 'ä'.repeat(300_000);
    expect(await write('/data/new.txt', large)).toMatchObject({ path: '/data/new.txt', sizeBytes: 600_000 });
    expect(readFileSync(join(root, 'data', 'new.txt'), 'utf8')).toBe(large);
    await write(`/data/${oddName}`, '');
    expect(readFileSync(join(root, 'data', oddName), 'utf8')).toBe('');
    await write('/a.txt', 'changed', true);
    expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('changed');
    // In the place of a link comes a file; what the link led to stays.
    await write('/leak', 'mine', true);
    expect(lstatSync(join(root, 'leak')).isFile()).toBe(true);
    expect(readFileSync(join(folder, 'outer', 'secret.txt'), 'utf8')).toBe('secret');
  });

  it.each([
    { name: 'over a file that is there', path: '/a.txt', code: 'CONFLICT' },
    { name: 'over a link', path: '/leak', code: 'CONFLICT' },
    { name: 'over a directory', path: '/data', overwrite: true, code: 'PRECONDITION_FAILED' },
    { name: 'over a link to a directory', path: '/inner', overwrite: true, code: 'PRECONDITION_FAILED' },
    { name: 'behind a link out of the volume', path: '/out/new.txt', code: 'VALIDATION' },
    { name: 'where no directory is', path: '/none/new.txt', code: 'NOT_FOUND' },
    { name: 'on the way up', path: '/../new.txt', code: 'VALIDATION' },
    { name: 'in the place of the root', path: '/', code: 'VALIDATION' },
    { name: 'with a NUL', path: '/a\0b', code: 'VALIDATION' },
    { name: 'by half a character', path: '/\ud800', code: 'VALIDATION' },
    { name: 'by a name that is too long', path: `/${'x'.repeat(256)}`, code: 'VALIDATION' },
    { name: 'by a path that is not absolute', path: 'new.txt', code: 'VALIDATION' },
  ])('are not written $name (refused)', async ({ path, overwrite = false, code }) => {
    const before = readdirSync(folder, { recursive: true }).sort();
    expect(await codeOf(lookAtUpload(site(), { path, sizeBytes: 3, overwrite }))).toBe(code);
    expect(await codeOf(write(path, 'new', overwrite))).toBe(code);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
  });

  it.each([
    { name: 'breaks off', parts: ['ab', new Error('gone')] },
    { name: 'ends early', parts: ['ab'], aborts: true },
  ])('leave nothing where what is written $name (refused)', async ({ parts, aborts }) => {
    const leaving = new AbortController();
    async function* given() {
      yield* bytes(...parts);
      if (!aborts) return;
      leaving.abort();
      await new Promise(() => {});
    }
    const order = { path: '/data/half.txt', sizeBytes: 10, overwrite: false };
    const act = writeVolumeFile(site({ signal: leaving.signal }), order, '.part', given());
    await expect(act).rejects.toThrow();
    expect(readdirSync(join(root, 'data')).sort()).toEqual(['b.txt', 'deep']);
  });

  it('are moved: renamed, into another directory, over another where that is asked for; of a link the link', async () => {
    expect(await moved('/a.txt', `/data/${oddName}`)).toMatchObject({ before: { sizeBytes: 3 } });
    expect(readFileSync(join(root, 'data', oddName), 'utf8')).toBe('one');
    await moved('/data', '/renamed');
    await moved('/renamed/b.txt', `/${oddName}`, true);
    expect(readFileSync(join(root, oddName), 'utf8')).toBe('two');
    await moved('/leak', '/empty/leak');
    expect(lstatSync(join(root, 'empty', 'leak')).isSymbolicLink()).toBe(true);
  });

  it.each([
    { name: 'over another', from: '/a.txt', to: '/data/b.txt', code: 'CONFLICT' },
    { name: 'over a directory', from: '/a.txt', to: '/data', overwrite: true, code: 'CONFLICT' },
    { name: 'over a link to a directory', from: '/a.txt', to: '/inner', overwrite: true, code: 'CONFLICT' },
    { name: 'onto itself', from: '/a.txt', to: '/a.txt', overwrite: true, code: 'CONFLICT' },
    { name: 'into itself', from: '/data', to: '/data/deep/data', code: 'VALIDATION' },
    { name: 'out of the volume', from: '/a.txt', to: '/out/a.txt', code: 'VALIDATION' },
    { name: 'into the volume', from: '/out/secret.txt', to: '/secret.txt', code: 'VALIDATION' },
    { name: 'upwards', from: '/a.txt', to: '/../a.txt', code: 'VALIDATION' },
    { name: 'to where no directory is', from: '/a.txt', to: '/none/a.txt', code: 'NOT_FOUND' },
    { name: 'from where nothing is', from: '/none', to: '/b.txt', code: 'NOT_FOUND' },
  ])('are not moved $name (refused)', async ({ from, to, overwrite = false, code }) => {
    const before = readdirSync(folder, { recursive: true }).sort();
    expect(await codeOf(moved(from, to, overwrite, true))).toBe(code);
    expect(await codeOf(moved(from, to, overwrite))).toBe(code);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
  });

  it('are deleted: of a link the link, of a directory all where that is asked for', async () => {
    await gone('/a.txt', false, true);
    expect(existsSync(join(root, 'a.txt'))).toBe(true);
    for (const path of ['/a.txt', '/out', '/empty', `/${oddName}`]) await gone(path);
    await gone('/data', true);
    expect(readdirSync(root).sort()).toEqual(['inner', 'leak', 'link', 'round']);
    expect(readFileSync(join(folder, 'outer', 'secret.txt'), 'utf8')).toBe('secret');
  });

  it.each([
    { name: 'a directory that has something in it', path: '/data', code: 'IN_USE' },
    { name: 'what lies behind a link out of the volume', path: '/out/secret.txt', code: 'VALIDATION' },
    { name: 'the root', path: '/', code: 'VALIDATION' },
    { name: 'what is above', path: '/data/../../outer', code: 'VALIDATION' },
    { name: 'what is not there', path: '/none', code: 'NOT_FOUND' },
  ])('delete nothing for $name (refused)', async ({ path, code }) => {
    expect(await codeOf(gone(path, path !== '/data', true))).toBe(code);
    expect(await codeOf(gone(path, path !== '/data'))).toBe(code);
    expect(readFileSync(join(folder, 'outer', 'secret.txt'), 'utf8')).toBe('secret');
  });

  it('get directories to stand in', async () => {
    expect(await createVolumeDirectory(site(), '/data/new', true)).toBe('/data/new');
    expect(existsSync(join(root, 'data', 'new'))).toBe(false);
    await createVolumeDirectory(site(), `/data/${oddName}`, false);
    expect(lstatSync(join(root, 'data', oddName)).isDirectory()).toBe(true);
  });

  it.each([
    { path: '/data', code: 'CONFLICT' },
    { path: '/leak', code: 'CONFLICT' },
    { path: '/out/new', code: 'VALIDATION' },
    { path: '/none/new', code: 'NOT_FOUND' },
    { path: '/', code: 'VALIDATION' },
  ])('get none at $path (refused)', async ({ path, code }) => {
    expect(await codeOf(createVolumeDirectory(site(), path, false))).toBe(code);
  });

  it.each([
    { name: 'a link out of the volume', path: '/leak', code: 'VALIDATION' },
    { name: 'what lies behind one', path: '/out/secret.txt', code: 'VALIDATION' },
    { name: 'a link to itself', path: '/round', code: 'PRECONDITION_FAILED' },
    { name: 'a directory', path: '/data', code: 'PRECONDITION_FAILED' },
    { name: 'what is not there', path: '/none', code: 'NOT_FOUND' },
    { name: 'more than may be had', path: '/a.txt', maxBytes: 2, code: 'VALIDATION' },
  ])('are not read: $name (refused)', async ({ path, maxBytes = 100, code }) => {
    expect(await codeOf(lookAtVolumeFile(site(), path, maxBytes))).toBe(code);
  });

  it('cannot be had of an image without the programs (refused)', async () => {
    const cluster = localContainer({ path: '/nowhere' });
    expect(await codeOf(listVolumeFiles(site({ cluster }), '/'))).toBe('CAPABILITY_MISSING');
  });
});
