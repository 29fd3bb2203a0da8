import type { KindRef, MaybePromise, ObjectSchema, ValidationIssue } from 'longshore/sdk';
import { type PlannedDocument, type PlanRequest, planApply } from './plan-apply.ts';
import { type ManifestDocument, type Manifests, maxIssues, readManifests } from './read-manifests.ts';
import type { Path } from './to-plain-value.ts';

/** Who has judged the fields of a document: the cluster's schema, or nobody yet. */
export interface ExaminedDocument {
  readonly document: ManifestDocument;
  /** Undefined where the document cannot be sent at all. */
  readonly plan: PlannedDocument | undefined;
  readonly hasSchema: boolean;
}

export interface Examination {
  readonly documents: readonly ExaminedDocument[];
  /** What is wrong for certain, each with its line; `path` begins with `manifest` and the index of the document. */
  readonly issues: readonly ValidationIssue[];
  /** What would be wrong with a whole new object; what is applied may be a part of one, and the cluster judges. */
  readonly doubts: readonly ValidationIssue[];
  /** What was rewritten and stands against nothing. */
  readonly warnings: readonly ValidationIssue[];
}

export interface ExamineRequest extends Omit<PlanRequest, 'documents'> {
  readonly text: string;
  /** What the cluster says of a kind; undefined where it says nothing. */
  readonly schemaOf: (
    kind: KindRef,
    options?: { readonly isFresh?: boolean },
  ) => MaybePromise<ObjectSchema | undefined>;
}

/**
 * Everything that can be said of a manifest without writing anything: the text, what it names, and each document by the
 * cluster's own schema (CORE-27). Never only the first mistake; in the order of their lines.
 */
export async function examineManifest({ text, ...request }: ExamineRequest): Promise<Examination> {
  return examineDocuments(await readManifests(text), request);
}

/** The same of documents that are read already. */
export async function examineDocuments(read: Manifests, request: Omit<ExamineRequest, 'text'>): Promise<Examination> {
  const sound = read.documents.filter(({ index }) => !read.issues.some(({ path }) => path[1] === index));
  const { planned, issues } = await planApply({ ...request, documents: sound });
  const found = [...read.issues, ...issues];
  const doubts: ValidationIssue[] = [];
  const documents = await Promise.all(
    read.documents.map(async (document): Promise<ExaminedDocument> => {
      const plan = planned.find((each) => each.document.index === document.index);
      const kind = plan?.kind ?? (await kindOf(document, request));
      const hasSchema =
        kind !== undefined && (await checkBySchema(plan?.document ?? document, kind, request, found, doubts));
      return { document, plan, hasSchema };
    }),
  );
  const warnings = inOrder(planned.flatMap(({ conversions }) => conversions));
  return { documents, issues: inOrder(found), doubts: inOrder(doubts, found), warnings };
}

/** In the order of their lines, nothing twice, nothing about a place that is `told`, and not more than anybody reads. */
export function inOrder(
  issues: readonly ValidationIssue[],
  told: readonly ValidationIssue[] = [],
): readonly ValidationIssue[] {
  const toldPlaces = new Set(told.map(({ path }) => JSON.stringify(path)));
  const seen = new Set<string>();
  return issues
    .filter(({ path, code }) => {
      const place = JSON.stringify(path);
      const key = `${place} ${code}`;
      if (toldPlaces.has(place) || seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
    .slice(0, maxIssues);
}

/** What a document calls itself, also where something else is wrong with it. */
async function kindOf(
  { object }: ManifestDocument,
  request: Pick<ExamineRequest, 'findKind'>,
): Promise<KindRef | undefined> {
  const { apiVersion, kind } = (object ?? {}) as { readonly apiVersion?: unknown; readonly kind?: unknown };
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  return request.findKind(apiVersion, kind);
}

async function checkBySchema(
  document: ManifestDocument,
  kind: KindRef,
  { schemaOf }: Pick<ExamineRequest, 'schemaOf'>,
  issues: ValidationIssue[],
  doubts: ValidationIssue[],
): Promise<boolean> {
  let problems = (await schemaOf(kind))?.problemsOf(document.object, maxIssues);
  // A field may have been added a moment ago: nothing is refused by what was known before.
  if (problems?.some(({ isCertain }) => isCertain))
    problems = (await schemaOf(kind, { isFresh: true }))?.problemsOf(document.object, maxIssues);
  if (problems === undefined) return false;
  const known = new Set(issues.map(({ path }) => JSON.stringify(path)));
  for (const { path, code, message, isCertain } of problems) {
    const place: Path = ['manifest', document.index, ...path];
    if (known.has(JSON.stringify(place))) continue;
    (isCertain ? issues : doubts).push({ path: place, code, message, ...document.locate(path, placeOf(code)) });
  }
  return true;
}

/** A name that is wrong stands where the name is, a value where the value is. */
const placeOf = (code: string): 'key' | 'value' => (code === 'unknown_field' ? 'key' : 'value');
