import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../test/support/ask.ts';
import { staticToken } from '../../test/support/static-token.ts';

let gateway: TestGateway;
let projectId: string;
let otherProjectId: string;
const mia = { token: 'a-token-of-mia-who-develops-in-a-project-0123456789' };
const eve = { token: 'a-token-of-eve-who-develops-elsewhere-01234567890' };
const gus = { token: 'a-token-of-gus-who-is-a-guest-of-the-project-01234' };

beforeAll(async () => {
  gateway = await startTestGateway({
    settings: {
      tokens: [
        staticToken('mia', mia.token, { roles: ['DEVELOPER'], namespaces: ['shop'] }),
        staticToken('eve', eve.token, { roles: ['DEVELOPER'], namespaces: ['shop'] }),
        staticToken('gus', gus.token, { roles: ['GUEST'], namespaces: ['shop'] }),
      ],
    },
  });
  const make = async (identifier: string, member: string, role: string) => {
    const { project } = await call('createProject', { identifier, displayName: identifier }, 'project { id }');
    const { id } = project as { id: string };
    await call('addMembers', { id, members: [{ kind: 'PRINCIPAL', name: `token:${member}`, role }] }, '__typename');
    return id;
  };
  projectId = await make('vote', 'mia', 'DEVELOPER');
  await call(
    'addMembers',
    { id: projectId, members: [{ kind: 'PRINCIPAL', name: 'token:gus', role: 'GUEST' }] },
    '__typename',
  );
  otherProjectId = await make('other', 'eve', 'DEVELOPER');
});
afterAll(() => gateway?.stop());

type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };
type Caller = { readonly token: string } | undefined;

async function call(name: string, input: object, fields: string, as?: Caller): Promise<Answer> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const errors = '... on Error { message code } ... on ValidationError { issues { path code line column message } }';
  const source = `mutation ($input: ${type}Input!) { answer: ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${errors} } }`;
  return (await ask<{ answer: Answer }, object>(gateway, source, { input }, as)).answer;
}

const content = `redis:
  image: redis:8
  ports: ["6379"]
front:
  image: registry.local:5000/vote-front:v1
  replicas: 2
  links: [redis]
`;
interface Template {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}
const fields = 'orchestrationTemplate { id name version }';
let count = 0;
async function makeTemplate(more: object = {}, as: Caller = mia): Promise<Template> {
  count += 1;
  const input = { projectId, name: `template-${count}`, format: 'COMPOSE', content, ...more };
  const answer = await call('createOrchestrationTemplate', input, fields, as);
  expect(answer).toMatchObject({ __typename: 'CreateOrchestrationTemplateSuccess' });
  return answer.orchestrationTemplate as Template;
}

describe('an orchestration template', () => {
  it('shows its text, its images and what depends on what, and what was done to it (REL-40, REL-41, REL-42)', async () => {
    const { id } = await makeTemplate({ description: 'Cats or dogs' });
    const source = `query ($id: ID!) { orchestrationTemplate(id: $id) { description format content createdBy
      graph { nodes { name kind replicas dependsOn images { reference name version } } edges { from to } }
      project { id } operations { nodes { action } } update: viewerCan(action: UPDATE) } }`;
    const { orchestrationTemplate } = await ask<{ orchestrationTemplate: object }, object>(
      gateway,
      source,
      { id },
      mia,
    );
    expect(orchestrationTemplate).toEqual({
      description: 'Cats or dogs',
      format: 'COMPOSE',
      content,
      createdBy: 'token:mia',
      graph: {
        nodes: [
          {
            ...{ name: 'redis', kind: 'Deployment', replicas: 1, dependsOn: [] },
            images: [{ reference: 'redis:8', name: 'redis', version: '8' }],
          },
          {
            ...{ name: 'front', kind: 'Deployment', replicas: 2, dependsOn: ['redis'] },
            images: [
              {
                reference: 'registry.local:5000/vote-front:v1',
                name: 'registry.local:5000/vote-front',
                version: 'v1',
              },
            ],
          },
        ],
        edges: [{ from: 'front', to: 'redis' }],
      },
      project: { id: projectId },
      operations: { nodes: [{ action: 'createOrchestrationTemplate' }] },
      update: true,
    });
  });

  it('is changed with the version that was seen, and refused with another (REL-43)', async () => {
    const { id } = await makeTemplate();
    const changed = content.replace('redis:8', 'redis:9');
    const answer = await call('updateOrchestrationTemplate', { id, version: 1, content: changed }, fields, mia);
    expect(answer.orchestrationTemplate).toMatchObject({ version: 2 });
    const again = await call('updateOrchestrationTemplate', { id, version: 1, description: 'late' }, fields, mia);
    expect(again).toMatchObject({ __typename: 'ConflictError' });
    const read = 'query ($id: ID!) { orchestrationTemplate(id: $id) { content description version } }';
    expect(await ask(gateway, read, { id }, mia)).toEqual({
      orchestrationTemplate: { content: changed, description: '', version: 2 },
    });
  });

  it('keeps no text in the record of what was done to it (REL-42)', async () => {
    const secret = 'a-password-that-nobody-reads';
    const { id } = await makeTemplate({ content: `${content}  environment: {PASSWORD: ${secret}}\n` });
    const source =
      'query ($id: ID!) { node(id: $id) { ... on OrchestrationTemplate { operations { nodes { action changes { path before after } } } } } }';
    expect(JSON.stringify(await ask(gateway, source, { id }))).not.toContain(secret);
  });

  it.each([
    [
      'a cycle',
      { content: 'a: {image: x, links: [b]}\nb: {image: x, links: [a]}' },
      { path: ['content', '0', 'a'], code: 'cycle', line: 1 },
    ],
    ['bad YAML', { content: 'a: {' }, { code: 'yaml_syntax', line: 1 }],
    ['a long text', { content: `# ${'x'.repeat(300_000)}` }, { path: ['content'], code: 'too_large' }],
    ['a name of no host', { name: 'No_Name' }, { path: ['name'] }],
    ['a taken name', { name: 'taken' }, { path: ['name'], code: 'name_in_use' }],
    ['the text of another format', { format: 'KUBERNETES' }, { code: 'not_an_object', line: 1 }],
  ])('with %s is refused (REL-40)', async (_what, more, issue) => {
    if ('name' in more && more.name === 'taken') await makeTemplate(more);
    const input = { projectId, name: 'wrong', format: 'COMPOSE', content, ...more };
    const answer = await call('createOrchestrationTemplate', input, fields, mia);
    expect(answer).toMatchObject({ __typename: 'ValidationError', issues: [issue] });
  });

  it('makes nothing in a dry run (REL-40)', async () => {
    const input = { projectId, name: 'only-tried', format: 'COMPOSE', content, dryRun: true };
    expect(await call('createOrchestrationTemplate', input, fields, mia)).toMatchObject({
      __typename: 'CreateOrchestrationTemplateSuccess',
    });
    expect(await names('filter: { name: { equals: "only-tried" } }', mia)).toEqual([]);
  });

  it('is of those who develop in its project, and of nobody else (REL-41)', async () => {
    const { id, name } = await makeTemplate();
    const filter = `filter: { name: { equals: "${name}" } }`;
    expect(await names(filter, mia)).toEqual([name]);
    for (const stranger of [eve, gus]) {
      expect(await names(filter, stranger)).toEqual([]);
      for (const [mutation, input] of [
        ['updateOrchestrationTemplate', { id, version: 1, description: 'mine' }],
        ['deleteOrchestrationTemplate', { id }],
      ] as const) {
        const answer = await ask<{ answer: Answer } | null, object>(
          gateway,
          mutationOf(mutation),
          { input },
          stranger,
        ).catch((error: unknown) => ({ answer: { __typename: 'refused', error } }));
        expect(answer?.answer.__typename).not.toMatch(/Success$/);
      }
    }
    const input = { projectId: otherProjectId, name: 'foreign', format: 'COMPOSE', content };
    expect(await call('createOrchestrationTemplate', input, fields, mia)).toMatchObject({
      __typename: 'NotFoundError',
    });
    expect(await names(filter, mia)).toEqual([name]);
  });

  it('is found by project, name, format and image (REL-41)', async () => {
    const own = await makeTemplate({ content: 'web: {image: "found:1"}' });
    await makeTemplate({ projectId: otherProjectId, content: 'web: {image: "found:1"}' }, eve);
    expect(await names('filter: { image: { contains: "found" } }', mia)).toEqual([own.name]);
    expect(await names(`filter: { projectIds: ["${projectId}"], image: { contains: "found" } }`)).toEqual([own.name]);
    expect(await names('filter: { formats: [POD_STACK] }')).toEqual([]);
  });

  it('is gone for good when it is deleted, and its name is free again (REL-40)', async () => {
    const { id, name } = await makeTemplate();
    expect(await call('deleteOrchestrationTemplate', { id }, 'id', mia)).toMatchObject({ id });
    expect(await ask(gateway, 'query ($id: ID!) { node(id: $id) { id } }', { id }, mia)).toEqual({ node: null });
    expect((await makeTemplate({ name })).id).not.toBe(id);
  });

  it('is told to who follows templates, as it is made, changed and deleted (REL-41)', async () => {
    type Message = { orchestrationTemplateChanges: { type: string; orchestrationTemplate: object | null } };
    await using stream = gateway.subscribe<Message>(
      'subscription { orchestrationTemplateChanges(filter: { name: { contains: "followed" } }) { type orchestrationTemplate { name version } } }',
      {},
      mia,
    );
    await stream.next(({ data }) => data?.orchestrationTemplateChanges.type === 'SNAPSHOT');
    const { id } = await makeTemplate({ name: 'followed' });
    await call('updateOrchestrationTemplate', { id, version: 1, description: 'news' }, fields, mia);
    await call('deleteOrchestrationTemplate', { id }, 'id', mia);
    for (const [type, version] of [
      ['ADDED', 1],
      ['MODIFIED', 2],
      ['DELETED', 3],
    ]) {
      const message = await stream.next(({ data }) => data?.orchestrationTemplateChanges.type !== 'HEARTBEAT');
      expect(message.data?.orchestrationTemplateChanges).toEqual({
        type,
        orchestrationTemplate: { name: 'followed', version },
      });
    }
  });
});

const mutationOf = (name: string): string =>
  `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) { answer: ${name}(input: $input) { __typename } }`;

async function names(args: string, as?: Caller): Promise<readonly string[]> {
  type Page = { orchestrationTemplates: { nodes: { name: string }[] } };
  const source = `{ orchestrationTemplates(${args}) { nodes { name } } }`;
  const { data } = await gateway.query<Page>(source, {}, as);
  return (data?.orchestrationTemplates?.nodes ?? []).map(({ name }) => name);
}
