import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainCodec } from './topic-codec.ts';

const throughJournal = (value: unknown) => plainCodec.decode(JSON.parse(JSON.stringify(plainCodec.encode(value))));

describe('plainCodec', () => {
  it('gives back what it was given, dates and odd names included', () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.date({ noInvalidDate: true }),
        fc.array(tie('value')),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$date', '$$date', '$')), tie('value'), {
          noNullPrototype: true,
        }),
      ),
    }));
    fc.assert(
      fc.property(value, (each) => {
        expect(throughJournal(each)).toEqual(each);
      }),
    );
  });

  it('leaves out what is undefined', () => {
    expect(throughJournal({ a: undefined, b: 1 })).toEqual({ b: 1 });
  });

  it.each([
    ['a date that is none', new Date(Number.NaN)],
    ['a number without JSON', 1n],
  ])('refuses %s (refused)', (_name, value) => {
    expect(() => throughJournal({ value })).toThrow();
  });
});
