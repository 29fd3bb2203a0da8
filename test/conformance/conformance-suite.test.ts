import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ListedCase, listCases } from './support/case-list.ts';

/** This file, which lists the others' cases and is no area itself. */
const ownName = 'conformance-suite.test.ts';

describe('the conformance suite', async () => {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.test.ts') && file !== ownName);
  const cases: ListedCase[] = [];
  for (const file of files) {
    const found = await listCases(() => import(/* @vite-ignore */ join(import.meta.dirname, file)));
    it(`finds the cases of ${file}`, () => expect(found.length).toBeGreaterThan(0));
    cases.push(...found);
  }

  it('has a title of its own for each case', () => {
    const titles = cases.map(({ title }) => title);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });

  it('has at least 150 cases', () => expect(cases.length).toBeGreaterThanOrEqual(150));

  it('says of each case where its behaviour is written down', () => {
    expect(cases.filter(({ source }) => source.trim().length < 8).map(({ title }) => title)).toEqual([]);
  });
});
