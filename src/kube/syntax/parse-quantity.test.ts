import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuantity } from './parse-quantity.ts';

describe('parseQuantity', () => {
  it.each([
    ['0', '0'],
    ['0Gi', '0'],
    ['-0.0', '0'],
    ['1', '1'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['5.', '5'],
    ['1000', '1k'],
    ['1500', '1500'],
    ['1000m', '1'],
    ['100m', '100m'],
    ['0.0001', '100u'],
    ['1.5Gi', '1536Mi'],
    ['1024', '1024'],
    ['1024Ki', '1Mi'],
    ['1Ki', '1Ki'],
    ['0.5Ki', '512'],
    ['1.0001Ki', '1024102400u'],
    ['1e3', '1e3'],
    ['12e2', '1200'],
    ['1E6', '1e6'],
    ['1E', '1E'],
    ['100Ei', '9223372036854775807'],
    ['9223372036854775808', '9223372036854775807'],
    ['1n', '1n'],
    ['0.1n', '1n'],
    ['-1500m', '-1500m'],
    ['+2', '2'],
  ])('%s is %s', (text, canonical) => {
    expect(parseQuantity(text)?.canonical).toBe(canonical);
  });

  it.each([
    ['500m', 0.5, 1, 500],
    ['2', 2, 2, 2000],
    ['128Mi', 134_217_728, 134_217_728, 134_217_728_000],
    ['1500m', 1.5, 2, 1500],
    ['1n', 1e-9, 1, 1],
    ['-1500m', -1.5, -1, -1500],
  ])('%s is %d, %d units, %d milliunits', (text, value, units, milliunits) => {
    expect(parseQuantity(text)).toMatchObject({ value, units, milliunits });
  });

  it.each([
    '',
    ' 1',
    '1 ',
    'Gi',
    '1gi',
    '1K',
    '1.2.3',
    '1e',
    '1e+',
    '--1',
    '1,5',
    'NaN',
    '1_000',
    '.',
  ])('%j is none (refused)', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  const suffix = fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'Ti', 'e3', 'E-2');

  it('keeps the amount when its canonical form is parsed again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.integer({ min: 0, max: 999 }),
        suffix,
        (whole, fraction, unit) => {
          const quantity = parseQuantity(`${whole}.${fraction}${unit}`);
          const again = parseQuantity(quantity?.canonical ?? '');
          expect(again).toEqual({ ...quantity, canonical: again?.canonical });
          expect(parseQuantity(again?.canonical ?? '')?.canonical).toBe(again?.canonical);
        },
      ),
    );
  });
});
