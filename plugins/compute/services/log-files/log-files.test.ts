import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PodSessionEnd, systemPrincipal } from 'longshore/sdk';
import { createManualClock, localContainer } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PodObject } from '../../api.ts';
import { makePod } from '../../testing/make-objects.ts';
import {
  deleteLogFile,
  type LogFileSite,
  listLogFiles,
  openLogFile,
  readLogFile,
  truncateLogFile,
} from './log-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'longshore-log-files-'));
const root = join(folder, 'logs');
afterAll(() => rmSync(folder, { recursive: true }));

const oddName = `a "quoted" $(name)\n12 34 81a4 b.log\n`;
const big = 'x'.repeat(5_000);

beforeAll(() => {
  mkdirSync(join(root, 'archive'), { recursive: true });
  mkdirSync(join(root, 'many'));
  mkdirSync(join(root, 'changes'));
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(root, 'app.log'), 'one\ntwo\nthree\n');
  utimesSync(join(root, 'app.log'), 1_700_000_000, 1_700_000_000);
  writeFileSync(join(root, 'big.log'), `${big}ä${big}`);
  writeFileSync(join(root, oddName), 'odd\n');
  writeFileSync(join(root, '-rf'), 'dash\n');
  writeFileSync(join(root, '.hidden'), '');
  writeFileSync(join(root, 'archive', 'old.log'), 'old\n');
  symlinkSync('app.log', join(root, 'current'));
  symlinkSync(join(root, 'archive', 'old.log'), join(root, 'oldest'));
  symlinkSync('../secret.txt', join(root, 'out'));
  symlinkSync(folder, join(root, 'outer'));
  symlinkSync('archive', join(root, 'inner'));
  symlinkSync('round', join(root, 'round'));
  for (let number = 0; number < 6_000; number += 1) writeFileSync(join(root, 'many', `${number}.log`), '');
});

const volume = 'log-directory-1';

function podWithLogs(state: object = { running: {} }): PodObject {
  return makePod({
    metadata: { name: 'web-1', namespace: 'shop' },
    spec: {
      containers: [{ name: 'web', image: 'web', volumeMounts: [{ name: volume, mountPath: `${root}/` }] }],
      volumes: [{ name: volume, emptyDir: {} }],
    },
    status: { containerStatuses: [{ name: 'web', state }] },
  } as never);
}

function site(more: Partial<LogFileSite> = {}): LogFileSite {
  return {
    cluster: localContainer(),
    pod: podWithLogs(),
    container: undefined,
    principal: systemPrincipal,
    clock: createManualClock(),
    signal: new AbortController().signal,
    ...more,
  };
}

const text = async (path: string, part: { from?: number; bytes?: number } = {}) =>
  (await readLogFile(site(), path, { from: part.from, bytes: part.bytes ?? 100 })).content.toString();
const codeOf = (error: unknown) => (error as { code?: string }).code;

describe('listLogFiles (CMP-104)', () => {
  it('shows names, kinds, sizes and times, whatever the names hold', async () => {
    const { files, isCut } = await listLogFiles(site(), root);
    const shown = files.map(({ name, kind }) => `${kind} ${JSON.stringify(name)}`).sort();
    expect(shown).toEqual(
      [
        'DIRECTORY "archive"',
        'DIRECTORY "changes"',
        'DIRECTORY "many"',
        'FILE "-rf"',
        'FILE ".hidden"',
        `FILE ${JSON.stringify(oddName)}`,
        'FILE "app.log"',
        'FILE "big.log"',
        'LINK "current"',
        'LINK "inner"',
        'LINK "oldest"',
        'LINK "out"',
        'LINK "outer"',
        'LINK "round"',
      ].sort(),
    );
    const app = files.find(({ name }) => name === 'app.log');
    expect(app).toMatchObject({ sizeBytes: 14, modifiedAt: new Date(1_700_000_000_000) });
    expect(isCut).toBe(false);
  });

  it('shows a directory below, also through a link that stays inside', async () => {
    for (const path of [`${root}/archive`, `${root}/inner/`]) {
      expect((await listLogFiles(site(), path)).files.map(({ name }) => name)).toEqual(['old.log']);
    }
  });

  it('shows a part of a huge directory, and says so', async () => {
    const { files, isCut } = await listLogFiles(site(), `${root}/many`);
    expect(files).toHaveLength(5_000);
    expect(isCut).toBe(true);
  });
});

describe('readLogFile (CMP-104)', () => {
  it.each([
    { what: 'the whole', path: 'app.log', part: {}, content: 'one\ntwo\nthree\n' },
    { what: 'the end', path: 'app.log', part: { bytes: 6 }, content: 'three\n' },
    { what: 'a part', path: 'app.log', part: { from: 4, bytes: 4 }, content: 'two\n' },
    { what: 'what lies behind a block', path: 'big.log', part: { from: 4_999, bytes: 4 }, content: 'xäx' },
    { what: 'nothing behind its end', path: 'app.log', part: { from: 9_000 }, content: '' },
    { what: 'an empty file', path: '.hidden', part: {}, content: '' },
    { what: 'a file that looks like an option', path: '-rf', part: {}, content: 'dash\n' },
    { what: 'a file of any name', path: oddName, part: {}, content: 'odd\n' },
    { what: 'a link that stays inside', path: 'current', part: {}, content: 'one\ntwo\nthree\n' },
    { what: 'an absolute link that stays inside', path: 'oldest', part: {}, content: 'old\n' },
    { what: 'a file behind a link to a directory inside', path: 'inner/old.log', part: {}, content: 'old\n' },
  ])('reads $what', async ({ path, part, content }) => {
    expect(await text(`${root}/${path}`, part)).toBe(content);
  });

  it.each([
    { what: 'a link out of the log directory', path: 'out', code: 'VALIDATION' },
    { what: 'a file behind a link out of it', path: 'outer/secret.txt', code: 'VALIDATION' },
    { what: 'a way up', path: '../secret.txt', code: 'VALIDATION' },
    { what: 'a way down and up', path: 'archive/../../secret.txt', code: 'VALIDATION' },
    { what: 'what is not there', path: 'none.log', code: 'NOT_FOUND' },
    { what: 'what stands in no directory', path: 'none/app.log', code: 'NOT_FOUND' },
    { what: 'a directory', path: 'archive', code: 'PRECONDITION_FAILED' },
    { what: 'the log directory itself', path: '', code: 'PRECONDITION_FAILED' },
    { what: 'a link to itself', path: 'round', code: 'PRECONDITION_FAILED' },
  ])('refuses $what', async ({ path, code }) => {
    for (const act of [
      () => text(`${root}/${path}`),
      () => truncateLogFile(site(), `${root}/${path}`, false),
      () => openLogFile(site(), `${root}/${path}`, 1_000),
    ]) {
      await expect(act().catch((error: unknown) => Promise.reject(codeOf(error)))).rejects.toBe(code);
    }
    expect(readFileSync(join(folder, 'secret.txt'), 'utf8')).toBe('secret');
  });

  it.each([
    { what: 'elsewhere', path: '/etc/hostname' },
    { what: 'above', path: folder },
    { what: 'beside, in a directory of a longer name', path: `${root}x/app.log` },
    { what: 'not absolute', path: 'app.log' },
    { what: 'with a NUL', path: `${root}/a\0b` },
    { what: 'with half a character', path: `${root}/\ud800` },
    { what: 'too long', path: `${root}/${'x'.repeat(5_000)}` },
  ])('refuses a path that is $what', async ({ path }) => {
    await expect(text(path)).rejects.toMatchObject({ code: 'VALIDATION', issues: [{ path: ['path'] }] });
  });
});

describe('openLogFile (CMP-104)', () => {
  it('hands out the whole file', async () => {
    const { facts, chunks } = await openLogFile(site(), `${root}/big.log`, 1_000_000);
    const read: Uint8Array[] = [];
    for await (const chunk of chunks) read.push(chunk);
    expect(Buffer.concat(read).toString()).toBe(`${big}ä${big}`);
    expect(facts).toMatchObject({ path: `${root}/big.log`, sizeBytes: 10_002 });
  });

  it('hands out none that is larger than it may be (refused)', async () => {
    await expect(openLogFile(site(), `${root}/big.log`, 10_001)).rejects.toMatchObject({
      issues: [{ path: ['path'], code: 'too_large' }],
    });
  });
});

describe('truncateLogFile and deleteLogFile (CMP-104)', () => {
  it('empty a file behind a link, and delete the link alone', async () => {
    const path = join(root, 'changes', 'a.log');
    writeFileSync(path, 'full');
    symlinkSync('a.log', join(root, 'changes', 'link'));
    expect(await truncateLogFile(site(), `${root}/changes/link`, true)).toMatchObject({ path, sizeBytes: 4 });
    expect(readFileSync(path, 'utf8')).toBe('full');
    expect(await truncateLogFile(site(), `${root}/changes/link`, false)).toMatchObject({ path, sizeBytes: 4 });
    expect(readFileSync(path, 'utf8')).toBe('');
    await deleteLogFile(site(), `${root}/changes/link`, false);
    await deleteLogFile(site(), path, true);
    expect((await listLogFiles(site(), `${root}/changes`)).files).toMatchObject([{ name: 'a.log' }]);
    await deleteLogFile(site(), path, false);
    expect((await listLogFiles(site(), `${root}/changes`)).files).toEqual([]);
  });

  it('delete nothing behind a link out of the log directory, no directory, and nothing that is not there (refused)', async () => {
    for (const [path, code] of [
      ['outer/secret.txt', 'VALIDATION'],
      ['archive', 'PRECONDITION_FAILED'],
      ['', 'PRECONDITION_FAILED'],
      ['none', 'NOT_FOUND'],
    ] as const) {
      const refusal = deleteLogFile(site(), `${root}/${path}`, false).catch((error: unknown) => codeOf(error));
      expect(await refusal).toBe(code);
    }
    expect(readFileSync(join(folder, 'secret.txt'), 'utf8')).toBe('secret');
  });
});

describe('a container that cannot show its log files (CMP-104)', () => {
  const ending = (end: PodSessionEnd): LogFileSite['cluster'] => ({
    openPodSession: async () => ({
      start: ({ onEnd }) => onEnd(end),
      write: () => true,
      resize: () => true,
      pause() {},
      resume() {},
      hangUp: async () => end,
    }),
  });
  const noShell = 'failed to exec: unable to start container process: exec: "sh": executable file not found in $PATH';

  it.each([
    { what: 'has no shell', cluster: ending({ kind: 'FAILED', message: noShell }), code: 'CAPABILITY_MISSING' },
    { what: 'has no other program', cluster: localContainer({ path: '/nowhere' }), code: 'CAPABILITY_MISSING' },
    { what: 'goes away half-way', cluster: ending({ kind: 'LOST' }), code: 'UPSTREAM' },
    { what: 'is killed half-way', cluster: ending({ kind: 'EXITED', exitCode: 137 }), code: 'UPSTREAM' },
    {
      what: 'cannot be reached',
      cluster: ending({ kind: 'FAILED', message: 'container not found' }),
      code: 'UPSTREAM',
    },
  ])('is told of where it $what (refused)', async ({ cluster, code }) => {
    await expect(listLogFiles(site({ cluster }), root)).rejects.toMatchObject({ code });
    await expect(openLogFile(site({ cluster }), `${root}/app.log`, 100)).rejects.toMatchObject({ code });
  });

  it('is left where it says nothing for long (refused)', async () => {
    const clock = createManualClock();
    const started = Promise.withResolvers<void>();
    let hangUps = 0;
    const cluster: LogFileSite['cluster'] = {
      openPodSession: async () => ({
        start: () => started.resolve(),
        write: () => true,
        resize: () => true,
        pause() {},
        resume() {},
        async hangUp() {
          hangUps += 1;
          return { kind: 'LOST' };
        },
      }),
    };
    const refusal = listLogFiles(site({ cluster, clock }), root).catch((error: unknown) => codeOf(error));
    await started.promise;
    await clock.advance(15_000);
    expect(await refusal).toBe('UPSTREAM');
    expect(hangUps).toBe(1);
  });

  it('does not run (refused)', async () => {
    const pod = podWithLogs({ waiting: {} });
    await expect(listLogFiles(site({ pod }), root)).rejects.toMatchObject({ reason: 'CONTAINER_NOT_STARTED' });
  });
});
