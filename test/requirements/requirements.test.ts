import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { joinTests, type Requirement } from './join-tests.ts';
import { renderPage } from './render-page.ts';
import { selectIds } from './select-ids.ts';

const requirements = JSON.parse(
  readFileSync(new URL('../requirements.json', import.meta.url), 'utf8'),
) as readonly Requirement[];
const ids = ['AAA-01', 'AAA-02', 'BBB-09', 'BBB-10', 'BBB-11', 'CCC-01'];

describe('the list of requirements', () => {
  it('names each rule once, with a statement of one line', () => {
    expect(requirements.length).toBeGreaterThan(343);
    expect(new Set(requirements.map(({ id }) => id)).size).toBe(requirements.length);
    for (const { id, statement } of requirements) {
      expect(id).toMatch(/^[A-Z]{2,4}-\d{2,3}$/);
      expect(statement, id).toMatch(/^.{15,220}\.$/);
    }
  });
});

describe('a selection of rules', () => {
  it.each([
    { selection: 'AAA-*', selected: ['AAA-01', 'AAA-02'] },
    { selection: 'BBB-09..BBB-10', selected: ['BBB-09', 'BBB-10'] },
    { selection: 'CCC-01, AAA-01', selected: ['AAA-01', 'CCC-01'] },
    { selection: 'BBB-1*,BBB-10', selected: ['BBB-10', 'BBB-11'] },
    { selection: '*', selected: ids },
  ])('reads $selection', ({ selection, selected }) => {
    expect(selectIds(selection, ids)).toEqual(selected);
  });

  it.each([
    '',
    'AAA-9',
    'XYZ-*',
    'BBB-10..BBB-09',
    'BBB-08..BBB-10',
    'BBB-09..BBB-10..BBB-11',
    'AAA-01,',
  ])('refuses %j', (selection) => {
    expect(() => selectIds(selection, ids)).toThrow('names no requirement');
  });
});

describe('rules joined with tests', () => {
  const rules = ids.map((id) => ({ id, statement: `What ${id} | says.` }));
  const outcomes = [
    { fullName: 'a workspace has an identifier (AAA-01)', status: 'passed' },
    { fullName: 'a workspace refuses a third zone (AAA-02, AAA-01)', status: 'passed' },
    { fullName: 'BBB-09 something', status: 'passed' },
    { fullName: 'BBB-09 something else', status: 'failed' },
    { fullName: 'what is skipped (BBB-10)', status: 'skipped' },
    { fullName: 'what is nearly named so (BBB-111)', status: 'passed' },
  ];

  it('are done by tests that pass, failing with one that fails, and missing without', () => {
    const joined = joinTests(rules, outcomes);
    expect(joined.map(({ id, state, isRefusalTested, tests }) => [id, state, isRefusalTested, tests.length])).toEqual([
      ['AAA-01', 'done', true, 2],
      ['AAA-02', 'done', true, 1],
      ['BBB-09', 'failing', false, 1],
      ['BBB-10', 'missing', false, 0],
      ['BBB-11', 'missing', false, 0],
      ['CCC-01', 'missing', false, 0],
    ]);
  });

  it('are a page with one row each', () => {
    const page = renderPage(joinTests(rules, outcomes));
    expect(page).toContain('2 of 6 are done, 2 of them with what they refuse.');
    expect(page).toContain('| BBB-09 | What BBB-09 \\| says. |  | failing | 1 |');
  });
});
