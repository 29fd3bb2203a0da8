import { origin } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { maskSecret } from './mask-secret.ts';

const from = (group: string, kind: string) => ({
  [origin]: { cluster: 'one', group, version: 'v1', kind, plural: '', isNamespaced: true },
});

describe('maskSecret', () => {
  it('masks every value of a Secret, also where it was not sealed', () => {
    const secret = {
      ...from('', 'Secret'),
      type: 'Opaque',
      data: { password: { bytes: 3 }, raw: 'c2VjcmV0' },
      stringData: { token: 'plain' },
    };
    const shown = maskSecret(secret as never);
    expect(shown).toMatchObject({
      type: 'Opaque',
      data: { password: '********', raw: '********' },
      stringData: { token: '********' },
    });
    expect(JSON.stringify(shown)).not.toMatch(/c2VjcmV0|plain/);
  });

  it('shows a mask that no cluster takes for base64', () => {
    const { data } = maskSecret({ ...from('', 'Secret'), data: { a: { bytes: 1 } } } as never) as {
      data: { a: string };
    };
    expect(data.a).not.toMatch(/^[A-Za-z0-9+/]*={0,2}$/);
  });

  it.each([from('', 'ConfigMap'), from('example.com', 'Secret')])('leaves other kinds as they are', (kind) => {
    const object = { ...kind, data: { a: 'b' } } as never;
    expect(maskSecret(object)).toBe(object);
  });
});
