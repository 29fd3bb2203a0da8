import type { ValidationIssue } from 'longshore/sdk';
import { type Examination, type ExaminedDocument, inOrder } from './examine-manifest.ts';
import type { PlannedDocument } from './plan-apply.ts';

export interface CheckedDocument {
  readonly index: number;
  /** Where it begins. */
  readonly line: number;
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly checkedBy: 'SCHEMA' | 'DRY_RUN' | 'NOBODY';
}

export interface ManifestValidation {
  readonly documents: readonly CheckedDocument[];
  readonly issues: readonly ValidationIssue[];
  readonly warnings: readonly ValidationIssue[];
}

/**
 * The findings of an examination as an editor shows them. A document of whose kind the cluster tells no schema is tried
 * by `dryRun`, which answers undefined where it may not or cannot.
 */
export async function validateManifest(
  { documents, issues, doubts, warnings }: Examination,
  rules: (plan: PlannedDocument) => Promise<readonly ValidationIssue[]>,
  dryRun: (plan: PlannedDocument) => Promise<readonly ValidationIssue[] | undefined>,
): Promise<ManifestValidation> {
  const misfits = await Promise.all(documents.map(({ plan }) => (plan ? rules(plan) : [])));
  const found = [...issues, ...doubts, ...misfits.flat()];
  const checked = await Promise.all(
    documents.map(async (examined) => {
      if (examined.hasSchema) return toChecked(examined, 'SCHEMA');
      const told = examined.plan && (await dryRun(examined.plan));
      found.push(...(told ?? []));
      return toChecked(examined, told ? 'DRY_RUN' : 'NOBODY');
    }),
  );
  return { documents: checked, issues: inOrder(found), warnings };
}

function toChecked({ document, plan }: ExaminedDocument, checkedBy: CheckedDocument['checkedBy']): CheckedDocument {
  const object = (document.object ?? {}) as { readonly [field: string]: unknown };
  const metadata = (object.metadata ?? {}) as { readonly [field: string]: unknown };
  return {
    index: document.index,
    line: document.locate([]).line,
    apiVersion: textOf(object.apiVersion),
    kind: textOf(object.kind),
    namespace: plan ? plan.namespace : textOf(metadata.namespace),
    name: textOf(metadata.name),
    checkedBy,
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
