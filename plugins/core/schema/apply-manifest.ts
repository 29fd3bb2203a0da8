import {
  answerOf,
  checkDeletion,
  defaultApplyKinds,
  encodeGlobalId,
  errorRef,
  fieldChangeRef,
  fieldOwnerRef,
  type Instance,
  idOfObject,
  idOfOperation,
  isOperationRecord,
  kubernetesObjectRef,
  type LongshoreBuilder,
  type MutationTarget,
  type RequestContext,
  registerMutation,
  resolveNode,
  typeRef,
  ValidationError,
  type ValidationIssue,
  validationIssueRef,
  warningCodesOfChange,
  warningsOfChange,
} from 'longshore/sdk';
import { applicationLabel } from '../profile-keys/yaml.ts';
import { groupOf } from '../services/events/read-event.ts';
import { type AppliedDocument, applyDocuments } from '../services/manifest/apply-documents.ts';
import { attachToApplication } from '../services/manifest/attach-to-application.ts';
import { checkByRules, tellByRules } from '../services/manifest/check-by-rules.ts';
import { examine } from '../services/manifest/examine.ts';
import { inOrder } from '../services/manifest/examine-manifest.ts';
import type { PlannedDocument } from '../services/manifest/plan-apply.ts';
import { maxManifestDocuments } from '../services/manifest/read-manifests.ts';

interface ApplyInput {
  readonly cluster: string;
  readonly manifest: string;
  readonly namespace?: string | null | undefined;
  readonly application?: string | null | undefined;
}

/** Server-side apply of YAML: what is not in the text stays as it is, whoever set it. */
export function registerApplyManifest(builder: LongshoreBuilder): void {
  const document = registerAppliedDocument(builder);
  registerMutation(builder, {
    name: 'applyManifest',
    description:
      'Makes or changes objects from YAML or JSON by server-side apply with field manager `longshore`. All documents are checked first, also by the cluster; where one is refused nothing is written and the answer is that refusal. Finalizers, owners, labels and fields that others set and the text does not mention stay.',
    allow: { action: 'APPLY', subject: defaultApplyKinds },
    input: (t) => ({
      cluster: t.string({ required: true, description: 'Name of the cluster.' }),
      manifest: t.string({
        required: true,
        description: `YAML or JSON, up to 1 MiB and ${maxManifestDocuments} documents, read as kubectl reads it.`,
      }),
      namespace: t.string({ description: 'Namespace of documents that say none; one that says another is refused.' }),
      application: t.string({
        description:
          'Application that the objects become part of: sets the label that the profile names (`label.application`) on every document and pod template. One that names another application is refused.',
      }),
      force: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Take over fields that another field manager owns, instead of answering a conflict.',
      }),
    }),
    success: {
      description: 'What became of each document.',
      fields: (t) => ({
        documents: t.field({
          type: [document],
          description: 'The documents in their order; one that failed after writing had begun carries its error.',
          resolve: ({ value }) => [...value],
        }),
      }),
    },
    validate: ({ cluster, namespace, application }) => [
      ...checkApplication(application ?? undefined),
      ...(cluster === ''
        ? [{ path: ['cluster'], code: 'required', message: 'cluster must be the name of a cluster' }]
        : []),
      ...(namespace === ''
        ? [{ path: ['namespace'], code: 'required', message: 'namespace must be a name, or be left out' }]
        : []),
    ],
    load: (input, context) => loadTarget(input, context),
    async check({ cluster }, plans, context) {
      const byRules = await Promise.all(plans.map((plan) => checkByRules(plan, 'APPLY', cluster, context, plans)));
      return inOrder([...plans.flatMap(({ misfits }) => misfits), ...byRules.flat()]);
    },
    ...warnOfDocuments(builder),
    run: async (input, plans, ticket, context) => {
      const cluster = context.cluster(input.cluster);
      const told = await Promise.all(plans.map((plan) => tellByRules(plan, 'APPLY', input.cluster, context, plans)));
      const documents = await applyDocuments({
        plans,
        writer: cluster.writer(context.principal),
        ticket,
        force: input.force,
        checkLoss: async (existing, left) =>
          (await checkDeletion(existing, left, context)).map(({ message }) => message),
      });
      return {
        value: documents,
        resultId: idOfOperation(ticket),
        conflicts: documents.flatMap(({ conflicts }) => conflicts),
        warnings: [
          ...documents.flatMap(({ conversions, warnings }) => [...conversions.map(inWords), ...warnings]),
          ...told.flat(),
        ],
        recorded: documents.flatMap(({ object }, index) =>
          object ? [{ before: plans[index]?.existing, after: object, object: idOfObject(object) }] : [],
        ),
      };
    },
    replay,
  });
}

/** Of documents for what other plugins see to. */
function warnOfDocuments(builder: LongshoreBuilder) {
  const codes = warningCodesOfChange(builder);
  if (codes.length === 0) return {};
  const find = async (_input: object, plans: readonly PlannedDocument[], context: RequestContext) => {
    const found = plans.map(({ existing, object, document }) =>
      existing
        ? warningsOfChange({ object: existing, next: object, isPart: true }, ['manifest', document.index], context)
        : [],
    );
    return (await Promise.all(found)).flat();
  };
  return { warn: { codes, find } };
}

async function loadTarget(
  input: ApplyInput,
  context: RequestContext,
): Promise<MutationTarget<readonly PlannedDocument[]>> {
  const cluster = context.cluster(input.cluster);
  const { documents, issues, doubts } = await examine(input, context);
  if (issues.length > 0) throw new ValidationError(inOrder([...issues, ...doubts]));
  const examined = documents.flatMap(({ document, plan }) => {
    if (plan === undefined) return [];
    return [{ ...plan, doubts: doubts.filter(({ path }) => path[1] === document.index) }];
  });
  const plans = attached(examined, input, context);
  // The maker asks about one instance: about the first that is refused, so that the refusal is recorded like any other.
  const refused = plans.find(({ instance }) => !context.access.allowed('APPLY', instance));
  const [first] = plans;
  const asked = refused ?? first;
  if (!asked)
    throw new ValidationError([{ path: ['manifest'], code: 'empty', message: 'The manifest contains no object' }]);
  return { value: plans, instance: asked.instance as Instance, record: targetOf(asked, plans, cluster.name) };
}

/** The plans as parts of the application; what names another is told by `check`, to who may apply them. */
function attached(
  plans: readonly PlannedDocument[],
  { cluster, application }: ApplyInput,
  { services }: RequestContext,
): readonly PlannedDocument[] {
  if (application === null || application === undefined) return plans;
  return plans.map((plan) => {
    const label = services.profiles.at({ cluster, namespace: plan.namespace }).get(applicationLabel);
    return label === null ? plan : attachToApplication(plan, label, application);
  });
}

function checkApplication(application: string | undefined): readonly ValidationIssue[] {
  if (application === undefined || /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(application)) return [];
  const message =
    'application must be a label value: 1 to 63 letters, digits, dashes, dots and underscores, a letter or digit at both ends';
  return [{ path: ['application'], code: 'invalid_label_value', message }];
}

const inWords = ({ line, message }: ValidationIssue): string => `Line ${line ?? 1}: ${message}`;

/** A record is seen by who works in its namespace: one that concerns several belongs to none. */
function targetOf(asked: PlannedDocument, plans: readonly PlannedDocument[], cluster: string) {
  const { kind, namespace, name } = asked;
  const isOfOneNamespace = plans.every((plan) => plan.namespace === namespace);
  return {
    plugin: 'core',
    type: plans.length === 1 ? kind.kind : 'Manifest',
    id: encodeGlobalId({ of: 'kubernetes', cluster, group: kind.group, kind: kind.kind, namespace, name }),
    cluster,
    namespace: isOfOneNamespace ? namespace : undefined,
    kind: kind.kind,
    name,
  };
}

/** What a repeated call answers: the same objects as they are by now; what was done to each is in the record. */
async function replay(node: unknown, context: RequestContext): Promise<readonly AppliedDocument[] | null> {
  if (!isOperationRecord(node)) return null;
  return Promise.all(
    node.writes.map(async ({ cluster, apiVersion, kind, namespace, name }, index) => {
      const id = encodeGlobalId({ of: 'kubernetes', cluster, group: groupOf(apiVersion), kind, namespace, name });
      const object = (await resolveNode(id, context)) as AppliedDocument['object'] | null;
      return {
        index,
        apiVersion,
        kind,
        namespace,
        name,
        action: undefined,
        changes: [],
        warnings: [],
        conversions: [],
        conflicts: [],
        object: object ?? undefined,
        error: undefined,
      };
    }),
  );
}

function registerAppliedDocument(builder: LongshoreBuilder) {
  const action = builder.enumType('ApplyAction', {
    description: 'What became of a document.',
    values: {
      CREATED: { description: 'The object was not there.' },
      CONFIGURED: { description: 'The object was there and has changed.' },
      UNCHANGED: { description: 'The object was there and is as the text says.' },
    } as const,
  });
  const document = typeRef<AppliedDocument>('AppliedDocument');
  builder.objectType(document, {
    description: 'One document of a manifest.',
    fields: (t) => ({
      index: t.exposeInt('index', { description: 'Its place in the manifest, from 0.' }),
      apiVersion: t.exposeString('apiVersion', { description: 'Group and version.' }),
      kind: t.exposeString('kind', { description: 'Kind.' }),
      namespace: t.string({
        nullable: true,
        description: 'Its namespace, also where the text said none.',
        resolve: (row) => row.namespace ?? null,
      }),
      name: t.exposeString('name', { description: 'Its name.' }),
      action: t.field({
        type: action,
        nullable: true,
        description:
          'What became of it, or in a dry run would become; null where it failed, and where the answer repeats an earlier one.',
        resolve: (row) => row.action ?? null,
      }),
      changes: t.field({
        type: [fieldChangeRef],
        description: 'Field by field what changed; values of Secrets show as lengths.',
        resolve: (row) => [...row.changes],
      }),
      warnings: t.stringList({
        description: 'The cluster’s warnings in its words.',
        resolve: (row) => [...row.warnings],
      }),
      conflicts: t.field({
        type: [fieldOwnerRef],
        description:
          'Fields of other field managers: what `force` would take over in a dry run, or has taken over. Without `force` such a document is a `ConflictError`.',
        resolve: (row) => [...row.conflicts],
      }),
      conversions: t.field({
        type: [validationIssueRef],
        description:
          'What was rewritten in it before it was applied: groups and versions that Kubernetes has retired, each with its line.',
        resolve: (row) => [...row.conversions],
      }),
      object: t.field({
        type: kubernetesObjectRef,
        nullable: true,
        description: 'The object as the cluster has it now, or in a dry run would have it.',
        resolve: (row, _args, context) =>
          (row.object && context.access.allowed('READ', row.object) ? row.object : null) as never,
      }),
      error: t.field({
        type: errorRef,
        nullable: true,
        description: 'Why it was not applied.',
        resolve: (row) => (row.error ? answerOf(row.error) : null),
      }),
    }),
  });
  return document;
}
