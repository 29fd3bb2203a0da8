import { describe, expect, it } from 'vitest';
import { originOf, takeIn } from './intake.ts';
import { isKind } from './is-kind.ts';
import { keyOf } from './key-of.ts';
import { kindRef } from './kind-ref.ts';
import { origin } from './kube-object.ts';

const secretKind = kindRef({ group: '', version: 'v1', kind: 'Secret', plural: 'secrets', isNamespaced: true });
const canary = 'canary-5f1d';

describe('takeIn', () => {
  it('seals the values of a Secret wherever they stand, and keeps keys and lengths', () => {
    const secret = takeIn(
      {
        metadata: {
          name: 'db',
          namespace: 'shop',
          managedFields: [{ manager: 'kubectl' }],
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":"${canary}"}`, kept: 'yes' },
        },
        data: { password: Buffer.from(canary).toString('base64'), odd: 7 },
        stringData: { token: canary },
      },
      originOf('c', secretKind),
    );
    const seen = JSON.stringify(secret);
    expect(seen).not.toContain(canary);
    expect(seen).not.toContain(Buffer.from(canary).toString('base64'));
    expect(secret).toMatchObject({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { annotations: { kept: 'yes' } },
      data: { password: { bytes: canary.length }, token: { bytes: canary.length }, odd: { bytes: 0 } },
    });
    expect(seen).not.toContain('managedFields');
  });

  it('leaves data of other kinds, also of one called Secret in another group', () => {
    const other = kindRef({
      group: 'example.com',
      version: 'v1',
      kind: 'Secret',
      plural: 'secrets',
      isNamespaced: true,
    });
    expect(takeIn({ metadata: { name: 'x' }, data: { a: 'b' } }, originOf('c', other))).toMatchObject({
      data: { a: 'b' },
    });
  });

  it('sets the origin once, out of sight of JSON and of copies by name', () => {
    const object = takeIn({ metadata: { name: 'db', namespace: 'shop' } }, originOf('c', secretKind));
    expect(object[origin]).toEqual({
      cluster: 'c',
      group: '',
      version: 'v1',
      kind: 'Secret',
      plural: 'secrets',
      isNamespaced: true,
    });
    expect(isKind(object, secretKind)).toBe(true);
    expect(keyOf(object)).toBe('shop/db');
  });

  it.each([[null], [[]], [{}], [{ metadata: {} }], ['text']])('%j (refused)', (parsed) => {
    expect(() => takeIn(parsed, originOf('c', secretKind))).toThrow('has no metadata.name');
  });
});
