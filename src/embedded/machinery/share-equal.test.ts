import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareEqual } from './share-equal.ts';

describe('shareEqual', () => {
  it('takes equal parts from the model, at any depth', () => {
    const model = { spec: { containers: [{ name: 'a', ports: [1, 2] }, { name: 'b' }] }, status: { phase: 'Pending' } };
    const shared = shareEqual(
      { spec: { containers: [{ name: 'a', ports: [1, 2] }, { name: 'c' }] }, status: { phase: 'Pending' } },
      model,
    );
    expect(shared.status).toBe(model.status);
    expect(shared.spec).not.toBe(model.spec);
    expect(shared.spec.containers[0]).toBe(model.spec.containers[0]);
    expect(shared.spec.containers[1]).toEqual({ name: 'c' });
  });

  it('gives the model itself where all is equal', () => {
    const model = { a: [{ b: null }] };
    expect(shareEqual({ a: [{ b: null }] }, model)).toBe(model);
  });

  it('does not take what only stands in another order (refused)', () => {
    const shared = shareEqual({ b: 1, a: 2 }, { a: 2, b: 1 });
    expect(JSON.stringify(shared)).toBe('{"b":1,"a":2}');
  });

  it('takes no inherited member for one of the model (refused)', () => {
    const value = JSON.parse('{"toString":{"a":1},"__proto__":{"b":1}}');
    expect(JSON.stringify(shareEqual(value, {}))).toBe('{"toString":{"a":1},"__proto__":{"b":1}}');
  });

  it('never changes what is printed, nor its arguments', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, model) => {
        const before = JSON.stringify([value, model]);
        expect(JSON.stringify(shareEqual(value, model))).toBe(JSON.stringify(value));
        expect(JSON.stringify(shareEqual(value, JSON.parse(JSON.stringify(value))))).toBe(JSON.stringify(value));
        expect(JSON.stringify([value, model])).toBe(before);
      }),
    );
  });
});
