import { describe, expect, it } from 'vitest';
import { resolvePlainScalar } from './resolve-plain-scalar.ts';

describe('resolvePlainScalar', () => {
  it.each([
    ['no', false],
    ['NO', false],
    ['nO', 'nO'],
    ['y', true],
    ['on', true],
    ['Off', false],
    ['true', true],
    ['tRue', 'tRue'],
    ['', null],
    ['~', null],
    ['Null', null],
    ['nil', 'nil'],
    ['0', 0n],
    ['-0', 0n],
    ['+5', 5n],
    ['0755', 493n],
    ['0o755', 493n],
    ['-010', -8n],
    ['0xFF', 255n],
    ['0b101', 5n],
    ['1_000', 1000n],
    ['9223372036854775808', 9223372036854775808n],
    ['08', 8],
    ['1.5', 1.5],
    ['1.', 1],
    ['.5', 0.5],
    ['1e3', 1000],
    ['-1.5e-3', -0.0015],
    ['1e400', '1e400'],
    ['.', '.'],
    ['-', '-'],
    ['...', '...'],
    ['22:22', '22:22'],
    ['12:30:45', '12:30:45'],
    ['2026-01-31', '2026-01-31'],
    ['2026-01-31T00:00:00Z', '2026-01-31T00:00:00Z'],
    ['1.2.3', '1.2.3'],
    ['10.0.0.1', '10.0.0.1'],
    ['100m', '100m'],
    ['10Gi', '10Gi'],
    ['1e', '1e'],
    ['0x', '0x'],
    ['0b2', '0b2'],
    ['_1', '_1'],
    ['<<', '<<'],
    ['=', '='],
  ])('reads %j as kubectl does', (text, value) => {
    expect(resolvePlainScalar(text)).toBe(value);
  });

  it('reads .inf and .nan as numbers that JSON does not have', () => {
    expect(resolvePlainScalar('-.inf')).toBe(Number.NEGATIVE_INFINITY);
    expect(resolvePlainScalar('.NaN')).toBeNaN();
  });
});
