import {
  ConflictError,
  checkDeletion,
  conflictErrorRef,
  encodeGlobalId,
  type FieldChange,
  fieldChangeRef,
  idOfObject,
  idOfOperation,
  isOperationRecord,
  type KubeObject,
  kubernetesObjectRef,
  type LongshoreBuilder,
  type MaybePromise,
  type MutationTarget,
  NotFoundError,
  origin,
  PreconditionError,
  type RequestContext,
  registerMutation,
  resolveNode,
  subjectOf,
  typeRef,
  type ValidationIssue,
  warningCodesOfChange,
  warningsOfChange,
} from 'longshore/sdk';
import { yamlViewOnlyKinds } from '../profile-keys/yaml.ts';
import { everyApplySubject } from '../services/developer-subjects.ts';
import { groupOf } from '../services/events/read-event.ts';
import { checkByRules, tellByRules } from '../services/manifest/check-by-rules.ts';
import { checkIdentity } from '../services/manifest/check-identity.ts';
import { decideEdit, type Edit } from '../services/manifest/decide-edit.ts';
import { examine } from '../services/manifest/examine.ts';
import { inOrder } from '../services/manifest/examine-manifest.ts';
import { nameDocumentError } from '../services/manifest/name-document-error.ts';
import type { PlannedDocument } from '../services/manifest/plan-apply.ts';
import { printYaml } from '../services/manifest/print-yaml.ts';
import { readManifests } from '../services/manifest/read-manifests.ts';
import { writeEdit } from '../services/manifest/write-edit.ts';
import { maskSecret } from '../services/secret/mask-secret.ts';

interface EditInput {
  readonly id: string;
  readonly manifest: string;
  readonly resourceVersion: string;
  readonly original?: string | null | undefined;
}

interface Edited {
  readonly object: KubeObject | undefined;
}

/** What is edited, with everything that is wrong with the text. */
interface EditTarget {
  readonly object: KubeObject;
  readonly plan: PlannedDocument | undefined;
  readonly original: object | undefined;
  readonly issues: readonly ValidationIssue[];
}

/** One object as text: read, changed, written back (CORE-29). */
export function registerUpdateManifest(builder: LongshoreBuilder): void {
  registerDivergedVersions(builder);
  registerMutation(builder, {
    name: 'updateManifest',
    description:
      'Writes the YAML of one object back after it was edited: what the text lacks goes away, what it adds comes. Where somebody else changed the object since it was read, the answer is a `ConflictError` with both versions; changes by the cluster itself (status, bookkeeping) are none. What goes away but is still used is an `InUseError`, or asks for `acknowledge: [IN_USE]`, as the profile says. Changing a pod template rolls its pods out again.',
    allow: { action: 'UPDATE', subject: everyApplySubject },
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the object.' }),
      manifest: t.string({
        required: true,
        description:
          'The whole object as YAML or JSON, as `yaml` shows it, with the changes. Its kind, name and namespace stay.',
      }),
      resourceVersion: t.string({
        required: true,
        description: '`resourceVersion` of the object as it was read for editing.',
      }),
      original: t.string({
        description:
          'The YAML as it was read. With it, what others changed meanwhile is told field by field, and a mere change of the status is no conflict.',
      }),
    }),
    success: {
      description: 'The object is as the text says.',
      fields: (t) => ({
        object: t.field({
          type: kubernetesObjectRef,
          nullable: true,
          description: 'The object as it is now, or in a dry run would be; null where it is gone meanwhile.',
          resolve: ({ value }, _args, context) =>
            (value.object && context.access.allowed('READ', value.object) ? value.object : null) as never,
        }),
      }),
    },
    validate: ({ resourceVersion }) =>
      resourceVersion === ''
        ? [{ path: ['resourceVersion'], code: 'required', message: 'resourceVersion must be what was read' }]
        : [],
    load: (input, context) => loadTarget(input, context),
    check: async (_input, { object, plan, issues }, context) => {
      const { cluster } = object[origin];
      const profile = context.services.profiles.at({ cluster, namespace: object.metadata.namespace });
      refuseViewOnly(object, profile.get(yamlViewOnlyKinds));
      const rules = plan ? await checkByRules(plan, 'EDIT', cluster, context) : [];
      return inOrder([...issues, ...rules]);
    },
    warn: {
      codes: ['IN_USE', ...warningCodesOfChange(builder)],
      find: async (_input, { object, plan }: EditTarget, context) => {
        if (!plan) return [];
        const next = plan.document.object;
        const crossed = await warningsOfChange({ object, next, isPart: false }, ['manifest'], context);
        return [...(await checkDeletion(object, next, context)), ...crossed];
      },
    },
    run: async (input, { object, plan, original }, ticket, context) => {
      if (!plan) throw new Error('core.update-manifest: a text with issues is never written');
      const edit = { edited: plan.document.object, original, resourceVersion: input.resourceVersion };
      const { cluster, ...kind } = object[origin];
      const { namespace, name } = object.metadata;
      const told = await tellByRules(plan, 'EDIT', cluster, context);
      const writer = context.cluster(cluster).writer(context.principal);
      const { before, result } = await writeEdit({
        object,
        decide: (current) => patchOf(current, edit),
        write: ({ metadata: { uid, resourceVersion } }, patch) =>
          writer.patch<unknown>(ticket, kind, namespace, name, patch, {
            ...(uid === undefined ? {} : { uid }),
            ...(resourceVersion === undefined ? {} : { resourceVersion }),
          }),
        readAgain: () =>
          context.fork().kube(cluster).get(kind, namespace, name) as MaybePromise<KubeObject | undefined>,
      }).catch((error: unknown) => {
        throw error instanceof ConflictError ? error : nameDocumentError(error, plan);
      });
      const value: Edited = { object: result.object as KubeObject };
      return {
        value,
        resultId: idOfOperation(ticket),
        before,
        after: result.object,
        warnings: [...told, ...result.warnings],
      };
    },
    replay,
  });
}

async function replay(node: unknown, context: RequestContext): Promise<Edited | null> {
  if (!isOperationRecord(node)) return null;
  const [write] = node.writes;
  if (!write) return null;
  const { cluster, apiVersion, kind, namespace, name } = write;
  const id = encodeGlobalId({ of: 'kubernetes', cluster, group: groupOf(apiVersion), kind, namespace, name });
  return { object: ((await resolveNode(id, context)) as KubeObject | null) ?? undefined };
}

async function loadTarget(
  { id, manifest, original }: EditInput,
  context: RequestContext,
): Promise<MutationTarget<EditTarget>> {
  const node = await resolveNode(id, context);
  if (!node || !(origin in node)) throw new NotFoundError('There is no object with this id.');
  const object = node as KubeObject;
  const { cluster, kind } = object[origin];
  const { namespace, name } = object.metadata;
  return {
    value: await readTexts(object, manifest, original ?? undefined, context),
    instance: object,
    record: { plugin: 'core', type: kind, id: idOfObject(object), cluster, namespace, kind, name },
  };
}

async function readTexts(
  object: KubeObject,
  manifest: string,
  original: string | undefined,
  context: RequestContext,
): Promise<EditTarget> {
  const { cluster } = object[origin];
  const { documents, issues } = await examine({ cluster, manifest, namespace: object.metadata.namespace }, context);
  const [first, second] = documents;
  const found = [...issues];
  if (second) found.push(tooMany(second.document.index, second.document.locate([])));
  if (first) found.push(...checkIdentity(first.document, object));
  const read = original === undefined ? undefined : await readManifests(original);
  if (read && (read.issues.length > 0 || read.documents.length !== 1)) {
    const message = 'original must be the YAML of the object as it was read';
    found.push({ path: ['original'], code: 'invalid', message });
  }
  return { object, plan: first?.plan, original: read?.documents[0]?.object, issues: found };
}

function tooMany(index: number, place: { readonly line: number; readonly column: number }): ValidationIssue {
  return { path: ['manifest', index], code: 'too_many', message: 'One object is edited at a time', ...place };
}

/** Throws `PreconditionError` YAML_VIEW_ONLY. */
function refuseViewOnly(object: KubeObject, viewOnly: readonly string[]): void {
  const subject = subjectOf(object[origin]);
  if (subject !== 'core/Secret' && !viewOnly.includes(subject)) return;
  throw new PreconditionError('YAML_VIEW_ONLY', `The YAML of a ${object.kind} can be seen here, but not edited`);
}

/** Throws `ConflictError` with both versions where somebody else was faster. */
function patchOf(current: KubeObject, edit: Omit<Edit, 'current' | 'currentVersion'>): object {
  const decision = decideEdit({ ...edit, current, currentVersion: current.metadata.resourceVersion });
  if (decision.do === 'patch') return decision.patch;
  const { yours, theirs } = decision;
  const what = theirs === undefined ? '' : ` in ${theirs.length === 1 ? 'one field' : `${theirs.length} fields`}`;
  throw new ConflictError(
    `${current.kind} '${current.metadata.name}' was changed${what} since it was read: merge both versions, and write with its resourceVersion of now`,
    { versions: { current, yours, theirs } },
  );
}

/** What a console merges by, on the conflict itself. */
function registerDivergedVersions(builder: LongshoreBuilder): void {
  // Not the object itself: every mutation answers conflicts, and would lead to everything that an object leads to.
  const version = typeRef<KubeObject>('ObjectVersion');
  builder.objectType(version, {
    description: 'An object as it was at one time.',
    fields: (t) => ({
      resourceVersion: t.string({
        nullable: true,
        description: 'Its version, to write with.',
        resolve: ({ metadata }) => metadata.resourceVersion ?? null,
      }),
      yaml: t.string({ description: 'All of it as YAML.', resolve: (object) => printYaml(maskSecret(object)) }),
    }),
  });
  builder.objectField(conflictErrorRef, 'current', (t) =>
    t.field({
      type: version,
      nullable: true,
      description: 'The object as it is now, where somebody else changed it while it was edited: what to merge into.',
      resolve: ({ versions }, _args, context) => {
        const current = versions?.current as KubeObject | undefined;
        return current && context.access.allowed('READ', current) ? current : null;
      },
    }),
  );
  builder.objectField(conflictErrorRef, 'yours', (t) =>
    t.field({
      type: [fieldChangeRef],
      description: 'Then: field by field what the edited text changes; otherwise empty.',
      resolve: ({ versions }) => (versions?.yours ?? []) as FieldChange[],
    }),
  );
  builder.objectField(conflictErrorRef, 'theirs', (t) =>
    t.field({
      type: [fieldChangeRef],
      nullable: true,
      description: 'Then: field by field what others changed since it was read; null where what was read is not known.',
      resolve: ({ versions }) => (versions?.theirs ?? null) as FieldChange[] | null,
    }),
  );
}
