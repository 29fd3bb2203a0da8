import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AcmeGateway, acmePath, startAcmeGateway } from './acme-gateway.ts';

let folder: string;
let acme: AcmeGateway;

async function profileFile(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-acme-profiles-'));
  const own = 'name: terse\ntitle: Terse\nextends: esk\nvalues:\n  acme:\n    acme.caseTitleMax: 12\n';
  acme = await startAcmeGateway({ profile: 'terse', profiles: [await profileFile('terse.yaml', own)] });
});
afterAll(async () => {
  await acme?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe('a profile key that a partner declares', () => {
  it('has its default, the plugin’s own value in a built-in profile, and what a custom file sets', async () => {
    const limits = 'limits(names: ["acme.caseTitleMax"]) { value unit plugin setBy sources }';
    const { data } = await acme.gateway.query(
      `{ default: profile(name: "default") { ${limits} } esk: profile(name: "esk") { ${limits} }
         cluster(name: "embedded") { profile { name ${limits} } } }`,
    );
    const shared = { unit: 'characters', plugin: 'acme', sources: ['ACME-7'] };
    expect(data).toEqual({
      default: { limits: [{ ...shared, value: 200, setBy: null }] },
      esk: { limits: [{ ...shared, value: 80, setBy: 'esk' }] },
      cluster: { profile: { name: 'terse', limits: [{ ...shared, value: 12, setBy: 'terse' }] } },
    });
  });

  it('binds the partner’s mutation', async () => {
    const pod = await acme.createPod('terse');
    const { __typename, supportCase } = await acme.open(pod, { title: 'It hums only' });
    expect([__typename, supportCase?.title]).toEqual(['OpenAcmeSupportCaseSuccess', 'It hums only']);
  });

  it('binds the partner’s mutation (refused)', async () => {
    const pod = await acme.createPod('wordy');
    const { __typename, message, issues } = await acme.open(pod, { title: 'It hums a lot' });
    expect([__typename, message]).toEqual(['ValidationError', 'title must be 1 to 12 characters, got 13']);
    expect(issues).toEqual([{ path: ['title'], code: 'too_big' }]);
  });
});

describe('a custom profile with a value of a partner’s key', () => {
  const settings = async () => ({
    embedded: { enabled: false },
    profiles: [
      await profileFile('wrong.yaml', 'name: wrong\ntitle: Wrong\nvalues:\n  acme:\n    acme.caseTitleMax: 201\n'),
    ],
  });

  it('is not looked at while the plugin is not loaded', async () => {
    await using gateway = await startTestGateway({ settings: await settings() });
    const { data } = await gateway.query(
      '{ profile(name: "wrong") { name limits(names: ["acme.caseTitleMax"]) { name } } }',
    );
    expect(data).toEqual({ profile: { name: 'wrong', limits: [] } });
  });

  it('is checked by the plugin once it is loaded (refused)', async () => {
    const start = startTestGateway({ plugins: [acmePath], settings: await settings() });
    await expect(start).rejects.toThrow(
      `${join(folder, 'wrong.yaml')}:5: acme.caseTitleMax must be a whole number from 1 to 200, got 201`,
    );
  });
});
