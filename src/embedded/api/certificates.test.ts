import { X509Certificate } from 'node:crypto';
import { Agent, request as send } from 'undici';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type MadeRequest, makeCertificateRequest, type RequestWishes } from '../testing/make-certificate-request.ts';
import { type Json, startTestApi, type TestAnswer, type TestApi } from '../testing/start-test-api.ts';

const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const clientSigner = 'kubernetes.io/kube-apiserver-client';
let api: TestApi;
let count = 0;

beforeAll(async () => {
  api = await startTestApi({ controllers: true, nodes: 0 });
});
afterAll(() => api.stop());

interface Asked {
  readonly name: string;
  readonly made: MadeRequest;
  readonly answer: TestAnswer;
}

async function ask(wishes: RequestWishes, spec: Json = {}, as?: string): Promise<Asked> {
  const made = makeCertificateRequest(wishes);
  count += 1;
  const name = `request-${count}`;
  const request = Buffer.from(made.request).toString('base64');
  const answer = await api.call('POST', path, {
    body: {
      metadata: { name },
      spec: { request, signerName: clientSigner, usages: ['client auth'], ...spec },
    },
    ...(as === undefined ? {} : { headers: { 'impersonate-user': as } }),
  });
  return { name, made, answer };
}

const read = async (name: string): Promise<Json> => (await api.call('GET', `${path}/${name}`)).body;

async function decide(name: string, type: string, headers: Record<string, string> = {}): Promise<TestAnswer> {
  return await api.call('PATCH', `${path}/${name}/approval`, {
    contentType: 'application/merge-patch+json',
    body: { status: { conditions: [{ type, status: 'True', reason: 'Test', message: 'by hand' }] } },
    headers,
  });
}

/** The status once the signer has spoken. */
async function settled(name: string): Promise<Json> {
  return await vi.waitFor(async () => {
    api.clock.advance(1);
    const { status } = await read(name);
    expect(status.certificate ?? status.conditions?.find((each: Json) => each.type === 'Failed')).toBeDefined();
    return status;
  });
}

async function issue(wishes: RequestWishes, spec: Json = {}): Promise<{ made: MadeRequest; certificate: string }> {
  const { name, made, answer } = await ask(wishes, spec);
  expect(answer.code).toBe(201);
  expect((await decide(name, 'Approved')).code).toBe(200);
  const { certificate } = await settled(name);
  return { made, certificate: Buffer.from(certificate, 'base64').toString() };
}

async function whoami(cert: string, key: string): Promise<Json> {
  const dispatcher = new Agent({ connect: { ca: api.cluster.caCertificate, cert, key } });
  const ask = async (): Promise<Json> => {
    const { statusCode, body } = await send(`${api.cluster.url}/apis/authentication.k8s.io/v1/selfsubjectreviews`, {
      method: 'POST',
      dispatcher,
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    const answer: Json = await body.json();
    return statusCode === 201 ? answer.status.userInfo : statusCode;
  };
  try {
    return await ask();
  } finally {
    await dispatcher.destroy();
  }
}

describe('a CertificateSigningRequest', () => {
  it('says who asked, whatever the request says of it', async () => {
    const { answer } = await ask({ commonName: 'ann' }, { username: 'somebody', groups: ['system:masters'] });
    expect(answer.body.spec).toMatchObject({
      username: 'embedded-admin',
      groups: ['system:masters', 'system:authenticated'],
    });
    expect(answer.body.status).toEqual({});
  });

  it('never changes what was asked', async () => {
    const { name, answer } = await ask({ commonName: 'ann' });
    const changed = await api.call('PATCH', `${path}/${name}`, {
      contentType: 'application/merge-patch+json',
      body: { metadata: { labels: { a: 'b' } }, spec: { usages: ['server auth'] } },
    });
    expect(changed.body.metadata.labels).toEqual({ a: 'b' });
    expect(changed.body.spec).toEqual(answer.body.spec);
  });

  it('is refused where it is not sound (refused)', async () => {
    const bad = await api.call('POST', path, {
      body: {
        metadata: { name: 'bad' },
        spec: { request: 'eHg=', signerName: 'x', usages: ['client auth', 'client auth'], expirationSeconds: 5 },
      },
    });
    expect(bad.body.message).toBe(
      `CertificateSigningRequest.certificates.k8s.io "bad" is invalid: [spec.request: Invalid value: "eHg=": PEM block type must be CERTIFICATE REQUEST, spec.usages[1]: Duplicate value: "client auth", spec.signerName: Invalid value: "x": must be a fully qualified domain and path of the form 'example.com/signer-name', spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 600 seconds (10 minutes)]`,
    );
  });

  it.each<[string, RequestWishes, Json, number, string]>([
    ['a foreign signature', { commonName: 'ann', isForged: true }, {}, 422, 'verification failure'],
    ['unknown usages', { commonName: 'ann' }, { usages: ['root'] }, 422, 'spec.usages[0]: Unsupported value: "root"'],
    [
      'the legacy signer',
      { commonName: 'ann' },
      { signerName: 'kubernetes.io/legacy-unknown' },
      422,
      'the legacy signerName is not allowed via this API version',
    ],
    [
      'the group of administrators',
      { commonName: 'ann', organizations: ['team', 'system:masters'] },
      {},
      403,
      'use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
    ],
  ])('is refused with %s (refused)', async (_title, wishes, spec, code, words) => {
    const { answer } = await ask(wishes, spec);
    expect(answer.code).toBe(code);
    expect(answer.body.message).toContain(words);
  });

  it('is shown with its requestor, duration and condition', async () => {
    const { name } = await ask({ commonName: 'ann' }, { expirationSeconds: 3600 });
    await decide(name, 'Denied');
    const table = await api.call('GET', `${path}/${name}`, { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' });
    expect(table.body.rows[0].cells).toEqual([name, '0s', clientSigner, 'embedded-admin', '60m', 'Denied']);
  });
});

describe('approval', () => {
  it('comes through its own subresource, once and for all (refused)', async () => {
    const { name } = await ask({ commonName: 'ann' }, { signerName: 'example.com/own' });
    const conditions = [{ type: 'Approved', status: 'True' }];
    const patch = (part: string, status: Json): Promise<TestAnswer> =>
      api.call('PATCH', `${path}/${name}${part}`, {
        contentType: 'application/merge-patch+json',
        body: { status },
      });
    expect((await patch('/status', { conditions })).body.message).toContain(
      'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
    );
    expect((await patch('', { conditions })).body.status).toEqual({});
    const approved = await patch('/approval', { conditions, certificate: 'eHg=' });
    expect(approved.body.status).toEqual({
      conditions: [
        {
          type: 'Approved',
          status: 'True',
          lastUpdateTime: expect.any(String),
          lastTransitionTime: expect.any(String),
        },
      ],
    });
    expect((await patch('/approval', { conditions: [] })).body.message).toContain(
      'updates may not remove a condition of type "Approved"',
    );
    expect(
      (await patch('/approval', { conditions: [...conditions, { type: 'Denied', status: 'True' }] })).body.message,
    ).toContain('Approved and Denied conditions are mutually exclusive');
    expect((await patch('/status', { certificate: 'eHg=' })).body.message).toContain(
      'must contain at least one CERTIFICATE PEM block',
    );
  });

  it('needs the right to approve for the signer (refused)', async () => {
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const rules = [
      {
        verbs: ['get', 'patch', 'update'],
        apiGroups: ['certificates.k8s.io'],
        resources: ['certificatesigningrequests/approval'],
      },
    ];
    await api.call('POST', `${rbac}/clusterroles`, { body: { metadata: { name: 'approver' }, rules } });
    const bind = (role: string): Promise<TestAnswer> =>
      api.call('POST', `${rbac}/clusterrolebindings`, {
        body: {
          metadata: { name: `apu-${role.replaceAll(':', '-')}` },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
          subjects: [{ kind: 'User', name: 'apu' }],
        },
      });
    await bind('approver');
    const { name } = await ask({ commonName: 'ann' });
    expect((await decide(name, 'Approved', { 'impersonate-user': 'apu' })).body).toMatchObject({
      code: 403,
      message: `certificatesigningrequests.certificates.k8s.io "${name}" is forbidden: user not permitted to approve requests with signerName "${clientSigner}"`,
    });
    await bind('system:certificates.k8s.io:kube-apiserver-client-approver');
    expect((await decide(name, 'Approved', { 'impersonate-user': 'apu' })).code).toBe(200);
  });
});

describe('the signer of client certificates', () => {
  it.each(['ec', 'rsa'] as const)('makes a certificate for an %s key that logs its user in', async (keyType) => {
    const wishes = { commonName: 'carol', organizations: ['team-a', 'team-b'], keyType };
    const { made, certificate } = await issue(wishes, { expirationSeconds: 3600 });
    const parsed = new X509Certificate(certificate);
    expect(parsed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(parsed.ca).toBe(false);
    expect(Date.parse(parsed.validTo) - Date.parse(parsed.validFrom)).toBe(3_900_000);
    expect(await whoami(certificate, made.key)).toEqual({
      username: 'carol',
      groups: ['team-a', 'team-b', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^X509SHA256=[0-9a-f]{64}$/)] },
    });
  });

  it('does not log in with a certificate that has ended or is for servers (refused)', async () => {
    const { made, certificate } = await issue({ commonName: 'carol' }, { expirationSeconds: 600 });
    api.clock.advance(599_000);
    expect((await whoami(certificate, made.key)).username).toBe('carol');
    api.clock.advance(2_000);
    expect(await whoami(certificate, made.key)).toBe(401);
    const wishes = { commonName: 'system:node:n', organizations: ['system:nodes'], dnsName: 'n' };
    const server = await issue(wishes, {
      signerName: 'kubernetes.io/kubelet-serving',
      usages: ['digital signature', 'server auth'],
    });
    expect(new X509Certificate(server.certificate).subjectAltName).toBe('DNS:n');
    expect(await whoami(server.certificate, server.made.key)).toBe(401);
  });

  it('fails requests with usages that are not for clients (refused)', async () => {
    const { name } = await ask({ commonName: 'ann' }, { usages: ['server auth'] });
    await decide(name, 'Approved');
    expect((await settled(name)).conditions[1]).toMatchObject({
      type: 'Failed',
      status: 'True',
      reason: 'SignerValidationFailure',
      message: 'invalid usage for client certificate: server auth',
    });
  });

  it('leaves alone what was not approved, and signers of others', async () => {
    const pending = await ask({ commonName: 'ann' });
    const foreign = await ask({ commonName: 'ann' }, { signerName: 'example.com/own' });
    await decide(foreign.name, 'Approved');
    await issue({ commonName: 'after' });
    expect((await read(pending.name)).status.certificate).toBeUndefined();
    expect((await read(foreign.name)).status.certificate).toBeUndefined();
  });
});

describe('the cleaner of requests', () => {
  it('removes decided ones after an hour and untouched ones after a day', async () => {
    const pending = await ask({ commonName: 'ann' });
    const denied = await ask({ commonName: 'ann' });
    await decide(denied.name, 'Denied');
    api.clock.advance(3_590_000);
    expect((await read(denied.name)).code).toBeUndefined();
    api.clock.advance(20_000);
    expect((await read(denied.name)).code).toBe(404);
    expect((await read(pending.name)).code).toBeUndefined();
    api.clock.advance(83_000_000);
    expect((await read(pending.name)).code).toBe(404);
  });
});
