import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../test/support/ask.ts';
import { staticToken } from '../../test/support/static-token.ts';

let gateway: TestGateway;
let projectId: string;
const mia = { token: 'a-token-of-mia-who-develops-in-a-project-0123456789' };
const eve = { token: 'a-token-of-eve-who-develops-elsewhere-01234567890' };
const patient = { timeout: 30_000, interval: 50 };
const place = { cluster: 'embedded', namespace: 'shop' };

beforeAll(async () => {
  gateway = await startTestGateway({
    clusterSpeed: 40,
    settings: {
      tokens: [
        staticToken('mia', mia.token, { roles: ['DEVELOPER'], namespaces: ['shop'] }),
        staticToken('eve', eve.token, { roles: ['DEVELOPER'], namespaces: ['shop'] }),
      ],
    },
  });
  const { project } = await call('createProject', { identifier: 'vote', displayName: 'Vote' }, 'project { id }');
  projectId = (project as { id: string }).id;
  const members = [{ kind: 'PRINCIPAL', name: 'token:mia', role: 'DEVELOPER' }];
  await call('addMembers', { id: projectId, members }, '__typename');
});
afterAll(() => gateway?.stop());

type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };
type Caller = { readonly token: string } | undefined;

async function call(name: string, input: object, fields: string, as?: Caller): Promise<Answer> {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const errors = `... on Error { message code } ... on ValidationError { issues { path code message } }
    ... on PreconditionError { reason } ... on InUseError { references { id } }`;
  const source = `mutation ($input: ${type}Input!) { answer: ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${errors} } }`;
  return (await ask<{ answer: Answer }, object>(gateway, source, { input }, as)).answer;
}

/** The vote application: its front needs a Redis. */
const vote = `redis:
  image: redis:8
  ports: ["6379"]
front:
  image: vote-front:v1
  replicas: 2
  mem_limit: 64m
  environment: {TITLE: Cats or dogs}
  ports: ["80:8080"]
  links: [redis]
`;

interface Stack {
  readonly id: string;
  readonly version: number;
}
const stackFields = 'stack { id version } operation { id }';
async function deploy(name: string, more: object = {}, as: Caller = mia): Promise<Stack> {
  const input = { projectId, format: 'COMPOSE', content: vote, name, ...place, ...more };
  const answer = await call('deployTemplate', input, stackFields, as);
  expect(answer).toMatchObject({ __typename: 'DeployTemplateSuccess' });
  return answer.stack as Stack;
}

interface Step {
  readonly name: string;
  readonly status: string;
  readonly startedAt: string | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
}
interface Seen {
  readonly phase: string;
  readonly state: string;
  readonly version: number;
  readonly operation: { readonly id: string; readonly status: string; readonly steps: readonly Step[] } | null;
  readonly applications: readonly {
    readonly name: string;
    readonly workload: {
      readonly name: string;
      readonly status: string;
      readonly pods: { readonly totalCount: number };
    } | null;
    readonly services: readonly { readonly name: string }[];
  }[];
}

async function read(id: string, as: Caller = mia): Promise<Seen | null> {
  const source = `query ($id: ID!) { stack(id: $id) { phase state version
    operation { id status steps { name status startedAt failure { code message } } }
    applications { name workload { name status pods { totalCount } } services { name } } } }`;
  return (await ask<{ stack: Seen | null }, object>(gateway, source, { id }, as)).stack;
}
const phaseOf = async (id: string) => (await read(id))?.phase;
const untilDeployed = (id: string) => expect.poll(() => phaseOf(id), patient).toBe('DEPLOYED');
const untilGone = (id: string) => expect.poll(() => read(id), patient).toBe(null);

const store = () => gateway.cluster.store;
interface Object {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly creationTimestamp: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}
const all = (group: string, plural: string): readonly Object[] =>
  store().list(store().resource(group, plural)) as unknown as readonly Object[];
const find = (group: string, plural: string, name: string) =>
  all(group, plural).find(({ metadata }) => metadata.name === name && metadata.namespace === 'shop');
const deployment = (name: string) => find('apps', 'deployments', name);
const containersOf = (name: string) =>
  (
    deployment(name)?.spec as never as {
      template: { spec: { containers: { name: string; image: string }[]; hostAliases?: unknown } };
    }
  ).template.spec;

/** Stops the loop before or behind one of its deeds; the returned function lets it go on. */
function hold(deed: string): { readonly reached: Promise<void>; readonly go: () => void } {
  const reached = Promise.withResolvers<void>();
  const free = Promise.withResolvers<void>();
  const disarm = gateway.gateway.failpoints.arm(`release.stackChanges.${deed}`, () => {
    disarm();
    reached.resolve();
    return free.promise;
  });
  return { reached: reached.promise, go: free.resolve };
}

describe('a deployment', () => {
  it('makes ordinary workloads in the order of their links, each a step, and deletes them in reverse (REL-44, REL-45, REL-46, API-24, API-25, API-26)', async () => {
    const before = hold('after-create');
    const { id } = await deploy('poll');
    await before.reached;
    expect(deployment('poll-front')).toBe(undefined);
    before.go();
    await untilDeployed(id);

    // 1. What is there, from the stack to its pods.
    const seen = await read(id);
    expect(seen).toMatchObject({ phase: 'DEPLOYED', state: 'RUNNING', operation: { status: 'SUCCEEDED' } });
    expect(seen?.operation?.steps.map(({ name, status }) => [name, status])).toEqual([
      ['start-redis', 'SUCCESS'],
      ['start-front', 'SUCCESS'],
      ['finish', 'SUCCESS'],
    ]);
    expect(seen?.applications).toEqual([
      {
        name: 'redis',
        workload: { name: 'poll-redis', status: 'RUNNING', pods: { totalCount: 1 } },
        services: [{ name: 'poll-redis' }],
      },
      {
        name: 'front',
        workload: { name: 'poll-front', status: 'RUNNING', pods: { totalCount: 2 } },
        services: [{ name: 'poll-front' }],
      },
    ]);

    // 2. The front began once Redis was ready, and finds it by its name.
    const ready = all('', 'pods').find(({ metadata }) => metadata.name.startsWith('poll-redis'));
    const service = find('', 'services', 'poll-redis');
    expect(ready).toBeDefined();
    expect(containersOf('poll-front').hostAliases).toEqual([
      { ip: (service?.spec as { clusterIP: string }).clusterIP, hostnames: ['redis'] },
    ]);

    // 3. A single one is an ordinary workload.
    const workloads = `{ workloads(filter: { namespaces: ["shop"], name: { equals: "poll-front" } }) { nodes { id } } }`;
    const listed = await ask<{ workloads: { nodes: { id: string }[] } }, object>(gateway, workloads, undefined, mia);
    const workload = listed.workloads.nodes[0]?.id;
    expect(await call('scaleWorkload', { id: workload, replicas: 3 }, 'workload { id }', mia)).toMatchObject({
      __typename: 'ScaleWorkloadSuccess',
    });
    await expect.poll(async () => (await read(id))?.applications[1]?.workload?.pods.totalCount, patient).toBe(3);

    // 4. All of it goes, the front first.
    const deleting = hold('after-delete');
    expect(await call('deleteStack', { id }, 'stack { phase }', mia)).toMatchObject({ stack: { phase: 'DELETING' } });
    await deleting.reached;
    expect(deployment('poll-redis')).toBeDefined();
    deleting.go();
    await untilGone(id);
    for (const [group, plural] of [
      ['apps', 'deployments'],
      ['', 'services'],
      ['', 'pods'],
    ] as const) {
      expect(all(group, plural).filter(({ metadata }) => metadata.name.startsWith('poll-'))).toEqual([]);
    }
  });

  it('starts what depends on nothing together, and what depends on both behind both (REL-44)', async () => {
    const content = 'a: {image: "a:1"}\nb: {image: "b:1"}\nc: {image: "c:1", depends_on: [a, b]}\n';
    const { id } = await deploy('wide', { content });
    await expect.poll(() => deployment('wide-b') !== undefined, patient).toBe(true);
    expect(deployment('wide-c')).toBe(undefined);
    await untilDeployed(id);
    const made = (name: string) => Date.parse(deployment(name)?.metadata.creationTimestamp ?? '');
    expect(made('wide-c')).toBeGreaterThanOrEqual(Math.max(made('wide-a'), made('wide-b')));
    await call('deleteStack', { id }, '__typename', mia);
    await untilGone(id);
  });

  it('shows in a dry run what it would make, and makes nothing (REL-44)', async () => {
    const input = { projectId, format: 'COMPOSE', content: vote, name: 'tried', ...place, dryRun: true };
    const answer = await call('deployTemplate', input, 'manifests', mia);
    const kinds = (answer.manifests as { kind: string; metadata: { name: string } }[]).map(
      ({ kind, metadata }) => `${kind} ${metadata.name}`,
    );
    expect(kinds).toEqual([
      'Service tried-redis',
      'Deployment tried-redis',
      'Service tried-front',
      'Deployment tried-front',
    ]);
    expect(deployment('tried-redis')).toBe(undefined);
  });

  it('of a template stays as it is when that changes or goes (REL-43)', async () => {
    const template = { projectId, name: 'kept', format: 'COMPOSE', content: 'web: {image: "web:1"}' };
    const made = await call('createOrchestrationTemplate', template, 'orchestrationTemplate { id }', mia);
    const templateId = (made.orchestrationTemplate as { id: string }).id;
    const { id } = await deploy('kept', { templateId, projectId: null, format: null, content: null });
    await untilDeployed(id);
    const changed = { id: templateId, version: 1, content: 'web: {image: "web:2"}' };
    await call('updateOrchestrationTemplate', changed, '__typename', mia);
    expect(containersOf('kept-web').containers[0]?.image).toBe('web:1');
    const source = 'query ($id: ID!) { stack(id: $id) { content template { id } } }';
    expect(await ask(gateway, source, { id }, mia)).toEqual({
      stack: { content: template.content, template: { id: templateId } },
    });
    await call('deleteOrchestrationTemplate', { id: templateId }, '__typename', mia);
    expect(await read(id)).toMatchObject({ phase: 'DEPLOYED' });
    await call('deleteStacks', { ids: [id] }, '__typename', mia).catch(() => undefined);
  });

  it('of a Kubernetes text has its names and references in step, beside another of the same text (REL-40, REL-44)', async () => {
    const content = `apiVersion: v1
kind: ConfigMap
metadata: {name: options}
data: {a: cats}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: main, image: "web:1", envFrom: [{configMapRef: {name: options}}]}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;
    const stacks = [];
    for (const name of ['one', 'two']) stacks.push(await deploy(name, { format: 'KUBERNETES', content }));
    for (const { id } of stacks) await untilDeployed(id);
    expect((await read(stacks[0]?.id ?? ''))?.operation?.steps[0]?.name).toBe('prepare');
    expect(find('', 'configmaps', 'two-options')).toBeDefined();
    expect(JSON.stringify(containersOf('two-web').containers)).toContain('"two-options"');
    const selectors = ['one-web', 'two-web'].map((name) => find('', 'services', name)?.spec.selector);
    expect(selectors[0]).not.toEqual(selectors[1]);
    const source =
      'mutation ($input: DeleteStacksInput!) { deleteStacks(input: $input) { ... on DeleteStacksSuccess { results { ok } } } }';
    const ids = stacks.map(({ id }) => id);
    expect(await ask(gateway, source, { input: { ids } }, mia)).toEqual({
      deleteStacks: { results: [{ ok: true }, { ok: true }] },
    });
    for (const id of ids) await untilGone(id);
    expect(find('', 'configmaps', 'two-options')).toBe(undefined);
  });
});

describe('a pod stack', () => {
  const content = (replicas: number, image = 'mysql:9') => `containers:
- {name: mysql, image: "${image}", ports: [{containerPort: 3306, name: db}], resources: {requests: {cpu: 10m}}}
- {name: web, image: "2048:1", ports: [{containerPort: 80, name: web}]}
replicas: ${replicas}
annotation:
- {containerName: mysql, logPath: /data1, dataPath: /data2}
`;

  it('is one Deployment of its name, with directories and a HorizontalPodAutoscaler, and is changed by a new text (REL-47, API-22, API-23)', async () => {
    const scale = { minReplicas: 1, maxReplicas: 5, targetCpuUtilization: 50 };
    const { id, version } = await deploy('pod666', { format: 'POD_STACK', content: content(2), scale });
    await untilDeployed(id);
    const { containers } = containersOf('pod666');
    expect(containers.map(({ name }) => name)).toEqual(['mysql', 'web']);
    expect(JSON.stringify(containers[0])).toMatch(/log-directory-[0-9a-f]{10}.*data-directory-[0-9a-f]{10}/);
    expect(find('autoscaling', 'horizontalpodautoscalers', 'pod666')?.spec).toMatchObject({
      scaleTargetRef: { kind: 'Deployment', name: 'pod666' },
      minReplicas: 1,
      maxReplicas: 5,
    });
    const input = { id, version, content: content(2, 'mysql:10'), scale: null };
    const uid = deployment('pod666')?.metadata.uid;
    expect(await call('updateStack', input, stackFields, mia)).toMatchObject({ __typename: 'UpdateStackSuccess' });
    await untilDeployed(id);
    expect(containersOf('pod666').containers[0]?.image).toBe('mysql:10');
    expect(deployment('pod666')?.metadata.uid).toBe(uid);
    expect(find('autoscaling', 'horizontalpodautoscalers', 'pod666')).toBe(undefined);
    expect(await call('updateStack', input, stackFields, mia)).toMatchObject({ __typename: 'ConflictError' });
    await call('deleteStack', { id }, '__typename', mia);
    await untilGone(id);
  });
});

describe('a compose text that replaces another', () => {
  it('starts what is new, removes what is gone, and leaves what others changed (REL-46)', async () => {
    const { id, version } = await deploy('shift', { content: 'a: {image: "a:1"}\nb: {image: "b:1"}\n' });
    await untilDeployed(id);
    const resource = store().resource('apps', 'deployments');
    const current = deployment('shift-a') as Object;
    store().update(resource, {
      ...current,
      metadata: { ...current.metadata, labels: { ...current.metadata.labels, team: 'red' } },
    } as never);
    await call(
      'updateStack',
      { id, version, content: 'a: {image: "a:2"}\nc: {image: "c:1", links: [a]}\n' },
      stackFields,
      mia,
    );
    await untilDeployed(id);
    expect(containersOf('shift-a').containers[0]?.image).toBe('a:2');
    expect(deployment('shift-a')?.metadata.labels).toMatchObject({ team: 'red' });
    expect(deployment('shift-b')).toBe(undefined);
    expect(deployment('shift-c')).toBeDefined();
    await call('deleteStack', { id }, '__typename', mia);
    await untilGone(id);
  });
});

describe('what must not be deployed', () => {
  const privileged = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "web:1", securityContext: {privileged: true}}]}
`;
  it.each([
    [
      'a cycle',
      { content: 'a: {image: x, links: [a]}' },
      { __typename: 'ValidationError', issues: [{ code: 'cycle' }] },
    ],
    [
      'a name that is too long',
      { name: 'x'.repeat(31) },
      { __typename: 'ValidationError', issues: [{ path: ['name'] }] },
    ],
    [
      'no text',
      { content: null },
      { __typename: 'ValidationError', issues: [{ path: ['content'], code: 'required' }] },
    ],
    ['a namespace that is not the caller’s', { namespace: 'kube-system' }, { __typename: 'NotFoundError' }],
    ['a cluster that is not there', { cluster: 'nowhere' }, { __typename: 'NotFoundError' }],
    [
      'a scale of no pod stack',
      { scale: { maxReplicas: 3, targetCpuUtilization: 50 } },
      { __typename: 'ValidationError', issues: [{ path: ['scale'] }] },
    ],
    [
      'a field that no cluster knows',
      { format: 'POD_STACK', content: 'containers: [{name: a, image: "a:1", imagePullPolice: Always}]' },
      { __typename: 'ValidationError' },
    ],
  ])('is refused for %s, and nothing is made (REL-44)', async (_what, more, expected) => {
    const input = { projectId, format: 'COMPOSE', content: vote, name: 'wrong', ...place, ...more };
    expect(await call('deployTemplate', input, stackFields, mia)).toMatchObject(expected);
    expect(all('apps', 'deployments').filter(({ metadata }) => metadata.name.startsWith('wrong'))).toEqual([]);
  });

  it('is refused where the text has it, also by rules of other plugins and of the cluster (REL-44, REL-46)', async () => {
    const issueOf = async (format: string, content: string) => {
      const input = { projectId, format, content, name: 'where', ...place };
      const source = `mutation ($input: DeployTemplateInput!) { answer: deployTemplate(input: $input) { __typename
        ... on ValidationError { issues { path line column } } } }`;
      const { answer } = await ask<{ answer: { issues: object[] } }, object>(gateway, source, { input }, mia);
      return answer.issues[0];
    };
    const labelled = privileged
      .replace('metadata: {name: web}', 'metadata: {name: web, labels: {longshore.dev/app-service: x}}')
      .replace('{privileged: true}', '{}');
    expect(await issueOf('KUBERNETES', labelled)).toMatchObject({
      path: ['content', '0', 'metadata', 'labels', 'longshore.dev/app-service'],
      line: 3,
    });
    const port = 'containers:\n- {name: a, image: "a:1", ports: [{containerPort: -1}]}\n';
    expect(await issueOf('POD_STACK', port)).toMatchObject({ path: ['content', '0'], line: 1, column: 1 });
  });

  it('is refused where the author may not apply it: the gateway lends no power (REL-44)', async () => {
    const input = { projectId, format: 'KUBERNETES', content: privileged, name: 'power', ...place };
    const answer = await call('deployTemplate', input, stackFields, mia);
    expect(answer.__typename).toMatch(/ValidationError|ForbiddenError/);
    expect(JSON.stringify(answer)).toContain('privileged');
    expect(deployment('power-web')).toBe(undefined);
  });

  it('takes over nothing that is somebody else’s (REL-44)', async () => {
    const taken = { ...place, name: 'mine-redis', data: [{ key: 'a', text: 'b' }] };
    await call('createConfigMap', taken, '__typename', mia);
    const manifest =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: mine-redis}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: main, image: "other:1"}]}}}';
    await call('applyManifest', { ...place, manifest }, '__typename', mia);
    const uid = deployment('mine-redis')?.metadata.uid;
    expect(uid).toBeDefined();
    const input = { projectId, format: 'COMPOSE', content: vote, name: 'mine', ...place };
    const answer = await call('deployTemplate', input, stackFields, mia);
    expect(answer).toMatchObject({ __typename: 'ValidationError', issues: [{ path: ['name'], code: 'name_in_use' }] });
    expect(deployment('mine-redis')?.metadata.uid).toBe(uid);
    expect(deployment('mine-front')).toBe(undefined);
  });

  it('takes over nothing that appears in between: its step fails, and nothing of others is deleted with the stack (REL-44)', async () => {
    const before = hold('before-create');
    const { id } = await deploy('race', { content: 'web: {image: "web:1"}' });
    await before.reached;
    const manifest =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: race-web}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: main, image: "other:1"}]}}}';
    await call('applyManifest', { ...place, manifest }, '__typename', mia);
    before.go();
    await expect.poll(async () => (await read(id))?.operation?.status, patient).toBe('FAILED');
    expect((await read(id))?.operation?.steps[0]?.failure).toMatchObject({ code: 'PRECONDITION_FAILED' });
    expect(containersOf('race-web').containers[0]?.image).toBe('other:1');
    await call('deleteStack', { id }, '__typename', mia);
    await untilGone(id);
    expect(containersOf('race-web').containers[0]?.image).toBe('other:1');
  });

  it('is not of a project that the caller does not develop in (REL-41, REL-44)', async () => {
    const input = { projectId, format: 'COMPOSE', content: vote, name: 'foreign', ...place };
    expect(await call('deployTemplate', input, stackFields, eve)).toMatchObject({ __typename: 'NotFoundError' });
    const { id } = await deploy('hidden', { content: 'web: {image: "web:1"}' });
    await untilDeployed(id);
    expect(await read(id, eve)).toBe(null);
    expect(await call('deleteStack', { id }, '__typename', eve)).toMatchObject({ __typename: 'NotFoundError' });
    // The namespace is hers too: single workloads are ordinary ones.
    expect(deployment('hidden-web')).toBeDefined();
    await call('deleteStack', { id }, '__typename', mia);
    await untilGone(id);
  });
});

describe('a step that fails', () => {
  it('can be ignored, and what depends on it is started all the same (REL-44)', async () => {
    const { id } = await deploy('broken', {
      format: 'KUBERNETES',
      content: `apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  backoffLimit: 0
  template: {spec: {containers: [{name: main, image: "tools:1", command: ["false"]}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {longshore.dev/depends-on: migrate}}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "web:1"}]}
`,
    });
    await expect.poll(async () => (await read(id))?.operation?.status, patient).toBe('FAILED');
    const operation = (await read(id))?.operation;
    expect(operation?.steps[0]).toMatchObject({ name: 'start-migrate', status: 'ERROR' });
    expect(deployment('broken-web')).toBe(undefined);
    const input = { id: operation?.id, step: 'start-migrate' };
    const ignored = await call('ignoreOperationStep', input, '__typename', mia);
    expect(ignored).toMatchObject({ __typename: 'IgnoreOperationStepSuccess' });
    await untilDeployed(id);
    expect(deployment('broken-web')).toBeDefined();
    await call('deleteStack', { id }, '__typename', mia);
    await untilGone(id);
  });
});
