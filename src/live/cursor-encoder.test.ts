import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCursorEncoder } from './cursor-encoder.ts';
import { encodeStreamCursor } from './stream-cursor.ts';

describe('createCursorEncoder', () => {
  it('says what the plain encoding says, whoever asked before', () => {
    const source = fc.record({
      name: fc.constantFrom('one pods', 'two pods'),
      position: fc.option(fc.constantFrom('1', '2', '1~2'), { nil: undefined }),
    });
    const question = fc.record({
      topic: fc.constantFrom('podChanges', 'nodeChanges'),
      scope: fc.constantFrom('a', 'b'),
      sources: fc.uniqueArray(source, { maxLength: 3, selector: ({ name }) => name }),
    });
    // A scope knows its sources: under one name there is never another set of them.
    const scopeOf = (scope: string, sources: readonly { name: string }[]) =>
      `${scope} ${sources
        .map(({ name }) => name)
        .sort()
        .join()}`;
    fc.assert(
      fc.property(fc.array(question), (questions) => {
        const encoder = createCursorEncoder();
        for (const { topic, scope: asked, sources } of questions) {
          const scope = scopeOf(asked, sources);
          const positions = new Map(
            sources.flatMap(({ name, position }) => (position === undefined ? [] : [[name, position] as const])),
          );
          const plain = encodeStreamCursor({ topic, epoch: 'epoch', scope, positions });
          expect(encoder.at({ topic, epoch: 'epoch', scope }).encode(sources)).toBe(plain);
        }
      }),
    );
  });
});
