import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCertificates } from '../../../../src/embedded/certificates/create-certificates.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { isSecretEditable } from './require-editable.ts';
import { checkContent, dataOfSecret, readContent, type SecretContentInput } from './secret-content.ts';
import { tellValidity } from './tls-pair.ts';

const own = createCertificates(Date.UTC(2026, 0, 1));
const other = createCertificates(Date.UTC(2026, 0, 1));
const pair = { certificate: own.serverCertificate, privateKey: own.serverKey };
const locked = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-128-cbc', passphrase: 'canary' })
  .toString();
const credentials = { address: 'registry.example:5000/team', username: 'puller', password: 'canary' };
const config = (auths: unknown) => JSON.stringify({ auths });
const auth = Buffer.from('a:canary').toString('base64');

const issuesOf = (content: SecretContentInput) => checkContent(content, ['content']);
const codesOf = (content: SecretContentInput) =>
  issuesOf(content).map(({ path, code }) => `${path.slice(1).join('.')} ${code}`);

describe('the content of a Secret', () => {
  it.each<[string, SecretContentInput, string, string]>([
    ['keys with values', { opaque: [{ key: 'a', text: 'b' }] }, 'OPAQUE', 'Opaque'],
    ['none yet', { opaque: [] }, 'OPAQUE', 'Opaque'],
    ['credentials', { registryCredentials: credentials }, 'REGISTRY_CREDENTIALS', 'kubernetes.io/dockerconfigjson'],
    [
      'credentials with an e-mail address',
      { registryCredentials: { ...credentials, address: 'https://index.docker.io/v1/', email: 'user@domain' } },
      'REGISTRY_CREDENTIALS',
      'kubernetes.io/dockerconfigjson',
    ],
    [
      'a config.json',
      { dockerConfigJson: config({ a: { auth } }) },
      'DOCKER_CONFIG_JSON',
      'kubernetes.io/dockerconfigjson',
    ],
    ['a certificate with its key', { tls: pair }, 'TLS', 'kubernetes.io/tls'],
    [
      'a chain of certificates',
      { tls: { ...pair, certificate: `${own.serverCertificate}\n${own.caCertificate}` } },
      'TLS',
      'kubernetes.io/tls',
    ],
  ])('may be %s (CMP-97, CON-04)', (_name, content, type, rawType) => {
    expect(issuesOf(content)).toEqual([]);
    expect(readContent(content)).toMatchObject({ type, rawType });
  });

  it.each<[string, SecretContentInput, string]>([
    [
      'a key twice',
      {
        opaque: [
          { key: 'a', text: 'canary' },
          { key: 'a', text: 'canary' },
        ],
      },
      'opaque.1.key duplicate_key',
    ],
    ['no base64', { opaque: [{ key: 'a', base64: 'canary!' }] }, 'opaque.0.base64 invalid_base64'],
    [
      'no address',
      { registryCredentials: { ...credentials, address: 'no address' } },
      'registryCredentials.address invalid_address',
    ],
    [
      'no user',
      { registryCredentials: { ...credentials, username: '' } },
      'registryCredentials.username invalid_username',
    ],
    [
      'a colon in the user',
      { registryCredentials: { ...credentials, username: 'a:b' } },
      'registryCredentials.username invalid_username',
    ],
    [
      'no password',
      { registryCredentials: { ...credentials, password: '' } },
      'registryCredentials.password invalid_password',
    ],
    [
      'no e-mail address',
      { registryCredentials: { ...credentials, email: 'canary' } },
      'registryCredentials.email invalid_email',
    ],
    ['no JSON', { dockerConfigJson: '{"auths": canary' }, 'dockerConfigJson invalid_json'],
    ['another JSON', { dockerConfigJson: '["canary"]' }, 'dockerConfigJson invalid_json'],
    ['no registries', { dockerConfigJson: '{"credsStore":"canary"}' }, 'dockerConfigJson no_credentials'],
    ['a registry of a store', { dockerConfigJson: config({ canary: {} }) }, 'dockerConfigJson no_credentials'],
    ['no certificate', { tls: { ...pair, certificate: 'canary' } }, 'tls.certificate invalid_certificate'],
    ['no key', { tls: { ...pair, privateKey: 'canary' } }, 'tls.privateKey invalid_key'],
    ['a locked key', { tls: { ...pair, privateKey: locked } }, 'tls.privateKey invalid_key'],
    ["another certificate's key", { tls: { ...pair, privateKey: other.serverKey } }, 'tls.privateKey key_mismatch'],
    [
      'a chain that begins with its authority',
      { tls: { ...pair, certificate: `${own.caCertificate}\n${own.serverCertificate}` } },
      'tls.privateKey key_mismatch',
    ],
  ])('may not be %s, and nothing of it is told (CMP-97, CMP-101, refused, bad input)', (_name, content, code) => {
    expect(codesOf(content)).toEqual([code]);
    expect(JSON.stringify(issuesOf(content))).not.toContain('canary');
  });

  it('is what a kubelet signs in with (CMP-97, CMP-101)', () => {
    const data = dataOfSecret(readContent({ registryCredentials: { ...credentials, email: 'a@b' } }).entries);
    expect(JSON.parse(Buffer.from(data['.dockerconfigjson'] ?? '', 'base64').toString())).toEqual({
      auths: {
        'registry.example:5000/team': {
          username: 'puller',
          password: 'canary',
          email: 'a@b',
          auth: Buffer.from('puller:canary').toString('base64'),
        },
      },
    });
  });

  it.each([
    ['that ended', Date.UTC(2027, 5, 1), /^The certificate expired on 2027-01-01T/],
    ['that has not begun', Date.UTC(2025, 0, 1), /^The certificate is good only from 2025-12-31T/],
  ])('tells of a certificate %s', (_name, now, words) => {
    expect(tellValidity(pair, now)).toEqual([expect.stringMatching(words)]);
  });

  it('tells nothing of a good certificate', () => {
    expect(tellValidity(pair, Date.UTC(2026, 5, 1))).toEqual([]);
  });
});

describe('isSecretEditable', () => {
  it.each([
    ['default', 'kubernetes.io/tls', true],
    ['esk', 'kubernetes.io/tls', true],
    ['tcs', 'Opaque', true],
    ['aks-public', 'Opaque', true],
    ['aks-private', undefined, true],
    ['aks-public', 'kubernetes.io/dockerconfigjson', false],
    ['csk', 'Opaque', false],
  ])('is by the profile %s of type %s: %s (CMP-98, CON-05)', (profile, type, expected) => {
    expect(isSecretEditable(type, profileNamed(profile))).toBe(expected);
  });
});
