import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticToken } from '../../test/support/static-token.ts';

let gateway: TestGateway;
const looker = 'the-token-of-somebody-who-only-looks-on';

beforeAll(async () => {
  gateway = await startTestGateway({
    settings: {
      roles: [
        {
          name: 'looker',
          description: 'Sees app services, and releases none.',
          rules: [
            { actions: ['READ'], subjects: ['core/Cluster'] },
            { actions: ['READ'], subjects: ['release/AppService'], where: 'namespaces' },
          ],
        },
      ],
      tokens: [{ ...staticToken('looker', looker, { roles: [], namespaces: ['shop'] }), roles: ['looker'] }],
    },
  });
});
afterAll(() => gateway?.stop());

interface Finding {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
}
const source = `query ($id: ID!) { node(id: $id) { ... on AppServiceVersion { number preflight { severity code message unit subject { id } } } } }`;

async function submit(name: string, container: object, kind: object = {}): Promise<string> {
  const mutate = async <T>(mutation: string, input: object, fields: string): Promise<T> => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
    const { data, errors } = await gateway.query<Record<string, T>>(
      `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { __typename ... on ${type}Success { ${fields} }
        ... on Error { message } ... on ValidationError { issues { path message } } } }`,
      { input },
    );
    expect(JSON.stringify([errors, data])).not.toContain('Error"');
    return data?.[mutation] as T;
  };
  const place = { cluster: 'embedded', namespace: 'shop' };
  const { application } = await mutate<{ application: { id: string } }>(
    'createApplication',
    { ...place, name: `of-${name}` },
    'application { id }',
  );
  const input = { ...place, name, applicationId: application.id, template: { containers: [container] }, ...kind };
  const { version } = await mutate<{ version: { id: string } }>('createAppService', input, 'version { id }');
  return version.id;
}

describe('AppServiceVersion.preflight', () => {
  it('tells what speaks against releasing a version, to who may release it (REL-18)', async () => {
    const id = await submit('checked', { name: 'web', image: 'acme/web:latest' });
    const { data, errors } = await gateway.query<{ node: { preflight: readonly Finding[] } }>(source, { id });
    expect(errors).toBeUndefined();
    expect(data?.node.preflight).toMatchObject([
      { severity: 'WARNING', code: 'IMAGE_UNPINNED', unit: null, subject: null },
    ]);
  });

  it('is refused to who only looks on, and fails alone', async () => {
    const id = await submit('guarded', { name: 'web', image: 'acme/web:1' });
    const { data, errors } = await gateway.query<{ node: { number: number; preflight: null } }>(
      source,
      { id },
      { token: looker },
    );
    expect(data?.node).toEqual({ number: 1, preflight: null });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
  });
});
