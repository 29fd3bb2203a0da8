import type { Finding } from '../../kernel/finding.ts';

const marks: Readonly<Record<Finding['state'], string>> = { OK: 'ok', WARNING: 'warning', FAILURE: 'FAILURE' };

/** A line for each finding, worst first within its area, with the cure below. */
export function renderFindings(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ area, subject, state, message, cure }) => [
    `${marks[state].padEnd(8)} ${area.toLowerCase()} ${subject}: ${message}`,
    ...(cure === undefined ? [] : [`         → ${cure}`]),
  ]);
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
  return `${[...lines, '', `${count('FAILURE')} failures, ${count('WARNING')} warnings.`].join('\n')}\n`;
}
