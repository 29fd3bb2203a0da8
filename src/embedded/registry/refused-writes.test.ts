import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/start-test-api.ts';
import type { RefusedWrite } from './testing/refused-write.ts';
import { refusedWrites } from './testing/refused-writes.ts';

interface Refusal {
  readonly code: number;
  /** Not recorded where it repeats structures that are printed differently. */
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes?: readonly { reason: string; field: string; message: string }[] };
}

const refusals = JSON.parse(readFileSync(new URL('./testing/refusals.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Refusal>
>;

describe('a write with one mistake', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
    await api.call('POST', '/api/v1/namespaces', { body: { metadata: { name: 'refusals' } } });
    await api.call('POST', '/api/v1/namespaces/refusals/serviceaccounts', { body: { metadata: { name: 'default' } } });
  });
  afterAll(() => api.stop());

  it.each(refusedWrites)('$title is refused in the real words', async (write) => {
    const refusal = await refuse(write);
    const expected = refusals[write.title];
    expect(comparable(refusal)).toEqual(comparable(expected));
    if (expected?.message !== undefined) expect(refusal.message).toBe(expected.message);
  });

  async function refuse(write: RefusedWrite): Promise<Refusal> {
    for (const { at, body } of write.first ?? []) expect((await api.call('POST', at, { body })).code).toBe(201);
    const answer =
      write.patch === undefined
        ? await api.call('POST', write.at, { body: write.body })
        : await api.call('PATCH', `${write.at}/${write.name}`, {
            body: write.patch,
            contentType: 'application/merge-patch+json',
          });
    for (const { at, body } of write.first ?? []) {
      const { name } = (body as { metadata: { name: string } }).metadata;
      await api.call('DELETE', `${at}/${name}`, { body: { gracePeriodSeconds: 0 } });
    }
    return answer.body;
  }
});

/** Without what differs from one request to the next, and without printed structures of the server's language. */
function comparable(refusal: Refusal | undefined): unknown {
  const text = JSON.stringify({
    ...refusal,
    message: undefined,
    details: {
      ...refusal?.details,
      causes: refusal?.details?.causes?.map((cause) => ({
        ...cause,
        message: cause.message
          .split('\n', 1)[0]
          ?.replace(/^(Invalid value: )\{.*\}(: (field is immutable|`selector` .*))$/, '$1$2'),
      })),
    },
  });
  return JSON.parse(
    text
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uid>')
      .replaceAll(/Bad_Name-[a-z0-9]{5}/g, 'Bad_Name-<suffix>'),
  );
}
