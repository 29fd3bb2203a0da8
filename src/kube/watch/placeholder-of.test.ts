import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeholderOf } from './placeholder-of.ts';

const metadata = {
  annotations: { note: 'a "quoted" } brace', deep: '{"a":[1,2,{"b":"\\\\"}]}' },
  managedFields: [{ manager: 'somebody', fieldsV1: { 'f:metadata': {} } }],
  name: 'big',
  namespace: 'shop',
  uid: 'u1',
  resourceVersion: '17',
  labels: { app: 'web' },
};
const frame = (object: object, type = 'MODIFIED') => JSON.stringify({ type, object });
const filler = 'x'.repeat(100_000);

describe('placeholderOf', () => {
  it.each([
    ['in the order of built-in kinds', { kind: 'Pod', apiVersion: 'v1', metadata, spec: { filler } }],
    [
      'behind other members',
      {
        apiVersion: 'v1',
        immutable: true,
        count: -1.5e3,
        none: null,
        list: [[], {}],
        kind: 'Big',
        metadata,
        spec: filler,
      },
    ],
  ])('says who the object is, %s', (_name, object) => {
    expect(placeholderOf(frame(object).slice(0, 90_000))).toEqual({
      type: 'MODIFIED',
      object: {
        metadata: { name: 'big', namespace: 'shop', uid: 'u1', resourceVersion: '17', labels: { app: 'web' } },
      },
    });
  });

  it.each([
    ['where what is large comes first', frame({ apiVersion: 'v1', data: { filler }, kind: 'Big', metadata })],
    ['where the metadata itself are large', frame({ metadata: { ...metadata, annotations: { filler } } })],
    ['where the object has no name', frame({ metadata: { uid: 'u1', resourceVersion: '1' } })],
    ['of what is no frame', `[${filler}`],
    ['of nothing', ''],
  ])('says nothing %s (refused)', (_name, text) => {
    expect(placeholderOf(text)).toBeUndefined();
  });

  it('finds what JSON.parse finds, wherever the metadata stand', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (before, name) => {
        const { metadata: _none, ...others } = before;
        const object = { ...others, metadata: { ...others, name, resourceVersion: '1' }, tail: filler };
        const parsed = JSON.parse(frame(object)).object.metadata;
        const found = placeholderOf(frame(object))?.object.metadata;
        expect(found).toMatchObject({ name: parsed.name, resourceVersion: '1' });
      }),
    );
  });
});
