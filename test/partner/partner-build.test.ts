import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startTestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTypes } from '../../deploy/build/build-types.ts';
import { acmePath } from './acme-gateway.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const compiler = join(project, 'node_modules/typescript/bin/tsc');
const node = join(project, 'node_modules/node/bin/node');
let folder: string;
let partner: string;

/** Runs the partner's own compiler in the partner's folder; answers what it says. */
async function compile(...flags: string[]): Promise<string> {
  const run = promisify(execFile)(node, [compiler, '-p', '.', '--pretty', 'false', ...flags], { cwd: partner });
  return run.then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string }) => error.stdout,
  );
}

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'longshore-partner-')));
  // Longshore as it is published: package.json and the declarations behind its doors; no source beside them.
  const host = join(folder, 'host');
  await mkdir(host);
  for (const part of ['package.json', 'tsconfig.json', 'src', 'plugins']) {
    const isProduct = (path: string) => !path.endsWith('.test.ts');
    await cp(join(project, part), join(host, part), { recursive: true, filter: isProduct });
  }
  await symlink(join(project, 'node_modules'), join(host, 'node_modules'));
  expect(await buildTypes(host)).toEqual([]);
  for (const part of ['src', 'plugins', 'tsconfig.json']) await rm(join(host, part), { recursive: true });

  // The partner's folder far from it, with what its package.json asks for.
  partner = join(folder, 'acme-longshore-plugin');
  await cp(acmePath, partner, { recursive: true });
  await mkdir(join(partner, 'node_modules/@types'), { recursive: true });
  await mkdir(join(partner, 'node_modules/@kubernetes'));
  await symlink(host, join(partner, 'node_modules/longshore'));
  for (const name of ['@types/node', '@kubernetes/client-node']) {
    await symlink(join(project, 'node_modules', name), join(partner, 'node_modules', name));
  }
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a partner’s plugin in a folder of its own', () => {
  it('type-checks with Longshore resolved through its package exports alone', async () => {
    expect(await compile('--noEmit')).toBe('');
  }, 60_000);

  it.each([
    {
      name: 'a manifest slot that does not exist',
      code: "definePlugin({ name: 'a', version: '1.0.0', description: 'a', tabels: {} });",
      says: "'tabels' does not exist",
    },
    {
      name: 'a service that the manifest does not list under uses',
      code: "definePlugin({ name: 'a', version: '1.0.0', description: 'a', setup: (_env, { stock }) => void stock });",
      says: "Property 'stock' does not exist",
    },
    {
      name: 'a root field without a rule',
      code: "registerQuery({} as LongshoreBuilder, { name: 'a', description: 'a', type: 'Int', resolve: () => 1 });",
      says: "Property 'allow' is missing",
    },
    {
      name: 'a field of a pod that Kubernetes does not have',
      code: 'export const wrong = (pod: PodObject) => pod.spec?.nodeNames;',
      says: "Property 'nodeNames' does not exist",
    },
  ])('does not compile with $name (refused)', async ({ code, says }) => {
    const file = join(partner, 'wrong.ts');
    await writeFile(
      file,
      `import { definePlugin, type LongshoreBuilder, registerQuery } from 'longshore/sdk';
       import type { PodObject } from 'longshore/plugins/compute';
       export const used = [definePlugin, registerQuery] as unknown as [LongshoreBuilder, PodObject];
       ${code}`,
    );
    const said = await compile('--noEmit');
    await rm(file);
    expect(said).toContain(says);
    expect(said.match(/error TS/g)).toHaveLength(1);
  }, 60_000);

  it('builds to JavaScript, and the gateway loads that from the package’s exports', async () => {
    expect(await compile()).toBe('');
    for (const part of ['migrations', 'profiles'])
      await cp(join(partner, part), join(partner, 'dist', part), { recursive: true });
    // What is published: dist alone.
    const published = join(folder, 'published');
    for (const part of ['package.json', 'dist'])
      await cp(join(partner, part), join(published, part), { recursive: true });
    await using gateway = await startTestGateway({ plugins: [published], settings: { embedded: { enabled: false } } });
    const { data } = await gateway.query(
      `{ plugins(filter: { name: { equals: "acme" } }) { nodes { state } } acmeSupportCases { totalCount }
         profile(name: "esk") { limits(names: ["acme.caseTitleMax"]) { value plugin } } }`,
    );
    expect(data).toEqual({
      plugins: { nodes: [{ state: 'ENABLED' }] },
      acmeSupportCases: { totalCount: 0 },
      profile: { limits: [{ value: 80, plugin: 'acme' }] },
    });
  }, 60_000);
});
