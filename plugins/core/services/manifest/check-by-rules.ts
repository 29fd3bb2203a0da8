import { type ManifestCheck, type Profile, subjectOf, type ValidationIssue } from 'longshore/sdk';
import type { PlannedDocument } from './plan-apply.ts';

/** What the rules of all plugins have against a document, each with its line. */
export function checkByRules(
  plan: PlannedDocument,
  road: 'APPLY' | 'EDIT',
  profile: Profile,
  checks: readonly ManifestCheck[],
): readonly ValidationIssue[] {
  const { document, kind, namespace, name, existing } = plan;
  const subject = subjectOf(kind);
  const written = {
    kind,
    namespace,
    name,
    existing,
    road,
    profile,
    object: plan.object as Readonly<Record<string, unknown>>,
  };
  return checks
    .filter(({ subjects }) => subjects.includes(subject))
    .flatMap(({ check }) => check(written))
    .map(({ path, code, message }) => ({
      path: ['manifest', document.index, ...path],
      code,
      message,
      ...document.locate(path),
    }));
}
