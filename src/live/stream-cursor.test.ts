import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../kernel/request-error.ts';
import { encodeStreamCursor, parseStreamCursor } from './stream-cursor.ts';

const cursor = fc.record({
  topic: fc.string(),
  epoch: fc.string(),
  scope: fc.string(),
  positions: fc
    .uniqueArray(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string()), {
      selector: ([source]) => source,
      maxLength: 30,
    })
    .map((entries) => new Map(entries)),
});

describe('parseStreamCursor', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(cursor, (written) => {
        expect(parseStreamCursor(encodeStreamCursor(written), written.topic)).toEqual(written);
      }),
    );
  });

  it('writes nothing but base64url, and little of it', () => {
    const text = encodeStreamCursor({
      topic: 'podChanges',
      epoch: 'q1w2e3r4',
      scope: 'a1b2c3d4e5f',
      positions: new Map([['embedded core/Pod', '123456']]),
    });
    expect(text).toMatch(/^[A-Za-z0-9_-]{1,110}$/);
  });

  it('refuses whatever else it is given, and never fails otherwise (refused)', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json().map(toBase64)), (text) => {
        expect(() => parseStreamCursor(text, 'podChanges')).toThrow(RequestError);
      }),
    );
  });

  it('refuses a cursor of which a character was changed, or says something else (refused)', () => {
    fc.assert(
      fc.property(cursor, fc.nat(), fc.constantFrom('A', 'z', '9', '_'), (written, place, letter) => {
        const text = encodeStreamCursor(written);
        const index = place % text.length;
        const changed = text.slice(0, index) + letter + text.slice(index + 1);
        fc.pre(changed !== text);
        try {
          expect(parseStreamCursor(changed, written.topic)).not.toEqual(written);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_USER_INPUT' });
        }
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['no base64url', 'a+b/'],
    ['no JSON', toBase64('{')],
    ['no list', toBase64('{"0":1}')],
    ['another version', toBase64('[2,"t","e","s"]')],
    ['a number for a topic', toBase64('[1,1,"e","s"]')],
    ['too few parts', toBase64('[1,"t","e"]')],
    ['a source without a position', toBase64('[1,"t","e","s","one"]')],
    ['a position that is none', toBase64('[1,"t","e","s","one",1]')],
    ['a source twice', toBase64('[1,"t","e","s","one","1","one","2"]')],
    ['blanks between', toBase64('[1, "t","e","s"]')],
    ['padding', `${toBase64('[1,"t","e","s"]')}=`],
    ['more than anybody was given', toBase64(`[1,"t","e","s","${'x'.repeat(40_000)}","1"]`)],
  ])('refuses %s (refused)', (_name, text) => {
    expect(() => parseStreamCursor(text, 't')).toThrow('The cursor is not one that a stream of this gateway sent.');
  });

  it('refuses the cursor of another stream (refused)', () => {
    const text = encodeStreamCursor({ topic: 'a', epoch: 'e', scope: 's', positions: new Map() });
    expect(() => parseStreamCursor(text, 'b')).toThrow('The cursor belongs to another stream.');
  });
});

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64url');
}
