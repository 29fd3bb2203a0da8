import type { RequirementReport } from './join-tests.ts';

/** The page that tells of each rule whether a test shows it. */
export function renderPage(reports: readonly RequirementReport[]): string {
  const done = reports.filter(({ state }) => state === 'done');
  const lines = [
    '# Requirements and their tests',
    '',
    'Written by `npm run report:requirements`: a rule is done where tests that name it pass.',
    '',
    `${done.length} of ${reports.length} are done, ${done.filter((each) => each.isRefusalTested).length} of them with what they refuse.`,
    '',
    '| rule | what it says | profiles | state | tests |',
    '| --- | --- | --- | --- | --- |',
    ...reports.map(({ id, statement, profiles = [], state, isRefusalTested, tests }) => {
      const told = state === 'done' && isRefusalTested ? 'done, refusals too' : state;
      return `| ${[id, cell(statement), profiles.join(', '), told, String(tests.length)].join(' | ')} |`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
