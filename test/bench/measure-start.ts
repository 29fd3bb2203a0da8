import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../../src/data/testing/start-postgres.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const query = '{ pods { totalCount } }';

/** From the start of `longshore dev` to its first answered query, and the memory it then holds. */
export async function measureStart(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'longshore-bench-'));
  console.log('\n| start of `dev` | first answer ms | RSS MiB |\n| --- | --- | --- |');
  try {
    await oneStart('very first run', folder, {});
    await oneStart('second run', folder, {});
    await oneStart('third run', folder, {});
    const postgres = await startPostgres();
    if (postgres) {
      await oneStart('without the embedded database', `${folder}-2`, { DATABASE_URL: postgres.url });
      await postgres.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(`${folder}-2`, { recursive: true, force: true });
  }
}

async function oneStart(name: string, dataDir: string, env: Record<string, string>): Promise<void> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [main, 'dev', '--port', '0', '--data-dir', dataDir], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await readyUrl(child);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const answer = await response.text();
  if (!answer.includes('totalCount')) throw new Error(answer);
  const elapsedMs = performance.now() - startedAt;
  console.log(`| ${name} | ${elapsedMs.toFixed(0)} | ${rssOf(child).toFixed(0)} |`);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`longshore ended with ${code}: ${text}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const url = text.match(/Longshore is ready at (\S+)/)?.[1];
      if (url) resolve(url);
    });
  });
}

function rssOf(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(status.match(/VmRSS:\s+(\d+)/)?.[1] ?? 0) / 1024;
}
