import { describe, expect, it } from 'vitest';
import { kindRef } from '../kind-ref.ts';
import { podKind } from '../testing/test-cluster.ts';
import { mergeDeclared } from './merge-declared.ts';

const node = () => ['n'];

describe('mergeDeclared', () => {
  it('gives a kind the indexes of all who declare it', () => {
    const merged = mergeDeclared([
      { kind: podKind },
      { kind: podKind, indexes: { node } },
      { kind: podKind, indexes: { node } },
    ]);
    expect(merged).toEqual([{ kind: podKind, indexes: { node } }]);
  });

  it.each([
    {
      name: 'two versions of a kind (refused)',
      declared: [{ kind: podKind }, { kind: kindRef({ ...podKind, version: 'v2' }) }],
      message: 'Kind core/Pod is declared as v1 and as v2; the plugins must agree on one.',
    },
    {
      name: 'two meanings of an index (refused)',
      declared: [
        { kind: podKind, indexes: { node } },
        { kind: podKind, indexes: { node: () => [] } },
      ],
      message: "Index 'node' of core/Pod is declared twice with different functions; choose another name.",
    },
    {
      name: 'a built-in index (refused)',
      declared: [{ kind: podKind, indexes: { owner: node } }],
      message: "Index 'owner' of core/Pod is built in; choose another name.",
    },
  ])('$name', ({ declared, message }) => {
    expect(() => mergeDeclared(declared)).toThrow(message);
  });
});
