import { beforeEach, describe, expect, it } from 'vitest';
import { UpstreamError } from '../../kernel/answer-error.ts';
import { type Logger, silentLogger } from '../../kernel/logger.ts';
import { createManualClock, type ManualClock } from '../../kernel/manual-clock.ts';
import type { ReviewedToken } from '../../kube/read/review-token.ts';
import { createAuthenticator } from '../create-authenticator.ts';
import { createRightsEvents } from '../rights-events.ts';
import { createServiceAccountTokens } from './create-service-account-tokens.ts';
import type { ServiceAccountCluster } from './service-account-cluster.ts';

const account = 'system:serviceaccount:shop:robot';
const robot = 'serviceaccount:far:shop:robot';
const far: ServiceAccountCluster = {
  cluster: 'far',
  audiences: ['longshore'],
  rolesFromGroups: { 'serviceaccounts:far:shop': 'DEVELOPER', 'serviceaccount:far:shop:admin': 'ADMIN' },
  namespacesFromGroups: { [robot]: [{ cluster: 'far', namespace: 'shop' }] },
};

let clock: ManualClock;
/** What the cluster knows. */
let good: Map<string, ReviewedToken>;
let asked: string[];
let isDown: boolean;
let logged: string[];
beforeEach(() => {
  clock = createManualClock();
  good = new Map();
  asked = [];
  isDown = false;
  logged = [];
});

function signIn(clusters: readonly ServiceAccountCluster[] = [far]) {
  const write = (context: object, message: string) => logged.push(`${JSON.stringify(context)} ${message}`);
  const logger: Logger = { ...silentLogger, info: write, warn: write, error: write };
  const rights = createRightsEvents(logger);
  const announced: string[] = [];
  rights.onRightsChanged((whose) => announced.push(whose));
  async function review(cluster: string, token: string): Promise<ReviewedToken | undefined> {
    asked.push(cluster);
    if (isDown) throw new UpstreamError(cluster, `${token} cannot be looked at`);
    return good.get(token);
  }
  const provider = createServiceAccountTokens({ clusters, review, clock, logger, rights });
  const authenticator = createAuthenticator({ tokens: [], providers: [provider], clock, logger, rights });
  const answer = (token: string) =>
    authenticator.authenticate(`Bearer ${token}`).then(
      (principal) => principal.id,
      (error: { code: string }) => error.code,
    );
  return { authenticator, answer, announced };
}

let made = 0;
/** A token as far as its claims go; who checks it is the cluster. */
function token(change: object = {}, username: string | undefined = account): string {
  made += 1;
  const claims = {
    sub: account,
    aud: ['longshore'],
    iss: 'https://far',
    exp: clock.now() / 1_000 + 600,
    made,
    ...change,
  };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg: 'RS256' })}.${encode(claims)}.c2lnbmF0dXJl`;
  if (username !== '') good.set(text, { username, audiences: ['longshore'] });
  return text;
}

/** Lets answers that wait for nothing come. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('createServiceAccountTokens', () => {
  it('answers the principal of a token, with what the settings give to the account and its namespace', async () => {
    expect(await signIn().authenticator.authenticate(`Bearer ${token()}`)).toEqual({
      id: robot,
      name: robot,
      kind: 'SERVICE_ACCOUNT',
      groups: ['serviceaccounts:far', 'serviceaccounts:far:shop'],
      roles: ['DEVELOPER'],
      namespaces: [{ cluster: 'far', namespace: 'shop' }],
      expiresAt: clock.now() + 600_000,
    });
  });

  it.each<[string, () => string, number]>([
    ['that the cluster does not know', () => token({}, ''), 1],
    ['of a user that is no service account', () => token({}, 'system:admin'), 1],
    ['of a node', () => token({}, 'system:node:one'), 1],
    ['of an account with an odd name', () => token({}, 'system:serviceaccount:shop:robot:x'), 1],
    ['that has expired, whatever the cluster says', () => token({ exp: 1 }), 1],
    ['for another audience', () => token({ aud: ['https://kubernetes.default.svc'] }), 0],
    ['for no audience', () => token({ aud: undefined }), 0],
    ['of nobody', () => token({ sub: undefined }), 0],
    ['of a person', () => token({ sub: 'ann' }), 0],
    ['that is none', () => 'no-token', 0],
  ])('refuses a token %s (refused)', async (_what, make, questions) => {
    expect(await signIn().answer(make())).toBe('UNAUTHENTICATED');
    expect(asked).toHaveLength(questions);
  });

  it('shows a token to no cluster but its own', async () => {
    const near = { ...far, cluster: 'near', audiences: ['near'] };
    const own = { ...far, cluster: 'own', issuer: 'https://own' };
    const { answer } = signIn([{ ...far, issuer: 'https://far' }, near, own]);
    expect(await answer(token())).toBe(robot);
    await answer(token({ aud: 'near' }));
    await answer(token({ iss: 'https://own' }));
    expect(asked).toEqual(['far', 'near', 'own']);
    expect(await answer(token({ aud: ['near', 'longshore'] }))).toBe('UNAUTHENTICATED');
    expect(await answer(token({ iss: 'https://nobody' }))).toBe('UNAUTHENTICATED');
    expect(asked).toHaveLength(3);
  });

  it.each([
    ['a good token', account, robot],
    ['a bad one', '', 'UNAUTHENTICATED'],
  ])('asks about %s once in 10 s', async (_what, username, expected) => {
    const { answer } = signIn();
    const one = token({}, username);
    const many = await Promise.all(Array.from({ length: 20 }, () => answer(one)));
    clock.advance(9_999);
    expect([...new Set([...many, await answer(one)])]).toEqual([expected]);
    expect(asked).toHaveLength(1);
    clock.advance(1);
    expect(await answer(one)).toBe(expected);
    expect(asked).toHaveLength(2);
  });

  it('refuses a token that was revoked after 10 s (refused)', async () => {
    const { answer } = signIn();
    const one = token();
    expect(await answer(one)).toBe(robot);
    good.clear();
    clock.advance(10_000);
    expect(await answer(one)).toBe('UNAUTHENTICATED');
  });

  it('says so where the cluster does not answer, and writes no token into the log (refused)', async () => {
    const { answer } = signIn();
    isDown = true;
    const one = token();
    expect(await answer(one)).toBe('UPSTREAM_UNAVAILABLE');
    expect(logged.join('\n')).toContain('could not be asked');
    expect(logged.join('\n')).not.toContain(one);
    isDown = false;
    expect(await answer(one)).toBe(robot);
  });

  it('asks about 100 unknown tokens at a time and no more (refused)', async () => {
    const { answer } = signIn();
    const many = await Promise.all(Array.from({ length: 101 }, () => answer(token())));
    expect(many.filter((each) => each === robot)).toHaveLength(100);
    expect(many.at(-1)).toBe('OVERLOADED');
  });
});

describe('a stream of a service account', () => {
  async function opened() {
    const signedIn = signIn();
    const one = token();
    const principal = await signedIn.authenticator.authenticate(`Bearer ${one}`);
    const leave = signedIn.authenticator.follow(principal);
    return { ...signedIn, one, principal, leave };
  }

  it('ends within 10 s of the revocation', async () => {
    const { announced, authenticator, principal } = await opened();
    good.clear();
    clock.advance(5_000);
    await expect.poll(() => announced).toEqual([robot]);
    expect(await authenticator.refresh(principal)).toBeUndefined();
  });

  it('is told of where one of two tokens was revoked, and the other goes on', async () => {
    const { announced, authenticator, principal, answer, one } = await opened();
    await answer(token());
    good.delete(one);
    clock.advance(5_000);
    await expect.poll(() => announced).toEqual([robot]);
    expect(await authenticator.refresh(principal)).toMatchObject({ id: robot });
  });

  it('goes on for 60 s while the cluster does not answer, and then ends', async () => {
    const { announced, authenticator, principal } = await opened();
    isDown = true;
    for (let passed = 5; passed < 60; passed += 5) {
      clock.advance(5_000);
      await settle();
    }
    expect(announced).toEqual([]);
    expect(await authenticator.refresh(principal)).toMatchObject({ id: robot });
    clock.advance(5_000);
    await expect.poll(() => announced).toEqual([robot]);
    expect(await authenticator.refresh(principal)).toBeUndefined();
  });

  it('leaves no question behind when it is closed', async () => {
    const { leave } = await opened();
    clock.advance(5_000);
    await expect.poll(() => [asked.length, clock.waiting]).toEqual([2, 1]);
    leave();
    leave();
    expect(clock.waiting).toBe(0);
  });

  it('is not ended by tokens that somebody invents', async () => {
    const { announced, answer } = await opened();
    for (let round = 0; round < 101; round += 1) {
      await Promise.all(Array.from({ length: 100 }, () => answer(token({}, ''))));
    }
    expect(announced).toEqual([]);
  });
});
