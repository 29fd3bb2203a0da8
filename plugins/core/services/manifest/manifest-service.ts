import {
  allMaybe,
  type ClusterWriter,
  dryRunTicket,
  type Instance,
  loopSlices,
  type RequestContext,
  type ValidationIssue,
} from 'longshore/sdk';
import type { JudgedObjects, ManifestService, ObjectToMake } from '../../api.ts';
import { applyDocuments } from './apply-documents.ts';
import { checkByRules, tellByRules } from './check-by-rules.ts';
import { lookUps } from './examine.ts';
import { examineDocuments, inOrder } from './examine-manifest.ts';
import type { PlannedDocument } from './plan-apply.ts';
import { type ManifestDocument, readManifests } from './read-manifests.ts';

/** The road of `applyManifest` for what other plugins make. */
export function createManifestService(): ManifestService {
  return {
    async read(text, field) {
      const { documents, issues } = await readManifests(text, loopSlices, () => []);
      return {
        documents: documents.map(({ index, object, locate }) => ({ index, value: object as unknown, locate })),
        issues: issues.map((issue) => ({ ...issue, path: [field, ...issue.path.slice(1)] })),
      };
    },
    async judge({ cluster, namespace, objects }, context) {
      const documents = objects.map(toDocument);
      const request = { ...lookUps(cluster, context), namespace };
      const examined = await examineDocuments({ documents, issues: [] }, request);
      const plans = examined.documents.flatMap(({ plan }) => plan ?? []);
      const refused = plans.find(({ instance }) => !context.access.allowed('APPLY', instance))?.instance;
      const isWhole = plans.length === objects.length;
      const byRules = refused || !isWhole ? [] : await judgeByRules(plans, cluster, context);
      const told = refused ? [] : allMaybe(plans.map((plan) => tellByRules(plan, 'APPLY', cluster, context, plans)));
      return {
        issues: inOrder([...examined.issues, ...examined.doubts, ...byRules]).map(toIssue),
        refused: refused as Instance | undefined,
        told: (await told).flat(),
        objects: plans.map(({ kind, name, existing, object }) => ({ kind, name, existing, object })) as never,
        async tryAll() {
          const writer: Pick<ClusterWriter, 'apply'> = context.cluster(cluster).writer(context.principal);
          await applyDocuments({ plans, writer, ticket: dryRunTicket, force: true });
        },
      } satisfies JudgedObjects;
    },
  };
}

/** Nobody wrote it: it has no lines. */
const toDocument = ({ object }: ObjectToMake, index: number): ManifestDocument => ({
  index,
  object: object as ManifestDocument['object'],
  locate: () => ({ line: 1, column: 1 }),
});

async function judgeByRules(
  plans: readonly PlannedDocument[],
  cluster: string,
  context: RequestContext,
): Promise<readonly ValidationIssue[]> {
  const found = await Promise.all(plans.map((plan) => checkByRules(plan, 'APPLY', cluster, context, plans)));
  return [...plans.flatMap(({ misfits }) => misfits), ...found.flat()];
}

function toIssue({ path: [, index, ...path], code, message }: ValidationIssue) {
  return { object: Number(index), path, code, message };
}
