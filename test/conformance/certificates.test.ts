import { X509Certificate } from 'node:crypto';
import { expect } from 'vitest';
import { makeCertificateRequest, type RequestWishes } from '../../src/embedded/testing/make-certificate-request.ts';
import type { CaseContext } from './support/case-context.ts';
import type { Answer } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';

const { conformanceCase } = conformanceArea('certificate requests');

const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const page = 'reference/access-authn-authz/certificate-signing-requests';
const clientSigner = 'kubernetes.io/kube-apiserver-client';

function requestOf(name: string, wishes: RequestWishes, spec: Json = {}): { object: Json; key: string } {
  const made = makeCertificateRequest(wishes);
  const request = Buffer.from(made.request).toString('base64');
  return {
    object: { metadata: { name }, spec: { request, signerName: clientSigner, usages: ['client auth'], ...spec } },
    key: made.key,
  };
}

const patch = (t: CaseContext, name: string, part: string, status: Json): Promise<Answer> =>
  t.api.patch('merge', `${path}/${name}${part}`, { status });
const approved = [{ type: 'Approved', status: 'True', reason: 'Conformance', message: 'approved by a case' }];

conformanceCase(
  {
    title: 'writes down who asks for a certificate, whatever the request says',
    source: 'certificates.k8s.io/v1 CertificateSigningRequestSpec: username',
  },
  async (t) => {
    const { object } = requestOf(
      t.name('r'),
      { commonName: 'ann' },
      { username: 'forged', groups: ['system:masters'] },
    );
    const { spec, status } = await t.create(path, object);
    const { body } = await t.api.create('/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
    expect([spec.username, spec.groups]).toEqual([body.status.userInfo.username, body.status.userInfo.groups]);
    expect(status).toEqual({});
    const changed = await t.api.patch('merge', `${path}/${t.name('r')}`, { spec: { usages: ['server auth'] } });
    expect([changed.status, changed.body.spec]).toEqual([200, spec]);
  },
);

conformanceCase(
  {
    title: 'signs approved requests for clients, and knows them by their certificates',
    source: `${page}: kubernetes.io/kube-apiserver-client`,
  },
  async (t) => {
    const wishes = { commonName: t.name('carol'), organizations: ['team-a', 'team-b'] };
    const { object, key } = requestOf(t.name('r'), wishes, { expirationSeconds: 3600 });
    await t.create(path, object);
    expect((await patch(t, t.name('r'), '/approval', { conditions: approved })).status).toBe(200);
    const certificate = await eventually(async () => {
      const { status } = (await t.api.get(`${path}/${t.name('r')}`)).body;
      expect(status.certificate).toBeDefined();
      return Buffer.from(status.certificate, 'base64').toString();
    });
    const parsed = new X509Certificate(certificate);
    expect(parsed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(Date.parse(parsed.validTo) - Date.parse(parsed.validFrom)).toBe(3_900_000);
    const { body } = await t.api
      .as({ certificate, key })
      .create('/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
    expect(body.status.userInfo).toEqual({
      username: t.name('carol'),
      groups: ['team-a', 'team-b', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^X509SHA256=[0-9a-f]{64}$/)] },
    });
  },
);

conformanceCase(
  {
    title: 'refuses requests for certificates that are not sound',
    source: 'certificates.k8s.io/v1 CertificateSigningRequestSpec; upstream test: pkg/apis/certificates/validation',
  },
  async (t) => {
    const { body } = await t.api.create(path, {
      metadata: { name: t.name('r') },
      spec: { request: 'eHg=', signerName: 'x', usages: ['client auth', 'client auth'], expirationSeconds: 5 },
    });
    expect(body.message).toBe(
      `CertificateSigningRequest.certificates.k8s.io "${t.name('r')}" is invalid: [spec.request: Invalid value: "eHg=": PEM block type must be CERTIFICATE REQUEST, spec.usages[1]: Duplicate value: "client auth", spec.signerName: Invalid value: "x": must be a fully qualified domain and path of the form 'example.com/signer-name', spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 600 seconds (10 minutes)]`,
    );
    const forged = requestOf(t.name('f'), { commonName: 'ann', isForged: true });
    expect((await t.api.create(path, forged.object)).body.message).toContain('x509: ECDSA verification failure');
    const legacy = requestOf(t.name('l'), { commonName: 'ann' }, { signerName: 'kubernetes.io/legacy-unknown' });
    expect((await t.api.create(path, legacy.object)).body.message).toContain(
      'the legacy signerName is not allowed via this API version',
    );
  },
);

conformanceCase(
  {
    title: 'signs nobody into the group of administrators',
    source: 'reference/access-authn-authz/admission-controllers: CertificateSubjectRestriction',
  },
  async (t) => {
    const { object } = requestOf(t.name('r'), { commonName: 'ann', organizations: ['system:masters'] });
    const { status, body } = await t.api.create(path, object);
    expect([status, body.message]).toEqual([
      403,
      `certificatesigningrequests.certificates.k8s.io "${t.name('r')}" is forbidden: use of ${clientSigner} signer with system:masters group is not allowed`,
    ]);
  },
);

conformanceCase(
  { title: 'fails approved requests with usages that are not for clients', source: `${page}: permitted key usages` },
  async (t) => {
    const { object } = requestOf(t.name('r'), { commonName: 'ann' }, { usages: ['client auth', 'server auth'] });
    await t.create(path, object);
    await patch(t, t.name('r'), '/approval', { conditions: approved });
    await eventually(async () => {
      const { conditions } = (await t.api.get(`${path}/${t.name('r')}`)).body.status;
      expect(conditions[1]).toMatchObject({
        type: 'Failed',
        status: 'True',
        reason: 'SignerValidationFailure',
        message: 'invalid usage for client certificate: server auth',
      });
    });
  },
);

conformanceCase(
  {
    title: 'takes approvals through their own subresource, once and for all',
    source: 'certificates.k8s.io/v1 CertificateSigningRequestStatus: conditions',
  },
  async (t) => {
    const { object } = requestOf(t.name('r'), { commonName: 'ann' }, { signerName: 'conformance.example.com/own' });
    await t.create(path, object);
    const name = t.name('r');
    expect((await patch(t, name, '/status', { conditions: approved })).body.message).toContain(
      'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
    );
    expect((await patch(t, name, '', { conditions: approved })).body.status).toEqual({});
    const { status } = (await patch(t, name, '/approval', { conditions: approved, certificate: 'eHg=' })).body;
    expect(status).toEqual({
      conditions: [{ ...approved[0], lastUpdateTime: expect.any(String), lastTransitionTime: expect.any(String) }],
    });
    expect((await patch(t, name, '/approval', { conditions: [] })).body.message).toContain(
      'status.conditions: Forbidden: updates may not remove a condition of type "Approved"',
    );
    const both = [...approved, { type: 'Denied', status: 'True' }];
    expect((await patch(t, name, '/approval', { conditions: both })).body.message).toContain(
      'Approved and Denied conditions are mutually exclusive',
    );
    expect((await patch(t, name, '/status', { certificate: 'eHg=' })).body.message).toContain(
      'status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block',
    );
  },
);

conformanceCase(
  { title: 'lets only those approve who may approve for the signer', source: `${page}: authorization` },
  async (t) => {
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const resources = ['certificatesigningrequests/approval'];
    await t.create(`${rbac}/clusterroles`, {
      metadata: { name: t.name('approver') },
      rules: [{ verbs: ['get', 'patch'], apiGroups: ['certificates.k8s.io'], resources }],
    });
    const bind = (role: string) =>
      t.create(`${rbac}/clusterrolebindings`, {
        metadata: { name: `${t.name('b')}-${role.length}` },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: t.name('apu') }],
      });
    await bind(t.name('approver'));
    const { object } = requestOf(t.name('r'), { commonName: 'ann' });
    await t.create(path, object);
    const apu = t.api.as({ user: t.name('apu') });
    const approve = () => apu.patch('merge', `${path}/${t.name('r')}/approval`, { status: { conditions: approved } });
    await eventually(async () =>
      expect((await approve()).body.message).toBe(
        `certificatesigningrequests.certificates.k8s.io "${t.name('r')}" is forbidden: user not permitted to approve requests with signerName "${clientSigner}"`,
      ),
    );
    await bind('system:certificates.k8s.io:kube-apiserver-client-approver');
    await eventually(async () => expect((await approve()).status).toBe(200));
  },
);
