import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';

const networkPath = fileURLToPath(new URL('../fixtures/network-plugin', import.meta.url));

type Payload = Readonly<Record<string, unknown>> & { readonly __typename: string };

async function mutate(at: TestGateway, name: string, input: object, fields: string): Promise<Payload> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const { data, errors } = await at.query<Record<string, Payload>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} }
      ... on Error { message code } ... on PreconditionError { reason } ... on CapabilityMissingError { hint }
      ... on ValidationError { issues { path code } } ... on InUseError { references { id } } } }`,
    { input },
  );
  const payload = data?.[name];
  if (!payload) throw new Error(JSON.stringify(errors));
  return payload;
}

let made = 0;

async function makeWorkspace(at: TestGateway, networkType: string): Promise<{ id: string; identifier: string }> {
  made += 1;
  const place = { region: 'here', networkType, zones: ['a'] };
  const input = { identifier: `net-${made}`, displayName: 'Networked', ...place };
  const { workspace } = await mutate(at, 'createWorkspace', input, 'workspace { id identifier }');
  return workspace as { id: string; identifier: string };
}

const bind = (at: TestGateway, id: string, networkId: string, more: object = {}) =>
  mutate(at, 'bindWorkspaceNetwork', { id, version: 1, networkId, ...more }, 'workspace { networkId version }');

async function choicesOf(at: TestGateway, id: string): Promise<unknown> {
  const { data, errors } = await at.query(
    'query ($id: ID!) { workspace(id: $id) { networkId networkChoices { id name } } }',
    { id },
  );
  return { workspace: data?.workspace, codes: (errors ?? []).map(({ extensions }) => extensions?.code) };
}

describe('a workspace where a plugin offers networks', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    // Instead of the plugin `network`, which offers VPCs.
    gateway = await startTestGateway({ settings: { plugins: ['core', 'compute', networkPath] } });
  }, 60_000);
  afterAll(() => gateway?.stop());

  it('is bound to one of them, once and for all (CORE-02)', async () => {
    const { id, identifier } = await makeWorkspace(gateway, 'VPC');
    const choices = [
      { id: 'vpc-1', name: 'Front' },
      { id: 'vpc-2', name: 'Back' },
    ];
    expect(await choicesOf(gateway, id)).toEqual({
      workspace: { networkId: null, networkChoices: choices },
      codes: [],
    });
    expect(await bind(gateway, id, 'vpc-1', { dryRun: true })).toMatchObject({ workspace: { networkId: 'vpc-1' } });
    expect(await bind(gateway, id, 'vpc-1')).toMatchObject({ workspace: { networkId: 'vpc-1', version: 2 } });
    expect(await choicesOf(gateway, id)).toMatchObject({ workspace: { networkId: 'vpc-1' } });
    expect(await bind(gateway, id, 'vpc-2', { version: 2 })).toMatchObject({ reason: 'NETWORK_BOUND_ALREADY' });
    expect(await mutate(gateway, 'deleteWorkspace', { id, confirm: identifier }, 'id')).toMatchObject({ id });
  });

  it('is refused one that is not there, one of another’s, and any where it is CLASSIC (refused, CORE-02)', async () => {
    const [one, two] = [await makeWorkspace(gateway, 'VPC'), await makeWorkspace(gateway, 'VPC')];
    const classic = await makeWorkspace(gateway, 'CLASSIC');
    expect(await bind(gateway, one.id, 'vpc-9')).toMatchObject({ issues: [{ code: 'unknown_network' }] });
    await bind(gateway, one.id, 'vpc-2');
    expect(await bind(gateway, two.id, 'vpc-2')).toMatchObject({ issues: [{ code: 'network_taken' }] });
    expect(await bind(gateway, classic.id, 'vpc-1')).toMatchObject({ reason: 'NETWORK_TYPE_MISMATCH' });
    expect(await choicesOf(gateway, classic.id)).toMatchObject({ workspace: { networkChoices: [] } });
    expect(await mutate(gateway, 'deleteWorkspace', { id: one.id, confirm: one.identifier }, 'id')).toMatchObject({
      __typename: 'InUseError',
      references: [{ id: expect.any(String) }],
    });
  });
});

describe('a workspace where no plugin offers networks', () => {
  it('is told what is missing, and is all there otherwise (refused, CORE-02)', async () => {
    await using gateway = await startTestGateway({ settings: { plugins: ['core', 'compute'] } });
    const { id } = await makeWorkspace(gateway, 'VPC');
    expect(await bind(gateway, id, 'vpc-1')).toMatchObject({
      __typename: 'CapabilityMissingError',
      hint: "Add 'network' to plugins.",
    });
    expect(await choicesOf(gateway, id)).toEqual({
      workspace: { networkId: null, networkChoices: null },
      codes: ['CAPABILITY_MISSING'],
    });
  });
});
