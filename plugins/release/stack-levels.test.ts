import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../test/support/ask.ts';
import { staticToken } from '../../test/support/static-token.ts';
import { templateExamples } from './profile-keys/template-examples.ts';

let gateway: TestGateway;
let projectId: string;
const mia = { token: 'a-token-of-mia-who-develops-in-a-project-0123456789' };
const patient = { timeout: 30_000, interval: 50 };
const place = { cluster: 'embedded', namespace: 'shop' };

beforeAll(async () => {
  gateway = await startTestGateway({
    clusterSpeed: 40,
    settings: { tokens: [staticToken('mia', mia.token, { roles: ['DEVELOPER'], namespaces: ['shop'] })] },
  });
  const made = await call('createProject', { identifier: 'vote', displayName: 'Vote' }, 'project { id }', {});
  projectId = (made.project as { id: string }).id;
  const members = [{ kind: 'PRINCIPAL', name: 'token:mia', role: 'DEVELOPER' }];
  await call('addMembers', { id: projectId, members }, '__typename', {});
});
afterAll(() => gateway?.stop());

type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };

async function call(name: string, input: object, fields: string, as: object = mia): Promise<Answer> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const errors = '... on Error { message code } ... on ValidationError { issues { path message } }';
  const source = `mutation ($input: ${type}Input!) { answer: ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${errors} } }`;
  return (await ask<{ answer: Answer }, object>(gateway, source, { input }, as)).answer;
}
async function succeed(name: string, input: object, fields = '__typename'): Promise<Answer> {
  const answer = await call(name, input, fields);
  expect(answer).toMatchObject({ __typename: `${name.charAt(0).toUpperCase()}${name.slice(1)}Success` });
  return answer;
}

interface Stack {
  readonly id: string;
  readonly version: number;
}
async function deploy(name: string, content: string, more: object = { format: 'COMPOSE' }): Promise<Stack> {
  const input = { projectId, content, name, ...place, ...more };
  const stack = (await succeed('deployTemplate', input, 'stack { id version }')).stack as Stack;
  await untilDeployed(stack.id);
  return stack;
}

interface Pod {
  readonly id: string;
  readonly name: string;
}
interface Seen {
  readonly phase: string;
  readonly state: string;
  readonly version: number;
  readonly applications: readonly {
    readonly name: string;
    readonly workload: { readonly id: string; readonly pods: { readonly nodes: readonly Pod[] } } | null;
  }[];
}
async function read(id: string): Promise<Seen | null> {
  const source = `query ($id: ID!) { stack(id: $id) { phase state version
    applications { name workload { id pods { nodes { id name } } } } } }`;
  return (await ask<{ stack: Seen | null }, object>(gateway, source, { id }, mia)).stack;
}
const untilDeployed = (id: string) => expect.poll(async () => (await read(id))?.phase, patient).toBe('DEPLOYED');
const untilRunning = (id: string) => expect.poll(async () => (await read(id))?.state, patient).toBe('RUNNING');
const untilGone = (id: string) => expect.poll(() => read(id), patient).toBe(null);
async function application(id: string, name: string) {
  const found = (await read(id))?.applications.find((each) => each.name === name);
  return { workload: found?.workload?.id, pods: found?.workload?.pods.nodes ?? [] };
}
const pods = async (id: string, name: string) => (await application(id, name)).pods;

const two = 'front: {image: "front:1", ports: ["80"], links: [back]}\nback: {image: "back:1", ports: ["80"]}\n';

describe('the levels of a stack', () => {
  it('are made and deleted each by itself: stack, application, instance (REL-45)', async () => {
    const { id, version } = await deploy('levels', two);

    // 1. An instance: one more by scaling, one replaced by deleting it.
    const { workload } = await application(id, 'front');
    await succeed('scaleWorkload', { id: workload, replicas: 2 });
    await expect.poll(async () => (await pods(id, 'front')).length, patient).toBe(2);
    const [doomed] = await pods(id, 'front');
    await succeed('deletePod', { id: doomed?.id });
    await expect
      .poll(
        async () => (await pods(id, 'front')).map((pod) => pod.id).filter((each) => each !== doomed?.id).length,
        patient,
      )
      .toBe(2);
    expect((await pods(id, 'front')).map((pod) => pod.id)).not.toContain(doomed?.id);

    // 2. An application: one is deleted as an ordinary workload, and is made anew of the same text.
    const back = await application(id, 'back');
    await succeed('deleteWorkload', { id: back.workload });
    await expect.poll(async () => (await application(id, 'back')).workload, patient).toBe(undefined);
    expect(await read(id)).toMatchObject({ phase: 'DEPLOYED', state: 'PROCESSING' });
    expect((await application(id, 'front')).pods).toHaveLength(2);
    await succeed('updateStack', { id, version });
    await untilDeployed(id);
    expect((await application(id, 'back')).pods).toHaveLength(1);
    expect((await application(id, 'front')).pods).toHaveLength(2);

    // 3. An application more, and one less, by the text.
    const third = { id, version: version + 1, content: `${two}more: {image: "more:1"}\n` };
    await succeed('updateStack', third);
    await untilDeployed(id);
    expect((await application(id, 'more')).pods).toHaveLength(1);
    await succeed('updateStack', { id, version: version + 2, content: two });
    await untilDeployed(id);
    expect((await read(id))?.applications.map(({ name }) => name)).toEqual(['back', 'front']);

    // 4. The whole.
    await succeed('deleteStack', { id });
    await untilGone(id);
    const workloads = `{ workloads(filter: { namespaces: ["shop"], name: { contains: "levels-" } }) { nodes { id } } }`;
    expect(await ask(gateway, workloads, undefined, mia)).toEqual({ workloads: { nodes: [] } });
  });

  it('have applications like any other: listed, scaled, restarted, reached by their Services (REL-45)', async () => {
    const { id } = await deploy('plain', two);
    const source = `{
      workloads(filter: { namespaces: ["shop"], name: { contains: "plain-" } }, orderBy: [{ field: NAME }]) { nodes { id name status } }
      services(filter: { namespaces: ["shop"], name: { contains: "plain-" } }, orderBy: [{ field: NAME }]) { nodes { name } }
    }`;
    await untilRunning(id);
    const { workload, pods: before } = await application(id, 'front');
    expect(await ask(gateway, source, undefined, mia)).toMatchObject({
      workloads: {
        nodes: [
          { name: 'plain-back', status: 'RUNNING' },
          { id: workload, name: 'plain-front', status: 'RUNNING' },
        ],
      },
      services: { nodes: [{ name: 'plain-back' }, { name: 'plain-front' }] },
    });
    await succeed('restartWorkload', { id: workload });
    const old = before.map((pod) => pod.id);
    await expect
      .poll(async () => {
        const now = (await pods(id, 'front')).map((pod) => pod.id);
        return now.length === 1 && now.every((each) => !old.includes(each));
      }, patient)
      .toBe(true);
    await succeed('scaleWorkload', { id: workload, replicas: 0 });
    await expect.poll(async () => (await pods(id, 'front')).length, patient).toBe(0);
    expect(await read(id)).toMatchObject({ phase: 'DEPLOYED' });
    await succeed('deleteStack', { id });
    await untilGone(id);
  });

  it('are deleted with others, one by one: what is still used refuses alone, and stays whole (REL-45)', async () => {
    const content = `apiVersion: v1
kind: ConfigMap
metadata: {name: options}
data: {a: cats}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "web:1", envFrom: [{configMapRef: {name: options}}]}]}
`;
    const used = await deploy('used', content, { format: 'KUBERNETES' });
    const idle = await deploy('idle', content, { format: 'KUBERNETES' });
    const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: stranger}
spec:
  selector: {matchLabels: {app: stranger}}
  template:
    metadata: {labels: {app: stranger}}
    spec: {containers: [{name: main, image: "web:1", envFrom: [{configMapRef: {name: used-options}}]}]}
`;
    await succeed('applyManifest', { ...place, manifest });
    const source = `mutation ($input: DeleteStacksInput!) { deleteStacks(input: $input) { ... on DeleteStacksSuccess {
      results { id ok error { code ... on InUseError { references { id } } } } } } }`;
    const input = { ids: [used.id, idle.id, 'nonsense'] };
    expect(await ask(gateway, source, { input }, mia)).toMatchObject({
      deleteStacks: {
        results: [
          { id: used.id, ok: false, error: { code: 'IN_USE', references: [{ id: expect.any(String) }] } },
          { id: idle.id, ok: true, error: null },
          { id: 'nonsense', ok: false, error: { code: 'NOT_FOUND' } },
        ],
      },
    });
    await untilGone(idle.id);
    expect(await read(used.id)).toMatchObject({ phase: 'DEPLOYED' });
    expect((await application(used.id, 'web')).pods).toHaveLength(1);
    const workloads = `{ workloads(filter: { namespaces: ["shop"], name: { equals: "stranger" } }) { nodes { id } } }`;
    const { workloads: found } = await ask<{ workloads: { nodes: { id: string }[] } }, object>(
      gateway,
      workloads,
      undefined,
      mia,
    );
    await succeed('deleteWorkload', { id: found.nodes[0]?.id });
    await expect
      .poll(async () => (await call('deleteStack', { id: used.id }, '__typename')).__typename, patient)
      .toBe('DeleteStackSuccess');
    await untilGone(used.id);
  });
});

describe('the example of a format', () => {
  it.each(
    Object.keys(templateExamples) as (keyof typeof templateExamples)[],
  )('%s is shown by the profile, and is deployed as it is (REL-40)', async (format) => {
    const key = templateExamples[format].name;
    const source = 'query ($names: [String!]) { profile(name: "default") { limits(names: $names) { name value } } }';
    const { profile } = await ask<{ profile: { limits: { name: string; value: string }[] } }, object>(
      gateway,
      source,
      { names: [key] },
      mia,
    );
    const content = profile.limits[0]?.value ?? '';
    const name = `example-${format.toLowerCase().replace('_', '-')}`;
    const template = { projectId, name, format, content };
    const made = await succeed('createOrchestrationTemplate', template, 'orchestrationTemplate { id }');
    const templateId = (made.orchestrationTemplate as { id: string }).id;
    const input = { templateId, name, ...place };
    const { stack } = await succeed('deployTemplate', input, 'stack { id }');
    const { id } = stack as Stack;
    await untilDeployed(id);
    await untilRunning(id);
    await succeed('deleteStack', { id });
    await untilGone(id);
  });
});
