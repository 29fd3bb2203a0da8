import {
  type ManifestCheck,
  type Profile,
  type RequestContext,
  subjectOf,
  type ValidationIssue,
  type WrittenObject,
} from 'longshore/sdk';
import type { PlannedDocument } from './plan-apply.ts';

type Road = WrittenObject['road'];

/** What the rules of all plugins have against a document, each with its line. */
export function checkByRules(
  plan: PlannedDocument,
  road: Road,
  profile: Profile,
  checks: readonly ManifestCheck[],
): readonly ValidationIssue[] {
  const { document } = plan;
  const written = writtenBy(plan, road, profile);
  return rulesFor(plan, checks)
    .flatMap(({ check }) => check(written))
    .map(({ path, code, message }) => ({
      path: ['manifest', document.index, ...path],
      code,
      message,
      ...document.locate(path),
    }));
}

/** What the rules of all plugins have to tell of a document that nothing stands against. */
export async function tellByRules(
  plan: PlannedDocument,
  road: Road,
  profile: Profile,
  context: RequestContext,
): Promise<readonly string[]> {
  const written = writtenBy(plan, road, profile);
  const rules = rulesFor(plan, context.services.registry.manifestChecks);
  return (await Promise.all(rules.map(({ tell }) => tell?.(written, context) ?? []))).flat();
}

function rulesFor({ kind }: PlannedDocument, checks: readonly ManifestCheck[]): readonly ManifestCheck[] {
  const subject = subjectOf(kind);
  return checks.filter(({ subjects }) => subjects.includes(subject));
}

function writtenBy(plan: PlannedDocument, road: Road, profile: Profile): WrittenObject {
  const { kind, namespace, name, existing } = plan;
  return { kind, namespace, name, existing, road, profile, object: plan.object as Readonly<Record<string, unknown>> };
}
