import { createHmac, createPublicKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEgressClient } from '../../kernel/egress-client.ts';
import { type Logger, silentLogger } from '../../kernel/logger.ts';
import { createManualClock, type ManualClock } from '../../kernel/manual-clock.ts';
import { createAuthenticator } from '../create-authenticator.ts';
import { createRightsEvents } from '../rights-events.ts';
import { type OidcServer, type SigningKey, startOidcServer } from '../testing/start-oidc-server.ts';
import { createOidcTokens } from './create-oidc-tokens.ts';
import type { OidcIssuer } from './oidc-issuer.ts';

let stack: AsyncDisposableStack;
let oidc: OidcServer;
let clock: ManualClock;
let key: SigningKey;
let logged: string[];

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  oidc = stack.use(await startOidcServer());
  clock = createManualClock();
  key = await oidc.makeKey('first');
  oidc.shown = [key.jwk];
  logged = [];
});
afterEach(() => stack.disposeAsync());

function signIn(change: Partial<OidcIssuer> = {}, allow: readonly string[] = ['127.0.0.1']) {
  const write = (context: object, message: string) => logged.push(`${JSON.stringify(context)} ${message}`);
  const logger: Logger = { ...silentLogger, info: write, warn: write, error: write };
  const egress = createEgressClient({ allow, clock });
  stack.defer(() => egress.close());
  const rights = createRightsEvents(logger);
  const announced: string[] = [];
  rights.onRightsChanged((whose) => announced.push(whose));
  const issuer: OidcIssuer = {
    issuer: oidc.issuer,
    audience: 'longshore',
    usernameClaim: 'preferred_username',
    groupsClaim: 'groups',
    rolesFromGroups: { platform: 'ADMIN', shop: 'DEVELOPER' },
    namespacesFromGroups: { shop: [{ cluster: '*', namespace: 'shop' }] },
    clockSkewSeconds: 30,
    ...change,
  };
  const provider = createOidcTokens({ issuers: [issuer], egress, clock, logger, rights });
  stack.defer(() => provider.stop());
  const authenticator = createAuthenticator({ tokens: [], providers: [provider], clock, logger, rights });
  const answer = (token: string) =>
    authenticator.authenticate(`Bearer ${token}`).then(
      (principal) => principal.id,
      (error: { code: string }) => error.code,
    );
  return { authenticator, answer, announced };
}

const seconds = () => Math.floor(clock.now() / 1_000);

function claims(change: Record<string, unknown> = {}): JWTPayload {
  const now = seconds();
  return {
    sub: 'u-1',
    aud: 'longshore',
    exp: now + 600,
    iat: now,
    preferred_username: 'ann',
    groups: ['shop', 'other'],
    ...change,
  };
}

const annId = () => `oidc:${new URL(oidc.issuer).host}:u-1`;
const keyReads = () => oidc.asked.filter((path) => path === '/keys').length;

describe('createOidcTokens', () => {
  it('answers the principal of a token, with what the settings give to its groups', async () => {
    const { authenticator } = signIn();
    const token = await oidc.sign(key, claims());
    expect(await authenticator.authenticate(`Bearer ${token}`)).toEqual({
      id: annId(),
      name: 'ann',
      kind: 'USER',
      groups: ['shop', 'other'],
      roles: ['DEVELOPER'],
      namespaces: [{ cluster: '*', namespace: 'shop' }],
      expiresAt: (seconds() + 630) * 1_000,
    });
  });

  it.each(['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'])('takes a signature by %s', async (alg) => {
    const other = await oidc.makeKey('other', alg);
    oidc.shown = [key.jwk, other.jwk];
    expect(await signIn().answer(await oidc.sign(other, claims()))).toBe(annId());
  });

  it.each<[string, () => JWTPayload, object?]>([
    ['of another issuer', () => claims({ iss: 'https://evil.example' })],
    ['of nearly the issuer', () => claims({ iss: `${oidc.issuer}/` })],
    ['without an issuer', () => claims({ iss: undefined })],
    ['for another audience', () => claims({ aud: 'console' })],
    ['for other audiences', () => claims({ aud: ['console', 'longshore2'] })],
    ['without an audience', () => claims({ aud: undefined })],
    ['that has expired', () => claims({ exp: seconds() - 31 })],
    ['that never expires', () => claims({ exp: undefined })],
    ['that expires at the end of numbers', () => claims({ exp: 1e300 })],
    ['that is for later', () => claims({ nbf: seconds() + 31 })],
    ['without a subject', () => claims({ sub: undefined })],
    ['with an empty subject', () => claims({ sub: ' ' })],
    ['with a number for a subject', () => claims({ sub: 7 })],
    ['without the name', () => claims({ preferred_username: undefined })],
    ['with a line break in the name', () => claims({ preferred_username: 'ann\nImpersonate-Group: x' })],
    ['with a name without end', () => claims({ preferred_username: 'a'.repeat(256) })],
    ['with a name of the cluster', () => claims({ preferred_username: 'system:admin' })],
    ['with a group of the cluster', () => claims({ groups: ['shop', 'system:masters'] })],
    ['with a group of the cluster as text', () => claims({ groups: ' SYSTEM:masters' })],
    ['with a group that is no text', () => claims({ groups: ['shop', { name: 'platform' }] })],
    ['with a map for groups', () => claims({ groups: { platform: true } })],
    ['with a key that nobody has', () => claims(), { kid: 'nobody' }],
  ])('refuses a token %s (refused)', async (_what, make, header) => {
    const { answer } = signIn();
    const token = await oidc.sign(key, make(), header);
    expect(await answer(token)).toBe('UNAUTHENTICATED');
    expect(await answer(await oidc.sign(key, claims()))).toBe(annId());
  });

  it.each<[string, (key: SigningKey) => Promise<string>]>([
    ['none', async () => forged({ alg: 'none' }, () => '')],
    ['nOnE', async () => forged({ alg: 'nOnE' }, () => '')],
    [
      'HS256 with the public key for a secret',
      async ({ jwk }) => {
        const secret = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).export({
          type: 'spki',
          format: 'pem',
        });
        return forged({ alg: 'HS256', kid: 'first' }, (text) =>
          createHmac('sha256', secret).update(text).digest('base64url'),
        );
      },
    ],
    ['nothing of the kind', async () => forged({ alg: 'ES256', kid: 'first' }, () => 'A'.repeat(86))],
    ['a key that it brings along', async () => forgedWithOwnKey()],
  ])('refuses a token signed by %s (refused)', async (_what, forge) => {
    expect(await signIn().answer(await forge(key))).toBe('UNAUTHENTICATED');
  });

  it.each([
    ['an RSA key of 1024 bits', () => weakRsa()],
    ['a secret key', () => ({ kty: 'oct', kid: 'first', k: Buffer.alloc(32, 1).toString('base64url'), alg: 'HS256' })],
    ['a key for encryption', () => ({ ...key.jwk, use: 'enc' })],
    ['a key for another algorithm', () => ({ ...key.jwk, alg: 'ES384' })],
    ['a key that only signs', () => ({ ...key.jwk, use: undefined, key_ops: ['sign'] })],
    ['nothing', () => null],
  ])('knows no key where the provider shows %s (refused)', async (_what, jwk) => {
    oidc.shown = [jwk() as object];
    const { answer } = signIn();
    expect(await answer(await oidc.sign(key, claims()))).toBe('UNAUTHENTICATED');
    expect(await answer(weakToken())).toBe('UNAUTHENTICATED');
  });

  it('checks each signature once, and none of them after its end', async () => {
    const { answer } = signIn();
    const token = await oidc.sign(key, claims({ exp: seconds() + 60 }));
    for (let turn = 0; turn < 50; turn += 1) expect(await answer(token)).toBe(annId());
    expect(oidc.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
    clock.advance(89_999);
    expect(await answer(token)).toBe(annId());
    clock.advance(1);
    expect(await answer(token)).toBe('UNAUTHENTICATED');
  });

  it('writes nothing of a token into the log', async () => {
    const { answer } = signIn();
    const token = await oidc.sign(key, claims({ aud: 'canary-audience', preferred_username: 'canary-name' }));
    expect(await answer(token)).toBe('UNAUTHENTICATED');
    expect(logged.join('\n')).toContain('ERR_JWT_CLAIM_VALIDATION_FAILED aud');
    expect(logged.join('\n')).not.toContain('canary');
    expect(logged.join('\n')).not.toContain(token.split('.')[1]);
  });

  it('announces other rights of a newer token, and keeps to them when an older one is shown', async () => {
    const { authenticator, answer, announced } = signIn();
    const old = await oidc.sign(key, claims());
    const principal = await authenticator.authenticate(`Bearer ${old}`);
    await answer(await oidc.sign(key, claims({ exp: seconds() + 900 })));
    expect(announced).toEqual([]);
    await answer(await oidc.sign(key, claims({ iat: seconds() + 1, groups: [] })));
    expect(announced).toEqual([annId()]);
    await answer(old);
    expect((await authenticator.refresh(principal))?.roles).toEqual([]);
  });
});

describe('keys that change', () => {
  it('finds a new one at once, and asks for unknown ones at most once per 30 s', async () => {
    const { answer } = signIn();
    expect(await answer(await oidc.sign(key, claims()))).toBe(annId());
    clock.advance(30_000);
    const second = await oidc.makeKey('second');
    oidc.shown = [key.jwk, second.jwk];
    expect(await answer(await oidc.sign(second, claims()))).toBe(annId());
    expect(keyReads()).toBe(2);
    const third = await oidc.makeKey('third');
    oidc.shown = [third.jwk];
    const early = await oidc.sign(third, claims());
    const many = await Promise.all(Array.from({ length: 20 }, () => answer(early)));
    expect([...new Set(many)]).toEqual(['UNAUTHENTICATED']);
    expect(keyReads()).toBe(2);
    clock.advance(30_000);
    const later = await Promise.all(Array.from({ length: 20 }, () => answer(early)));
    expect([...new Set(later)]).toEqual([annId()]);
    expect(keyReads()).toBe(3);
  });

  it('no longer takes what a key has signed that is gone, and ends what was opened with it (refused)', async () => {
    const { authenticator, answer, announced } = signIn();
    const token = await oidc.sign(key, claims({ exp: seconds() + 3_600 }));
    const principal = await authenticator.authenticate(`Bearer ${token}`);
    const second = await oidc.makeKey('first');
    oidc.shown = [second.jwk];
    clock.advance(600_000);
    await expect.poll(() => announced).toEqual([annId()]);
    expect(await answer(token)).toBe('UNAUTHENTICATED');
    expect(await authenticator.refresh(principal)).toBeUndefined();
    expect(await answer(await oidc.sign(second, claims()))).toBe(annId());
  });
});

describe('a provider that does not answer', () => {
  it('leaves known keys good for 6 hours, and lets no unknown one pass (refused)', async () => {
    const { answer, announced } = signIn();
    const token = await oidc.sign(key, claims({ exp: seconds() + 86_400 }));
    expect(await answer(token)).toBe(annId());
    oidc.isDown = true;
    clock.advance(3_600_000);
    expect(await answer(await oidc.sign(key, claims()))).toBe(annId());
    const second = await oidc.makeKey('second');
    oidc.shown = [second.jwk];
    const unknown = await oidc.sign(second, claims({ exp: seconds() + 86_400 }));
    await expect.poll(() => answer(unknown)).toBe('UPSTREAM_UNAVAILABLE');
    clock.advance(5 * 3_600_000);
    expect(await answer(token)).toBe('UPSTREAM_UNAVAILABLE');
    expect(announced).toEqual([annId()]);
    oidc.isDown = false;
    clock.advance(30_000);
    await expect.poll(() => answer(unknown)).toBe(annId());
  });

  it('that never answered lets nobody in (refused)', async () => {
    oidc.isDown = true;
    expect(await signIn().answer(await oidc.sign(key, claims()))).toBe('UPSTREAM_UNAVAILABLE');
    expect(logged.join('\n')).toContain('cannot be read');
  });

  it.each<[string, () => void]>([
    ['speaks for another issuer', () => document({ issuer: 'https://evil.example', jwks_uri: `${oidc.issuer}/keys` })],
    ['names no keys', () => document({ issuer: oidc.issuer })],
    ['leads to a file', () => document({ issuer: oidc.issuer, jwks_uri: 'file:///etc/passwd' })],
    ['leads inside', () => document({ issuer: oidc.issuer, jwks_uri: 'http://169.254.169.254/keys' })],
    ['redirects to another host', () => redirect('/keys', `${oidc.issuer.replace('127.0.0.1', '127.0.0.2')}/keys`)],
    ['answers without JSON', () => void oidc.instead.set('/keys', { body: '<html>' })],
    ['answers with a list', () => void oidc.instead.set('/keys', { body: [key.jwk] })],
    [
      'answers with 1 MiB',
      () => void oidc.instead.set('/keys', { body: `{"keys":[],"x":"${'x'.repeat(1_048_576)}"}` }),
    ],
    ['answers with 101 keys', () => void oidc.instead.set('/keys', { body: { keys: Array(101).fill(key.jwk) } })],
  ])('with what is asked because it %s lets nobody in (refused)', async (_what, prepare) => {
    prepare();
    const { answer } = signIn({}, ['127.0.0.1', '127.0.0.2']);
    expect(await answer(await oidc.sign(key, claims()))).toBe('UPSTREAM_UNAVAILABLE');
  });

  it('is not called where the egress rules do not allow it (refused)', async () => {
    expect(await signIn({}, []).answer(await oidc.sign(key, claims()))).toBe('UPSTREAM_UNAVAILABLE');
    expect(oidc.asked).toEqual([]);
  });

  it('is asked for its keys where the settings say they are', async () => {
    expect(await signIn({ jwksUrl: `${oidc.issuer}/keys` }).answer(await oidc.sign(key, claims()))).toBe(annId());
    expect(oidc.asked).toEqual(['/keys']);
  });
});

function document(body: object): void {
  oidc.instead.set('/.well-known/openid-configuration', { body });
}

function redirect(path: string, location: string): void {
  oidc.instead.set(path, { location });
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function forged(header: object, signature: (text: string) => string): string {
  const text = `${encode(header)}.${encode({ iss: oidc.issuer, ...claims() })}`;
  return `${text}.${signature(text)}`;
}

function forgedWithOwnKey(): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  return forged({ alg: 'ES256', kid: 'first', jwk }, (text) =>
    sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  );
}

const weakPair = generateKeyPairSync('rsa', { modulusLength: 1_024 });
const weakRsa = () => ({ ...weakPair.publicKey.export({ format: 'jwk' }), kid: 'weak', alg: 'RS256', use: 'sig' });
const weakToken = () =>
  forged({ alg: 'RS256', kid: 'weak' }, (text) =>
    sign('sha256', Buffer.from(text), weakPair.privateKey).toString('base64url'),
  );
