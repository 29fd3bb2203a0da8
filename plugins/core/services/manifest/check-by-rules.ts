import {
  type ManifestCheck,
  type RequestContext,
  subjectOf,
  type ValidationIssue,
  type WrittenObject,
} from 'longshore/sdk';
import type { PlannedDocument } from './plan-apply.ts';

type Road = WrittenObject['road'];

/** What the rules of all plugins have against a document for a cluster, each with its line; `plans` are all documents of the text. */
export async function checkByRules(
  plan: PlannedDocument,
  road: Road,
  cluster: string,
  context: RequestContext,
  plans: readonly PlannedDocument[] = [],
): Promise<readonly ValidationIssue[]> {
  const { document } = plan;
  const written = writtenBy(plan, road, cluster, context, plans);
  const misfits = await Promise.all(rulesFor(plan, context).map(({ check }) => check(written, context)));
  return misfits.flat().map(({ path, code, message }) => ({
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
  cluster: string,
  context: RequestContext,
  plans: readonly PlannedDocument[] = [],
): Promise<readonly string[]> {
  const written = writtenBy(plan, road, cluster, context, plans);
  return (await Promise.all(rulesFor(plan, context).map(({ tell }) => tell?.(written, context) ?? []))).flat();
}

function rulesFor({ kind }: PlannedDocument, { services }: RequestContext): readonly ManifestCheck[] {
  const subject = subjectOf(kind);
  return services.registry.manifestChecks.filter(({ subjects }) => subjects.includes(subject));
}

function writtenBy(
  plan: PlannedDocument,
  road: Road,
  cluster: string,
  { services }: RequestContext,
  plans: readonly PlannedDocument[],
): WrittenObject {
  const { kind, namespace, name, existing } = plan;
  const profile = services.profiles.at({ cluster, namespace });
  const object = plan.object as Readonly<Record<string, unknown>>;
  const beside = plans
    .filter((other) => other !== plan)
    .map((other) => ({ ...other, object: other.object as WrittenObject['object'] }));
  return { cluster, kind, namespace, name, existing, road, profile, object, beside };
}
