import { describe, expect, it } from 'vitest';
import { readAccess } from './read-access.ts';

const authority = `-----BEGIN CERTIFICATE-----
MIIBfjCCASWgAwIBAgIUZmFrZWZha2VmYWtlZmFrZWZha2UwCgYIKoZIzj0EAwIw
-----END CERTIFICATE-----`;

const kubeconfig = (parts: { user?: object; cluster?: object; more?: object } = {}) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'east',
    contexts: [
      { name: 'east', context: { cluster: 'c', user: 'u', namespace: 'shop' } },
      { name: 'nowhere', context: { cluster: 'missing', user: 'u' } },
    ],
    clusters: [{ name: 'c', cluster: { server: 'https://east.example:6443', ...parts.cluster } }],
    users: [
      { name: 'u', user: parts.user ?? { token: 'abc' } },
      { name: 'other', user: { token: 'not-wanted' } },
    ],
    ...parts.more,
  });

const read = (text: string, context?: string) => readAccess({ kubeconfig: { text, context: context ?? null } });

describe('access to a cluster as somebody gives it', () => {
  it('keeps of a kubeconfig what its one context needs, and nothing else', async () => {
    const { access } = await read(kubeconfig());
    expect(access).toMatchObject({ server: 'https://east.example:6443' });
    const kept = JSON.parse(access && 'kubeconfig' in access ? access.kubeconfig : '');
    expect(kept.users).toEqual([{ name: 'registered', user: { token: 'abc' } }]);
    expect(kept.contexts[0].context.namespace).toBe('shop');
    expect(JSON.stringify(kept)).not.toContain('not-wanted');
  });

  it('takes a client certificate with its key', async () => {
    const user = { 'client-certificate-data': 'Y2VydA==', 'client-key-data': 'a2V5' };
    expect((await read(kubeconfig({ user }))).issues).toBeUndefined();
  });

  it('takes an address with a token, and the cluster that the gateway runs in', async () => {
    expect(await readAccess({ token: { server: 'https://east.example', token: 'abc' } })).toMatchObject({
      access: { server: 'https://east.example' },
    });
    expect(await readAccess({ inCluster: true })).toEqual({ access: { inCluster: true } });
  });

  it.each([
    ['a program', { user: { exec: { command: 'steal' } } }, /exec .* run a program/],
    ['an auth provider', { user: { 'auth-provider': { name: 'gcp' } } }, /auth-provider/],
    ['a file with the token', { user: { tokenFile: '/etc/passwd' } }, /tokenFile/],
    ['a file with the key', { user: { 'client-certificate-data': 'YQ==', 'client-key': '/root/key' } }, /client-key /],
    ['a file with the authority', { cluster: { 'certificate-authority': '/etc/shadow' } }, /certificate-authority /],
    ['no check of certificates', { cluster: { 'insecure-skip-tls-verify': true } }, /insecure-skip-tls-verify/],
    ['the same in words', { cluster: { 'insecure-skip-tls-verify': 'true' } }, /insecure-skip-tls-verify/],
    ['a proxy', { cluster: { 'proxy-url': 'http://proxy.example' } }, /proxy-url/],
    ['somebody else to be', { user: { token: 'abc', as: 'system:admin' } }, /as of the user/],
    ['a password', { user: { username: 'a', password: 'b' } }, /username/],
    ['no credentials', { user: {} }, /neither a token/],
    ['a token of two lines', { user: { token: 'abc\r\nhost: evil' } }, /token/],
    ['a server without TLS', { cluster: { server: 'http://east.example' } }, /https/],
    ['a server with a password', { cluster: { server: 'https://a:b@east.example' } }, /credentials/],
    ['an authority that is none', { cluster: { 'certificate-authority-data': 'bm90aGluZw==' } }, /authority/],
  ])('refuses a kubeconfig with %s (CMP-11, bad input)', async (_what, parts, words) => {
    const { issues } = await read(kubeconfig(parts));
    expect(issues?.map(({ message }) => message).join('; ')).toMatch(words);
    expect(issues?.[0]?.path.slice(0, 2)).toEqual(['access', 'kubeconfig']);
  });

  it.each([
    ['is no YAML', 'token: [secret-word', undefined],
    ['is a list', '- secret-word', undefined],
    ['is empty', '', undefined],
    ['is two documents', 'a: 1\n---\nb: 2', undefined],
    ['has no such context', kubeconfig(), 'west'],
    ['names a cluster it does not have', kubeconfig(), 'nowhere'],
    ['has no current context', kubeconfig({ more: { 'current-context': '' } }), undefined],
    ['is too long', `a: ${'x'.repeat(256 * 1024)}`, undefined],
    ['is made of aliases', `a: &a [x,x]\nb: &b [*a,*a]\n${'c: [*b,*b]\n'.repeat(3)}`, undefined],
  ])('refuses a text that %s, without a word of it (CMP-11, bad input)', async (_what, text, context) => {
    const { issues } = await read(text, context);
    expect(issues?.length).toBeGreaterThan(0);
    expect(JSON.stringify(issues)).not.toContain('secret-word');
  });

  it.each([
    ['http://east.example', 'abc', undefined],
    ['nonsense', 'abc', undefined],
    ['https://east.example', 'two words', undefined],
    ['https://east.example', '', undefined],
    ['https://east.example', 'abc', authority],
  ])('refuses the address %s with the token %s and the authority %s (CMP-11, bad input)', async (server, token, certificateAuthority) => {
    const { issues } = await readAccess({
      token: { server, token, certificateAuthority: certificateAuthority ?? null },
    });
    expect(issues?.length).toBe(1);
  });

  it('refuses no way at all', async () => {
    expect((await readAccess({ inCluster: false })).issues?.[0]).toMatchObject({ code: 'required' });
  });
});
