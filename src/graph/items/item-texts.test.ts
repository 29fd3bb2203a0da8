import { getOperationAST, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createItemTexts, type ItemText } from './item-texts.ts';

function operationNamed(name: string): OperationDefinitionNode {
  const operation = getOperationAST(parse(`query ${name} { a }`));
  if (!operation) throw new Error('no operation');
  return operation;
}

const text = (length: number): ItemText => ({ bytes: new Uint8Array(length), sources: [] });

describe('the texts of rows', () => {
  it('are found by operation, key and row', () => {
    const texts = createItemTexts(1_000);
    const [one, other] = [operationNamed('One'), operationNamed('Other')];
    const row = {};
    const kept = text(10);
    texts.of(one, 'k').keep(row, kept);
    expect(texts.of(one, 'k').get(row)).toBe(kept);
    expect(texts.of(one, 'k').get({})).toBeUndefined();
    expect(texts.of(one, 'l').get(row)).toBeUndefined();
    expect(texts.of(other, 'k').get(row)).toBeUndefined();
  });

  it('never take more than their room for long: what was not used for longest goes', () => {
    const texts = createItemTexts(3_000);
    const operation = operationNamed('One');
    const rows = Array.from({ length: 10 }, () => ({}));
    for (const [index, row] of rows.entries()) {
      const set = texts.of(operation, String(index));
      set.keep(row, text(700));
      set.answered(700);
      expect(texts.bytes).toBeLessThanOrEqual(3_000);
    }
    // Newest first: asking for one that went makes room for it anew.
    const kept = (index: number) => texts.of(operation, String(index)).get(rows[index] ?? {}) !== undefined;
    expect([9, 8, 7, 6].map(kept)).toEqual([true, true, true, false]);
  });

  it('count keys too, under which there may be no text at all', () => {
    const texts = createItemTexts(10_000);
    const operation = operationNamed('One');
    const first = texts.of(operation, 'first');
    for (let index = 0; index < 1_000; index += 1) {
      texts.of(operation, `${index}`);
      expect(texts.bytes).toBeLessThanOrEqual(10_000);
    }
    expect(texts.of(operation, 'first')).not.toBe(first);
    texts.of(operation, 'x'.repeat(20_000));
    expect(texts.bytes).toBeLessThanOrEqual(10_000);
  });

  it('begin anew where most of them can only be of rows that are gone', () => {
    const texts = createItemTexts(1_000_000);
    const operation = operationNamed('One');
    const last = {};
    for (let round = 0; round < 100; round += 1) {
      const set = texts.of(operation, 'k');
      set.keep(round === 99 ? last : {}, text(1_000));
      set.answered(1_000);
    }
    expect(texts.bytes).toBeLessThan(70_000);
    expect(texts.of(operation, 'k').get(last)).toBeDefined();
  });
});
