import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import type { Principal } from '../kernel/principal.ts';
import { RequestError } from '../kernel/request-error.ts';
import { type AuthenticatorOptions, createAuthenticator } from './create-authenticator.ts';
import type { StaticToken } from './static-tokens.ts';

const sha256 = (token: string) => createHash('sha256').update(token).digest('hex');
const secret = 'ci-secret-0123456789';
const ciToken: StaticToken = {
  name: 'ci',
  sha256: sha256(secret),
  roles: ['DEVELOPER'],
  namespaces: [{ cluster: '*', namespace: 'shop' }],
  groups: ['builders'],
  expiresAt: undefined,
};
const shopNamespaces = [{ cluster: 'embedded', namespace: 'shop' }];

function authenticatorWith(options: Partial<AuthenticatorOptions>) {
  return createAuthenticator({ tokens: [], clock: createManualClock(), logger: silentLogger, ...options });
}

async function refusalOf(promise: Promise<unknown>): Promise<RequestError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RequestError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

describe('createAuthenticator', () => {
  it('knows a configured token and answers its principal', async () => {
    const principal = await authenticatorWith({ tokens: [ciToken] }).authenticate(`Bearer ${secret}`);
    expect(principal).toEqual({
      id: 'token:ci',
      name: 'ci',
      kind: 'TOKEN',
      groups: ['builders'],
      roles: ['DEVELOPER'],
      namespaces: [{ cluster: '*', namespace: 'shop' }],
      expiresAt: undefined,
    });
  });

  it('gives nothing again to who is refused since, nor to a token of the gateway’s own that is gone (refused)', async () => {
    let isAdmitted = true;
    const derived: Principal = {
      id: 'service-token:one',
      name: 'one',
      kind: 'TOKEN',
      groups: [],
      roles: [],
      namespaces: [],
      expiresAt: undefined,
      session: { id: 'session', method: 'SERVICE_TOKEN' },
    };
    const authenticator = authenticatorWith({
      tokens: [ciToken],
      desk: () => ({
        ownToken: (token) => (token === 'own' ? derived : undefined),
        admit: (principal) => principal,
        note() {},
        isAdmitted: () => isAdmitted,
        currentOwn: () => undefined,
        open: () => () => {},
      }),
    });
    const person = await authenticator.authenticate(`Bearer ${secret}`);
    expect(authenticator.regrant(person)).toEqual(person);
    isAdmitted = false;
    expect(authenticator.regrant(person)).toBeUndefined();
    isAdmitted = true;
    expect(authenticator.regrant(await authenticator.authenticate('Bearer own'))).toBeUndefined();
  });

  it.each(['bearer', 'BEARER', 'Bearer '])('takes the scheme %j in any case', async (scheme) => {
    const principal = await authenticatorWith({ tokens: [ciToken] }).authenticate(`${scheme} ${secret}`);
    expect(principal.id).toBe('token:ci');
  });

  it.each([
    ['nothing', undefined],
    ['an empty value', ''],
    ['the bare token', secret],
    ['another scheme', `Basic ${secret}`],
    ['a scheme without a token', 'Bearer '],
    ['an unknown token', 'Bearer unknown'],
    ['a longer token', `Bearer ${secret}x`],
    ['a shorter token', `Bearer ${secret.slice(0, -1)}`],
    ['another case of the token', `Bearer ${secret.toUpperCase()}`],
    ['the digest itself', `Bearer ${ciToken.sha256}`],
    ['two tokens', `Bearer ${secret} ${secret}`],
    ['two headers joined', `Bearer ${secret}, Bearer ${secret}`],
    ['a line break', `Bearer ${secret}\nX: y`],
    ['a token beyond the bound', `Bearer ${'a'.repeat(10_000)}`],
    ['the dev administrator', 'Bearer dev-admin'],
    ['the dev developer', 'Bearer dev-developer'],
  ])('refuses %s in one text (refused)', async (_name, authorization) => {
    const refusal = await refusalOf(
      authenticatorWith({ tokens: [ciToken], adminToken: 'x'.repeat(43) }).authenticate(authorization),
    );
    expect({ code: refusal.code, message: refusal.message }).toEqual({
      code: 'UNAUTHENTICATED',
      message: 'A valid bearer token is required.',
    });
  });

  it('takes up somebody whom another replica has written down, with the rights that the settings give now', async () => {
    const written = await authenticatorWith({ tokens: [ciToken] }).authenticate(`Bearer ${secret}`);
    const here = authenticatorWith({ tokens: [{ ...ciToken, roles: ['GUEST'] }] });
    expect(await here.resume(JSON.parse(JSON.stringify(written)))).toMatchObject({ id: 'token:ci', roles: ['GUEST'] });
  });

  it('takes nobody up whom the settings do not know any more, nor who has expired (refused)', async () => {
    const written = await authenticatorWith({ tokens: [ciToken] }).authenticate(`Bearer ${secret}`);
    expect(await authenticatorWith({ tokens: [] }).resume(written)).toBeUndefined();
    const clock = createManualClock();
    const here = authenticatorWith({ tokens: [ciToken], clock });
    expect(await here.resume({ ...written, expiresAt: clock.now() })).toBeUndefined();
  });

  it.each([
    { method: 'OIDC', isTaken: true, why: 'an identity provider alone could say otherwise' },
    { method: 'SERVICE_ACCOUNT', isTaken: false, why: 'nobody here would notice its end (refused)' },
  ] as const)('takes up one of $method without its token: $isTaken, since $why', async ({ method, isTaken }) => {
    const written: Principal = {
      id: 'elsewhere:anna',
      name: 'anna',
      kind: 'USER',
      groups: [],
      roles: ['DEVELOPER'],
      namespaces: [],
      expiresAt: undefined,
      session: { id: 'session', method },
    };
    expect((await authenticatorWith({}).resume(written)) !== undefined).toBe(isTaken);
  });

  it('refuses a token from the moment it expires, in the same text (refused)', async () => {
    const clock = createManualClock();
    const authenticator = authenticatorWith({ tokens: [{ ...ciToken, expiresAt: clock.now() + 1_000 }], clock });
    const principal = await authenticator.authenticate(`Bearer ${secret}`);
    expect(principal.expiresAt).toBe(clock.now() + 1_000);
    clock.advance(1_000);
    const refusal = await refusalOf(authenticator.authenticate(`Bearer ${secret}`));
    expect(refusal.message).toBe('A valid bearer token is required.');
    expect(await authenticator.refresh(principal)).toBeUndefined();
  });

  it('takes the dev tokens, and no token at all, only in development', async () => {
    const authenticator = authenticatorWith({ dev: { shopNamespaces } });
    expect((await authenticator.authenticate(undefined)).id).toBe('dev:dev-admin');
    expect((await authenticator.authenticate('Bearer dev-admin')).roles).toEqual(['ADMIN']);
    expect(await authenticator.authenticate('Bearer dev-developer')).toMatchObject({
      id: 'dev:dev-developer',
      roles: ['DEVELOPER'],
      namespaces: shopNamespaces,
    });
  });

  it.each(['', 'Bearer dev-root', 'dev-admin'])('refuses %j in development too (refused)', async (authorization) => {
    const refusal = await refusalOf(authenticatorWith({ dev: { shopNamespaces } }).authenticate(authorization));
    expect(refusal.code).toBe('UNAUTHENTICATED');
  });

  it('takes the administrator token of the data directory', async () => {
    const token = 'T'.repeat(43);
    const authenticator = authenticatorWith({ adminToken: token });
    expect(await authenticator.authenticate(`Bearer ${token}`)).toMatchObject({ id: 'local:admin', roles: ['ADMIN'] });
  });

  it('asks further providers after its own and refuses names that belong to the cluster', async () => {
    const claimed: Principal = {
      id: 'oidc:mallory',
      name: 'mallory',
      kind: 'USER',
      groups: [],
      roles: ['DEVELOPER'],
      namespaces: [],
      expiresAt: undefined,
    };
    const provider = (principal: Principal) => ({
      name: 'fake',
      method: 'OIDC' as const,
      authenticate: (token: string | undefined) => Promise.resolve(token === 'oidc' ? principal : undefined),
      current: () => principal,
    });
    const good = authenticatorWith({ providers: [provider(claimed)] });
    expect((await good.authenticate('Bearer oidc')).id).toBe('oidc:mallory');
    for (const bad of [
      { ...claimed, name: 'system:admin' },
      { ...claimed, groups: ['system:masters'] },
      { ...claimed, groups: [' SYSTEM:masters'] },
    ]) {
      const refusal = await refusalOf(authenticatorWith({ providers: [provider(bad)] }).authenticate('Bearer oidc'));
      expect(refusal.code).toBe('UNAUTHENTICATED');
    }
  });

  it.each([
    ['a digest that is none', [{ ...ciToken, sha256: 'abc' }], "Token 'ci': sha256 must be 64 hexadecimal digits."],
    ['one name twice', [ciToken, { ...ciToken, sha256: sha256('b') }], "Token 'ci' is configured twice."],
    ['one secret twice', [ciToken, { ...ciToken, name: 'cd' }], "Token 'cd' has the same sha256 as another token."],
    [
      'a name of the cluster',
      [{ ...ciToken, name: 'system:admin' }],
      "The name 'system:admin' is refused: names that begin with 'system:' belong to the cluster itself.",
    ],
  ])('does not start with %s (refused)', (_name, tokens, message) => {
    expect(() => authenticatorWith({ tokens })).toThrow(message);
  });

  it('announces who lost a token or has other rights, and nobody else', async () => {
    const other: StaticToken = { ...ciToken, name: 'other', sha256: sha256('other') };
    const gone: StaticToken = { ...ciToken, name: 'gone', sha256: sha256('gone') };
    const authenticator = authenticatorWith({ tokens: [ciToken, other, gone] });
    const announced: string[] = [];
    const stop = authenticator.rights.onRightsChanged((whose) => announced.push(whose));
    authenticator.replaceTokens([{ ...ciToken, namespaces: [] }, other]);
    expect(announced).toEqual(['token:ci', 'token:gone']);
    expect((await authenticator.authenticate(`Bearer ${secret}`)).namespaces).toEqual([]);
    stop();
    authenticator.replaceTokens([]);
    expect(announced).toHaveLength(2);
  });
});
