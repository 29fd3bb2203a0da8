import { randomBytes } from 'node:crypto';
import {
  ApiException,
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  KubeConfig,
  RbacAuthorizationV1Api,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetKubeconfigsJob } from '../../plugins/compute/services/kubeconfigs/forget-kubeconfigs.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { realKubeconfig } from '../support/real-kubeconfig.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

/**
 * Kubeconfigs on a real API server: what RBAC, TokenRequest and its authenticator make of what is written for them is theirs to say. In an
 * embedded cluster `plugins/compute/kubeconfigs.test.ts` shows the same.
 */
const ofUser = realKubeconfig();
if (!ofUser) process.stderr.write('skipped: kubeconfigs on a real API server need test:all with KUBECONFIG\n');
/** An API server remembers for ten seconds whose a token is. */
const forgottenMs = 30_000;
const pia = 'the-token-of-pia-who-works-on-a-real-cluster';

describe.skipIf(!ofUser)('a kubeconfig on a real API server', () => {
  const tail = randomBytes(4).toString('hex');
  const [shop, bank] = [`longshore-shop-${tail}`, `longshore-bank-${tail}`];
  let gateway: TestGateway;
  let admin = '';
  let cluster = '';
  let project = '';

  async function done(
    name: string,
    input: object,
    fields = 'warnings',
    token = admin,
  ): Promise<ReturnType<typeof JSON.parse>> {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
    const { data, errors } = await gateway.query<Record<string, object>>(
      `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ... on Error { message } } }`,
      { input },
      { token },
    );
    expect(errors).toBeUndefined();
    expect(data?.[name]).toMatchObject({ __typename: `${type}Success` });
    return data?.[name];
  }
  const give = (input: object, token = admin) =>
    done(
      'createClusterKubeconfig',
      { cluster, ...input },
      'kubeconfig given { name madeById namespaces canWrite }',
      token,
    );
  const place = (namespace: string) => ({ cluster, namespace });

  function clientsOf(text: string) {
    const config = new KubeConfig();
    config.loadFromString(text);
    return {
      core: config.makeApiClient(CoreV1Api),
      apps: config.makeApiClient(AppsV1Api),
      rbac: config.makeApiClient(RbacAuthorizationV1Api),
      authorization: config.makeApiClient(AuthorizationV1Api),
    };
  }

  beforeAll(async () => {
    gateway = await startTestGateway({
      flags: ['--kubeconfig', ofUser ?? ''],
      settings: { tokens: [staticToken('pia', pia, { roles: ['GUEST'] })] },
    });
    admin = gateway.gateway.rooms.signIn.adminToken ?? '';
    cluster = gateway.gateway.rooms.clusters.all[0]?.name ?? '';
    await until(() => expect(gateway.gateway.rooms.clusters.all[0]?.state).toBe('READY'), forgottenMs);
    for (const name of [shop, bank]) await done('createNamespace', { cluster, name });
    const made = await done('createProject', { identifier: `t-${tail}`, displayName: 'Team' }, 'project { id }');
    project = made.project.id;
    await done('bindNamespaces', { id: project, namespaces: [place(shop), place(bank)] });
    await done('addMembers', { id: project, members: [{ kind: 'PRINCIPAL', name: 'token:pia', role: 'DEVELOPER' }] });
  }, 120_000);
  afterAll(async () => {
    for (const name of [shop, bank]) await done('deleteNamespace', { cluster, name, confirm: name }).catch(() => {});
    await gateway?.stop();
  });

  it('that reads reads what its holder may, and is refused anything else (CMP-15, refused)', async () => {
    const { kubeconfig } = await give({ namespaces: [shop] }, pia);
    const { core, apps, rbac, authorization } = clientsOf(kubeconfig);
    const here = { namespace: shop };
    const body = { metadata: { name: 'by-hand' } };
    expect({
      pods: await statusOf(core.listNamespacedPod(here)),
      deployments: await statusOf(apps.listNamespacedDeployment(here)),
      'pods elsewhere': await statusOf(core.listNamespacedPod({ namespace: bank })),
      'pods everywhere': await statusOf(core.listPodForAllNamespaces()),
      secrets: await statusOf(core.listNamespacedSecret(here)),
      roles: await statusOf(rbac.listNamespacedRole(here)),
      'a new ConfigMap': await statusOf(core.createNamespacedConfigMap({ ...here, body })),
      'the accounts of others': await statusOf(core.listNamespacedServiceAccount({ namespace: 'longshore-access' })),
    }).toEqual({
      pods: 200,
      deployments: 200,
      'pods elsewhere': 403,
      'pods everywhere': 403,
      secrets: 403,
      roles: 403,
      'a new ConfigMap': 403,
      'the accounts of others': 403,
    });
    // What RBAC itself says that it may there.
    const { status } = await authorization.createSelfSubjectRulesReview({ body: { spec: { namespace: shop } } });
    const verbs = new Set(
      status?.resourceRules
        .filter(({ resources = [] }) => !resources.some((each) => each.startsWith('self')))
        .flatMap((rule) => rule.verbs),
    );
    expect([...verbs].sort()).toEqual(['get', 'list', 'watch']);
  });

  it('that writes makes, changes and deletes, Secrets and roles apart, and is refused once it is revoked (CMP-15, refused)', async () => {
    const { kubeconfig, given } = await give({ namespaces: [shop], canWrite: true, validForSeconds: 600 });
    const { core, rbac } = clientsOf(kubeconfig);
    const here = { namespace: shop };
    const body = { metadata: { name: 'by-hand' }, data: { a: '1' } };
    const named = { ...here, name: 'by-hand' };
    expect(await statusOf(core.createNamespacedConfigMap({ ...here, body }))).toBe(200);
    expect(await statusOf(core.replaceNamespacedConfigMap({ ...named, body: { ...body, data: { a: '2' } } }))).toBe(
      200,
    );
    expect(await statusOf(core.deleteNamespacedConfigMap(named))).toBe(200);
    expect(await statusOf(core.createNamespacedSecret({ ...here, body }))).toBe(403);
    expect(await statusOf(core.createNamespacedConfigMap({ namespace: bank, body }))).toBe(403);
    const role = { metadata: { name: 'more' }, rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] };
    expect(await statusOf(rbac.createNamespacedRole({ ...here, body: role }))).toBe(403);

    await done('revokeClusterKubeconfig', { id: given.madeById });
    await until(async () => expect(await statusOf(core.listNamespacedPod(here))).toBe(401), forgottenMs);
  });

  it('loses what its holder may not do any more, and ends with their membership (CMP-15, refused)', async () => {
    const { kubeconfig } = await give({ namespaces: [shop, bank] }, pia);
    const { core } = clientsOf(kubeconfig);
    const seen = async () => [
      await statusOf(core.listNamespacedPod({ namespace: shop })),
      await statusOf(core.listNamespacedPod({ namespace: bank })),
    ];
    await lookAfter();
    expect(await seen()).toEqual([200, 200]);
    await done('unbindNamespaces', { id: project, namespaces: [place(bank)] });
    await lookAfter();
    await until(async () => expect(await seen()).toEqual([200, 403]), forgottenMs);
    await done('removeMembers', { id: project, members: [{ kind: 'PRINCIPAL', name: 'token:pia' }] });
    await lookAfter();
    await until(async () => expect(await seen()).toEqual([401, 401]), forgottenMs);
  });

  function lookAfter() {
    const { service } = gateway.gateway.services;
    const logger = { warn: (details: unknown) => expect(details).toBeUndefined() };
    return forgetKubeconfigsJob.run({ service, logger, clock: { now: () => Date.now() }, signal: undefined } as never);
  }
});

/** The status with which a cluster answers; 200 where it did what it was asked. */
const statusOf = (asked: Promise<unknown>): Promise<number> =>
  asked.then(
    () => 200,
    (error: unknown) => {
      if (error instanceof ApiException) return error.code;
      throw error;
    },
  );
