import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificateRequest } from '../../src/embedded/testing/make-certificate-request.ts';
import { type CliCluster, startCliCluster } from '../support/cli-cluster.ts';
import { findCli } from '../support/find-cli.ts';
import { mustSkip } from '../support/needs.ts';

const skip = mustSkip('kubectl', findCli('kubectl') !== undefined);

const grant = (verbs: string, ...people: string[]): string => `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: default}
rules: [{apiGroups: [""], resources: [pods], verbs: [${verbs}]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: default}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [${people.map((name) => `{kind: User, apiGroup: rbac.authorization.k8s.io, name: ${name}}`).join(', ')}]
`;

describe.skipIf(skip)('kubectl, access', () => {
  let cli: CliCluster;

  beforeAll(async () => {
    if (skip) return;
    cli = await startCliCluster({ nodes: 0 });
    await cli.file('grant.yaml', grant('get', 'ann'));
    await cli.kubectl('apply', '-f', 'grant.yaml');
    await cli.kubectl('create', 'serviceaccount', 'robot');
  });
  afterAll(async () => {
    await cli?.[Symbol.asyncDispose]();
  });

  it('says what one may do, for oneself and for others', async () => {
    expect(await cli.kubectl('auth', 'can-i', 'delete', 'nodes')).toBe('yes\n');
    expect(await cli.kubectl('auth', 'can-i', 'get', 'pods', '--as=ann')).toBe('yes\n');
    expect(await cli.tryKubectl(['auth', 'can-i', 'list', 'pods', '--as=ann'])).toMatchObject({
      exitCode: 1,
      stdout: 'no\n',
    });
    expect(await cli.tryKubectl(['auth', 'can-i', 'get', 'pods', '--subresource=log', '--as=ann'])).toMatchObject({
      exitCode: 1,
      stdout: 'no\n',
    });
    expect(await cli.kubectl('auth', 'can-i', 'get', '/version', '--as=ann')).toBe('yes\n');
    const list = await cli.kubectl('auth', 'can-i', '--list', '--as=ann');
    expect(list).toMatch(/^Resources +Non-Resource URLs +Resource Names +Verbs\n/);
    expect(list).toMatch(/^pods +\[\] +\[\] +\[get\]$/m);
    expect(list).toMatch(/^selfsubjectaccessreviews\.authorization\.k8s\.io +\[\] +\[\] +\[create\]$/m);
    expect(list).toMatch(/^ +\[\/healthz\] +\[\] +\[get\]$/m);
  });

  it('says who one is', async () => {
    expect(await cli.kubectl('auth', 'whoami')).toMatch(/^Groups +\[system:masters system:authenticated\]$/m);
    const other = await cli.kubectl('auth', 'whoami', '--as=ann', '--as-group=crew', '--as-uid=7');
    expect(other).toMatch(/^Username +ann\nUID +7\nGroups +\[crew system:authenticated\]$/m);
  });

  it('refuses in the words of a real cluster (refused)', async () => {
    expect(await cli.tryKubectl(['get', 'pods', '--as=bob'])).toMatchObject({
      exitCode: 1,
      stderr:
        'Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"\n',
    });
    expect(await cli.tryKubectl(['get', 'pods', '--token=wrong'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('You must be logged in to the server'),
    });
  });

  it('reconciles roles and bindings', async () => {
    await cli.file('more.yaml', grant('get, list', 'bob'));
    // What was done is printed, why goes to standard error.
    const added = await cli.tryKubectl(['auth', 'reconcile', '-f', 'more.yaml']);
    expect(added.stdout).toMatch(/^role\.rbac\.authorization\.k8s\.io\/reader reconciled\n/);
    expect(added.stderr).toMatch(/missing rules added:\n\t\t\{Verbs:\[list\]/);
    expect(added.stderr).toMatch(/missing subjects added:\n.*Name:bob/);
    expect(await cli.kubectl('auth', 'can-i', 'list', 'pods', '--as=ann')).toBe('yes\n');
    const removed = await cli.tryKubectl(['auth', 'reconcile', '-f', 'more.yaml', '--remove-extra-subjects']);
    expect(removed.stderr).toMatch(/extra subjects removed:\n.*Name:ann/);
    expect((await cli.tryKubectl(['auth', 'can-i', 'get', 'pods', '--as=ann'])).stdout).toBe('no\n');
  });

  it('creates tokens that work, within their bounds', async () => {
    const token = (await cli.kubectl('create', 'token', 'robot', '--duration=1h')).trim();
    expect(await cli.kubectl('auth', 'whoami', `--token=${token}`, '-o', 'jsonpath={.status.userInfo.username}')).toBe(
      'system:serviceaccount:default:robot',
    );
    expect(await cli.tryKubectl(['get', 'pods', `--token=${token}`])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('User "system:serviceaccount:default:robot" cannot list resource "pods"'),
    });
    const foreign = (await cli.kubectl('create', 'token', 'robot', '--audience=vault')).trim();
    expect((await cli.tryKubectl(['auth', 'whoami', `--token=${foreign}`])).exitCode).toBe(1);
    expect((await cli.tryKubectl(['create', 'token', 'robot', '--duration=1m'])).stderr).toContain(
      'spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
    );
    expect((await cli.tryKubectl(['create', 'token', 'nobody'])).stderr).toContain(
      'serviceaccounts "nobody" not found',
    );
  });

  it('approves and denies certificates', async () => {
    const request = (name: string): string => `
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: ${name}}
spec:
  request: ${Buffer.from(makeCertificateRequest({ commonName: 'carol' }).request).toString('base64')}
  signerName: kubernetes.io/kube-apiserver-client
  usages: [client auth]
`;
    await cli.file('requests.yaml', `${request('wanted')}---${request('unwanted')}`);
    await cli.kubectl('apply', '-f', 'requests.yaml');
    expect(await cli.kubectl('certificate', 'approve', 'wanted')).toBe(
      'certificatesigningrequest.certificates.k8s.io/wanted approved\n',
    );
    await cli.kubectl('certificate', 'deny', 'unwanted');
    await cli.kubectl('wait', 'csr/wanted', '--for=jsonpath={.status.certificate}', '--timeout=20s');
    const table = await cli.kubectl('get', 'csr');
    expect(table).toMatch(/^wanted .* kubernetes\.io\/kube-apiserver-client .* Approved,Issued$/m);
    expect(table).toMatch(/^unwanted .* Denied$/m);
  });
});
