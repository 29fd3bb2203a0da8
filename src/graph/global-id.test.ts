import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeGlobalId, type GlobalId, parseGlobalId } from './global-id.ts';

const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const anyId: fc.Arbitrary<GlobalId> = fc.oneof(
  fc.record({
    of: fc.constant('kubernetes' as const),
    cluster: text,
    group: fc.string({ maxLength: 30 }),
    kind: text,
    namespace: fc.option(text, { nil: undefined }),
    name: text,
  }),
  fc.record({ of: fc.constant('row' as const), plugin: text.filter((name) => name !== 'k8s'), type: text, key: text }),
);

describe('parseGlobalId', () => {
  it('reads back whatever encodeGlobalId wrote, separators and percent signs in names included', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        expect(parseGlobalId(encodeGlobalId(id))).toEqual(id);
      }),
    );
  });

  it('tells two things apart that differ only in where a separator stands', () => {
    const a = encodeGlobalId({ of: 'row', plugin: 'a|b', type: 'T', key: 'c' });
    const b = encodeGlobalId({ of: 'row', plugin: 'a', type: 'b|T', key: 'c' });
    expect(a).not.toBe(b);
  });

  it.each([
    { name: 'nothing', id: '' },
    { name: 'not base64url', id: 'k8s|a|b|C|d|e' },
    { name: 'too few parts', id: Buffer.from('k8s|a').toString('base64url') },
    { name: 'an empty name', id: Buffer.from('k8s|a||Pod|ns|').toString('base64url') },
    { name: 'a broken percent escape', id: Buffer.from('core|T|%E0%A4%A').toString('base64url') },
    { name: 'a second spelling of one id', id: Buffer.from('core|T|%61').toString('base64url') },
    { name: 'padding behind a good id', id: `${encodeGlobalId({ of: 'row', plugin: 'p', type: 'T', key: 'k' })}=` },
    { name: 'something huge', id: 'A'.repeat(5_000) },
  ])('knows nothing by $name (refused)', ({ id }) => {
    expect(parseGlobalId(id)).toBeUndefined();
  });

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (id) => parseGlobalId(id) === undefined || id.length > 0));
  });
});
