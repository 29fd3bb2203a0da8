import { ApiException, AppsV1Api, CoreV1Api, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticToken } from '../../test/support/static-token.ts';
import { forgetKubeconfigsJob } from './services/kubeconfigs/forget-kubeconfigs.ts';

const member = 'the-token-of-pia-who-is-a-member-of-a-team';
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    clusterSpeed: 40,
    settings: { tokens: [staticToken('pia', member, { roles: ['GUEST'] })] },
  });
});
afterAll(() => gateway?.stop());

interface Given {
  readonly name: string;
  readonly madeById: string;
  readonly namespaces: readonly string[] | null;
  readonly canWrite: boolean;
  readonly expiresAt: string;
}
interface Answer {
  readonly __typename: string;
  readonly kubeconfig?: string | null;
  readonly given?: Given;
  readonly [field: string]: unknown;
}

async function call(name: string, input: object, fields: string, token: string): Promise<Answer> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  const { data, errors } = await gateway.query<{ answer: Answer }>(
    `mutation ($input: ${type}Input!) { answer: ${name}(input: $input) { __typename ... on ${type}Success { ${fields} }
      ... on Error { code message } ... on ValidationError { issues { path code } } ... on PreconditionError { reason } } }`,
    { input },
    { token },
  );
  expect(errors).toBeUndefined();
  return (data as { answer: Answer }).answer;
}

const create = (input: object, token = 'dev-developer') =>
  call(
    'createClusterKubeconfig',
    { cluster: 'embedded', ...input },
    'kubeconfig given { name madeById namespaces canWrite expiresAt createdBy } operation { status changes { path } }',
    token,
  );
const revoke = (id: unknown, token = 'dev-developer') => call('revokeClusterKubeconfig', { id }, 'made { id }', token);

async function given(token: string): Promise<readonly Given[]> {
  const { data } = await gateway.query<{ cluster: { kubeconfigs: readonly Given[] } }>(
    '{ cluster(name: "embedded") { kubeconfigs { name madeById namespaces canWrite expiresAt } } }',
    {},
    { token },
  );
  return data?.cluster.kubeconfigs ?? [];
}

function withText(text: string | null | undefined): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(text ?? '');
  return config;
}

/** The status with which a cluster answers; 200 where it did what it was asked. */
const statusOf = (asked: Promise<unknown>): Promise<number> =>
  asked.then(
    () => 200,
    (error: unknown) => {
      if (error instanceof ApiException) return error.code;
      throw error;
    },
  );

const inShop = { namespace: 'shop' };

describe('a kubeconfig of a developer', () => {
  it('reads in its namespaces what the developer may, for 7 days, and nothing else (CMP-15)', async () => {
    const made = await create({ namespaces: ['shop'] });
    expect(made).toMatchObject({
      __typename: 'CreateClusterKubeconfigSuccess',
      given: { namespaces: ['shop'], canWrite: false },
      operation: { status: 'SUCCEEDED' },
    });
    const lives = Date.parse(made.given?.expiresAt ?? '') - Date.now();
    expect(lives).toBeGreaterThan(604_700_000);
    expect(lives).toBeLessThanOrEqual(604_800_000);
    const config = withText(made.kubeconfig);
    expect(config.getContextObject(config.currentContext)?.namespace).toBe('shop');
    const [core, apps, engines] = [
      config.makeApiClient(CoreV1Api),
      config.makeApiClient(AppsV1Api),
      config.makeApiClient(CustomObjectsApi),
    ];
    const cloneSets = { group: 'apps.kruise.io', version: 'v1alpha1', plural: 'clonesets', ...inShop };
    const asked = {
      pods: await statusOf(core.listNamespacedPod(inShop)),
      deployments: await statusOf(apps.listNamespacedDeployment(inShop)),
      'pods elsewhere': await statusOf(core.listNamespacedPod({ namespace: 'kube-system' })),
      'pods everywhere': await statusOf(core.listPodForAllNamespaces()),
      secrets: await statusOf(core.listNamespacedSecret(inShop)),
      'kinds of engines': await statusOf(engines.listNamespacedCustomObject(cloneSets)),
      'a new ConfigMap': await statusOf(
        core.createNamespacedConfigMap({ ...inShop, body: { metadata: { name: 'x' } } }),
      ),
      'a token of another account': await statusOf(
        core.createNamespacedServiceAccountToken({
          name: made.given?.name ?? '',
          namespace: 'longshore-access',
          body: { spec: { audiences: [] } },
        }),
      ),
    };
    expect(asked).toEqual({
      pods: 200,
      deployments: 200,
      'pods elsewhere': 403,
      'pods everywhere': 403,
      secrets: 403,
      'kinds of engines': 403,
      'a new ConfigMap': 403,
      'a token of another account': 403,
    });
  });

  it('is told of without what is in it, to who has it and to administrators (CMP-15)', async () => {
    const made = await create({ namespaces: ['shop'] });
    const { name } = made.given as Given;
    const token = withText(made.kubeconfig).getCurrentUser()?.token ?? '';
    expect(token.length).toBeGreaterThan(100);
    for (const who of ['dev-developer', 'dev-admin'])
      expect(await given(who)).toContainEqual(made.given && expect.objectContaining({ name }));
    const { data } = await gateway.query(
      '{ operationRecords(first: 50) { edges { node { action changes { path before after } writes { name } } } } }',
      {},
      { token: 'dev-admin' },
    );
    expect(JSON.stringify(data)).toContain('createClusterKubeconfig');
    expect(JSON.stringify(data)).not.toContain(token);
    const own = await create({ namespaces: ['shop'] }, 'dev-admin');
    expect((await given('dev-developer')).map((each) => each.name)).not.toContain(own.given?.name);
    expect(await revoke(own.given?.madeById)).toMatchObject({ __typename: 'NotFoundError' });
  });

  it('is refused once it is revoked, and leaves nothing behind (CMP-15)', async () => {
    const made = await create({ namespaces: ['shop'] });
    const core = withText(made.kubeconfig).makeApiClient(CoreV1Api);
    expect(await statusOf(core.listNamespacedPod(inShop))).toBe(200);
    const { name, madeById } = made.given as Given;
    expect(await revoke(madeById)).toMatchObject({ made: { id: madeById } });
    await expect.poll(() => statusOf(core.listNamespacedPod(inShop))).toBe(401);
    expect((await given('dev-admin')).map((each) => each.name)).not.toContain(name);
    await expect.poll(() => rolesOf(name)).toEqual([]);
    // Whoever was quicker has done it.
    expect(await revoke(madeById)).toMatchObject({ __typename: 'RevokeClusterKubeconfigSuccess' });
    const { data } = await gateway.query<{ operationRecords: { edges: { node: { id: string } }[] } }>(
      '{ operationRecords(first: 1, filter: { actions: ["revokeClusterKubeconfig"] }) { edges { node { id } } } }',
      {},
      { token: 'dev-developer' },
    );
    expect(await revoke(data?.operationRecords.edges[0]?.node.id)).toMatchObject({
      issues: [{ code: 'not_a_kubeconfig' }],
    });
  });

  it('is not to be had for other namespaces, for the whole cluster, or to write (CMP-15, refused)', async () => {
    expect(await create({ namespaces: ['shop', 'kube-system'] })).toMatchObject({ __typename: 'NotFoundError' });
    expect(await create({ namespaces: ['not-there'] }, 'dev-admin')).toMatchObject({ __typename: 'NotFoundError' });
    expect((await create({})).__typename).toMatch(/^(NotFound|Forbidden)Error$/);
    expect(await create({ namespaces: ['shop'], canWrite: true })).toMatchObject({ __typename: 'ForbiddenError' });
    expect(await create({ namespaces: ['shop'], cluster: 'nowhere' })).toMatchObject({ __typename: 'NotFoundError' });
  });

  it.each([
    [{ namespaces: [] }, 'namespaces', 'too_small'],
    [{ namespaces: Array.from({ length: 51 }, (_, index) => `n-${index}`) }, 'namespaces', 'too_big'],
    [{ namespaces: ['shop'], validForSeconds: 599 }, 'validForSeconds', 'too_small'],
    [{ namespaces: ['shop'], validForSeconds: 604_801 }, 'validForSeconds', 'too_big'],
  ])('of %j is refused at its field (CMP-15, bad input)', async (input, path, code) => {
    expect(await create(input)).toMatchObject({ issues: [{ path: [path], code }] });
  });

  it('is one of ten at the most (CMP-15, refused)', async () => {
    for (let count = (await given('dev-developer')).length; count < 10; count += 1) {
      expect(await create({ namespaces: ['shop'] })).toMatchObject({ given: { namespaces: ['shop'] } });
    }
    expect(await create({ namespaces: ['shop'] })).toMatchObject({ __typename: 'QuotaExceededError' });
  });
});

const rolesOf = (name: string) => {
  const { store } = gateway.cluster;
  const found = (plural: string, namespace: string | undefined) =>
    store.get(store.resource('rbac.authorization.k8s.io', plural), namespace as never, name);
  return [
    found('clusterroles', undefined),
    found('clusterrolebindings', undefined),
    found('roles', 'shop'),
    found('rolebindings', 'shop'),
  ].filter((each) => each !== undefined);
};

describe('a kubeconfig of an administrator', () => {
  it('may be for the whole cluster, and write there, Secrets apart (CMP-15)', async () => {
    const made = await create({ canWrite: true, validForSeconds: 3_600 }, 'dev-admin');
    expect(made).toMatchObject({ given: { namespaces: null, canWrite: true } });
    const core = withText(made.kubeconfig).makeApiClient(CoreV1Api);
    expect(await statusOf(core.listPodForAllNamespaces())).toBe(200);
    expect(await statusOf(core.listNode())).toBe(200);
    const body = { metadata: { name: 'by-hand' } };
    expect(await statusOf(core.createNamespacedConfigMap({ namespace: 'default', body }))).toBe(200);
    expect(await statusOf(core.listSecretForAllNamespaces())).toBe(403);
  });

  it('is only tried in a dry run (CMP-15)', async () => {
    const before = await given('dev-admin');
    const tried = await create({ namespaces: ['shop'], dryRun: true }, 'dev-admin');
    expect(tried).toMatchObject({ kubeconfig: null, operation: null, given: { namespaces: ['shop'] } });
    expect(await given('dev-admin')).toEqual(before);
  });

  it('goes from the cluster once it has ended (CMP-15)', async () => {
    const made = await create({ namespaces: ['shop'], validForSeconds: 600 }, 'dev-admin');
    const { name } = made.given as Given;
    const before = await given('dev-admin');
    await lookAfter({ at: Date.now() + 500_000 });
    expect(rolesOf(name)).toHaveLength(4);
    await lookAfter({ at: Date.now() + 601_000 });
    await expect.poll(() => rolesOf(name)).toEqual([]);
    // The others, of whomever, are as they were.
    expect(await given('dev-admin')).toEqual(before.filter((each) => each.name !== name));
  });
});

/** The job, at a time. */
const lookAfter = ({ at = Date.now() } = {}) => {
  const { services } = gateway.gateway;
  const logger = { warn: (details: unknown) => expect(details).toBeUndefined() };
  const context = { service: services.service, logger, clock: { now: () => at }, signal: undefined };
  return forgetKubeconfigsJob.run(context as never);
};

describe('a kubeconfig of a member', () => {
  it('has no more than its holder by the next look: less where a namespace is lost, nothing once they are no member (CMP-15, refused)', async () => {
    const admin = <T>(name: string, input: object, fields: string) =>
      call(name, input, fields, 'dev-admin') as never as T;
    const place = (namespace: string) => ({ cluster: 'embedded', namespace });
    await admin('createNamespace', { cluster: 'embedded', name: 'bank' }, 'warnings');
    const { project } = await admin<Promise<{ project: { id: string } }>>(
      'createProject',
      { identifier: 'team', displayName: 'Team' },
      'project { id }',
    );
    const { id } = project;
    await admin('bindNamespaces', { id, namespaces: [place('shop'), place('bank')] }, 'warnings');
    const pia = { kind: 'PRINCIPAL', name: 'token:pia' };
    await admin('addMembers', { id, members: [{ ...pia, role: 'DEVELOPER' }] }, 'warnings');
    const made = await create({ namespaces: ['shop', 'bank'] }, member);
    expect(made).toMatchObject({ given: { namespaces: ['shop', 'bank'] } });
    const core = withText(made.kubeconfig).makeApiClient(CoreV1Api);
    const seen = async () => [
      await statusOf(core.listNamespacedPod(inShop)),
      await statusOf(core.listNamespacedPod({ namespace: 'bank' })),
    ];
    await lookAfter();
    expect(await seen()).toEqual([200, 200]);

    await admin('unbindNamespaces', { id, namespaces: [place('bank')] }, 'warnings');
    await lookAfter();
    expect(await seen()).toEqual([200, 403]);
    expect(await given(member)).toMatchObject([{ namespaces: ['shop'] }]);

    await admin('removeMembers', { id, members: [pia] }, 'warnings');
    await lookAfter();
    await expect.poll(seen).toEqual([401, 401]);
    await expect.poll(() => rolesOf(made.given?.name ?? '')).toEqual([]);
    // Nothing is left to do.
    await lookAfter();
  });
});
