import {
  AnswerError,
  dryRunTicket,
  type LongshoreBuilder,
  type RequestContext,
  registerQuery,
  typeRef,
  ValidationError,
  type ValidationIssue,
  validationIssueRef,
} from 'longshore/sdk';
import { checkByRules } from '../services/manifest/check-by-rules.ts';
import { examine } from '../services/manifest/examine.ts';
import { nameDocumentError } from '../services/manifest/name-document-error.ts';
import type { PlannedDocument } from '../services/manifest/plan-apply.ts';
import { maxManifestDocuments } from '../services/manifest/read-manifests.ts';
import {
  type CheckedDocument,
  type ManifestValidation,
  validateManifest,
} from '../services/manifest/validate-manifest.ts';

/** What an editor asks while somebody types (CORE-27): nothing is written, and no right on the objects is needed. */
export function registerValidateManifest(builder: LongshoreBuilder): void {
  const validation = registerManifestValidation(builder);
  registerQuery(builder, {
    name: 'validateManifest',
    description:
      "Checks YAML or JSON against the cluster's own schemas (OpenAPI 3, custom resources included) and tells all that is wrong, each with line and column. Reads nothing but the cluster's schemas: what it answers is true of a whole new object.",
    allow: { action: 'READ', subject: 'core/Cluster' },
    type: validation,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: 'Name of the cluster.' }),
      manifest: t.string({
        required: true,
        description: `YAML or JSON, up to 1 MiB and ${maxManifestDocuments} documents, read as kubectl reads it.`,
      }),
      namespace: t.string({ description: 'Namespace of documents that say none.' }),
    }),
    resolve: async (args, context) => {
      if (context.clusters.get(args.cluster) === undefined) return null;
      const examination = await examine(args, context);
      const plans = examination.documents.flatMap(({ plan }) => plan ?? []);
      const rules = (plan: PlannedDocument) => checkByRules(plan, 'APPLY', args.cluster, context, plans);
      const validation = await validateManifest(examination, rules, (plan) => tryOut(plan, args.cluster, context));
      return { ...validation, cluster: args.cluster };
    },
  });
}

/**
 * What the cluster's own dry run says, with strict field validation; undefined where this caller may not ask it, and
 * where it answers something else than what is wrong with the document.
 */
async function tryOut(
  plan: PlannedDocument,
  clusterName: string,
  context: RequestContext,
): Promise<readonly ValidationIssue[] | undefined> {
  const cluster = context.cluster(clusterName);
  if (!context.access.allowed('APPLY', plan.instance)) return undefined;
  try {
    await cluster.writer(context.principal).apply(dryRunTicket, plan.kind, plan.object, { force: true });
    return [];
  } catch (error) {
    const named = nameDocumentError(error, plan);
    if (named instanceof ValidationError) return named.issues;
    if (named instanceof AnswerError) return undefined;
    throw named;
  }
}

function registerManifestValidation(builder: LongshoreBuilder) {
  const checkedBy = builder.enumType('ManifestCheckedBy', {
    description: 'Who has judged the fields of a document.',
    values: {
      SCHEMA: { description: "The cluster's own OpenAPI 3." },
      DRY_RUN: { description: "The cluster's dry run: it tells no schema of this kind." },
      NOBODY: { description: 'Neither tells anything to this caller: only the text and its names were checked.' },
    } as const,
  });
  const document = typeRef<CheckedDocument>('CheckedDocument');
  builder.objectType(document, {
    description: 'One document of a manifest that was checked.',
    fields: (t) => ({
      index: t.exposeInt('index', { description: 'Its place in the manifest, from 0.' }),
      line: t.exposeInt('line', { description: 'The line it begins in, from 1.' }),
      apiVersion: t.string({
        nullable: true,
        description: 'Group and version as the text says them.',
        resolve: (row) => row.apiVersion ?? null,
      }),
      kind: t.string({ nullable: true, description: 'Kind as the text says it.', resolve: (row) => row.kind ?? null }),
      namespace: t.string({
        nullable: true,
        description: 'The namespace it would lie in.',
        resolve: (row) => row.namespace ?? null,
      }),
      name: t.string({ nullable: true, description: 'Name as the text says it.', resolve: (row) => row.name ?? null }),
      checkedBy: t.field({
        type: checkedBy,
        description: 'Who has judged its fields.',
        resolve: (row) => row.checkedBy,
      }),
    }),
  });
  const validation = typeRef<ManifestValidation & { readonly cluster: string }>('ManifestValidation');
  builder.objectType(validation, {
    description: 'What is known about a manifest before anything is sent.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: 'Name of the cluster whose schemas it was checked by.' }),
      isValid: t.boolean({
        description: 'Whether nothing is wrong.',
        resolve: ({ issues }) => issues.length === 0,
      }),
      documents: t.field({
        type: [document],
        description: 'The documents in their order.',
        resolve: (row) => [...row.documents],
      }),
      issues: t.field({
        type: [validationIssueRef],
        description:
          'All that is wrong, up to 100, in the order of their lines; `path` is `manifest`, the index, the field.',
        resolve: (row) => [...row.issues],
      }),
      warnings: t.field({
        type: [validationIssueRef],
        description:
          'What would be rewritten before it is applied: groups and versions that Kubernetes has retired, each with its line.',
        resolve: (row) => [...row.warnings],
      }),
    }),
  });
  return validation;
}
