import { describe, expect, it } from 'vitest';
import type { KubeRequest } from '../transport/cluster-transport.ts';
import { reviewToken } from './review-token.ts';

const username = 'system:serviceaccount:shop:robot';

async function review(status: unknown) {
  const sent: KubeRequest[] = [];
  const json = async (request: KubeRequest) => {
    sent.push(request);
    return { body: { kind: 'TokenReview', status }, warnings: [] };
  };
  return { answer: await reviewToken({ json }, 'the-token', ['a', 'b']), sent };
}

describe('reviewToken', () => {
  it('answers whom the cluster names, and for which of the audiences', async () => {
    const { answer, sent } = await review({ authenticated: true, user: { username }, audiences: ['b', 'c'] });
    expect(answer).toEqual({ username, audiences: ['b'] });
    // As the gateway itself: nobody is there yet to be impersonated.
    expect(sent).toEqual([
      {
        method: 'POST',
        path: '/apis/authentication.k8s.io/v1/tokenreviews',
        timeoutMs: 3_000,
        body: {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenReview',
          spec: { token: 'the-token', audiences: ['a', 'b'] },
        },
      },
    ]);
  });

  it.each<[string, unknown]>([
    ['does not authenticate', { user: { username }, audiences: ['a'], error: 'no' }],
    ['says so in a text', { authenticated: 'true', user: { username }, audiences: ['a'] }],
    ['does not heed audiences', { authenticated: true, user: { username } }],
    ['names other audiences', { authenticated: true, user: { username }, audiences: ['c'] }],
    ['names nobody', { authenticated: true, user: {}, audiences: ['a'] }],
    ['answers nothing', undefined],
    ['answers null', null],
  ])('answers nobody where the cluster %s (refused)', async (_what, status) => {
    expect((await review(status)).answer).toBeUndefined();
  });
});
