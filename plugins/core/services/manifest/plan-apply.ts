import {
  apiVersionOf,
  type Instance,
  type KindRef,
  type KubeObject,
  type MaybePromise,
  subjectOf,
  type ValidationIssue,
} from 'longshore/sdk';
import { secretMask } from '../secret/mask-secret.ts';
import { isPlainObject } from './plain-value.ts';
import { type ManifestDocument, maxIssues } from './read-manifests.ts';
import type { Remark } from './retired/conversion.ts';
import { convertRetired } from './retired/convert-retired.ts';

/** A document of a manifest with all that must be known before it is applied. */
export interface PlannedDocument {
  readonly document: ManifestDocument;
  readonly kind: KindRef;
  readonly namespace: string | undefined;
  readonly name: string;
  /** The object as this caller sees it now. */
  readonly existing: KubeObject | undefined;
  /** What rights are asked about. */
  readonly instance: Instance;
  /** What is sent. */
  readonly object: object;
  /** What stands against it by the platform's own rules, for who may apply it. */
  readonly misfits: readonly ValidationIssue[];
  /** What was rewritten before anything else: retired groups and versions (CON-38), each with its line. */
  readonly conversions: readonly ValidationIssue[];
  /** What would be wrong with it as a whole new object; the cluster judges where it is a part of one that is there. */
  readonly doubts: readonly ValidationIssue[];
}

export interface PlanRequest {
  readonly cluster: string;
  readonly documents: readonly ManifestDocument[];
  /** For documents that say none. */
  readonly namespace: string | undefined;
  /** The kind in exactly this version; undefined where the cluster does not serve it. */
  readonly findKind: (apiVersion: string, kind: string) => MaybePromise<KindRef | undefined>;
  /** The same kind in the version that the cluster prefers, whatever was asked for. */
  readonly findGroupKind: (group: string, kind: string) => MaybePromise<KindRef | undefined>;
  readonly findObject: (
    kind: KindRef,
    namespace: string | undefined,
    name: string,
  ) => MaybePromise<KubeObject | undefined>;
}

export interface Plan {
  /** Those documents of which nothing is known against it. */
  readonly planned: readonly PlannedDocument[];
  /** Everything that is wrong with the others, each with its line. */
  readonly issues: readonly ValidationIssue[];
}

/** What each document means in its cluster: its kind, its namespace, the object that is there. */
export async function planApply(request: PlanRequest): Promise<Plan> {
  const issues: ValidationIssue[] = [];
  const plans = await Promise.all(request.documents.map((document) => planDocument(document, request, issues)));
  const planned = plans.filter((plan) => plan !== undefined);
  findTwins(planned, issues);
  return { planned, issues };
}

async function planDocument(
  written: ManifestDocument,
  request: PlanRequest,
  issues: ValidationIssue[],
): Promise<PlannedDocument | undefined> {
  const { cluster } = request;
  const found = await findServed(written, request);
  if ('refusal' in found) {
    issues.push(issueOf(written, found.refusal));
    return undefined;
  }
  const { document, kind } = found;
  const conversions = found.remarks.map((remark) => issueOf(written, remark));
  const { object } = document;
  const { name } = object.metadata;
  const refuse = (path: readonly (string | number)[], code: string, message: string): undefined => {
    issues.push({ path: ['manifest', document.index, ...path], code, message, ...document.locate(path) });
  };

  const own = object.metadata.namespace;
  if (kind.isNamespaced && own !== undefined && request.namespace !== undefined && own !== request.namespace) {
    return refuse(
      ['metadata', 'namespace'],
      'namespace_mismatch',
      `metadata.namespace is '${own}', but input.namespace is '${request.namespace}'`,
    );
  }
  const namespace = kind.isNamespaced ? (own ?? request.namespace) : undefined;
  if (kind.isNamespaced && namespace === undefined) {
    return refuse(
      ['metadata', 'namespace'],
      'required',
      `metadata.namespace is missing: ${kind.kind} needs one, or give input.namespace`,
    );
  }
  const subject = subjectOf(kind);
  if (subject === 'core/Secret') {
    for (const path of maskedValues(object)) {
      refuse(
        path,
        'masked_value',
        `${path.join('.')} is the mask that stands for a value; write the value or leave the key out`,
      );
    }
  }
  const existing = await request.findObject(kind, namespace, name);
  return {
    document,
    kind,
    namespace,
    name,
    existing,
    instance: existing ?? {
      subject,
      cluster,
      namespace: subject === 'core/Namespace' ? name : namespace,
      name,
      // Rules ask for the type of a Secret: some are keys to the cluster itself.
      facts: subject === 'core/Secret' ? { type: typeof object.type === 'string' ? object.type : 'Opaque' } : {},
    },
    object: toSend(object, namespace),
    doubts: [],
    misfits: [],
    conversions,
  };
}

/** The document and its kind as the cluster serves it now, also where it names an API that is retired. */
async function findServed(document: ManifestDocument, { cluster, findKind, findGroupKind }: PlanRequest) {
  const { apiVersion, kind: name } = document.object;
  const kind = await findKind(apiVersion, name);
  if (kind) return { document, kind, remarks: [] };
  const converted = await convertRetired(document, findKind);
  if (converted) return converted;
  const [group = '', version] = apiVersion.split('/');
  const other = await findGroupKind(version === undefined ? '' : group, name);
  const hint = other === undefined ? '' : `; it serves ${name} of ${apiVersionOf(other)}`;
  const message = `Cluster '${cluster}' serves no kind ${name} of ${apiVersion}${hint}`;
  return { refusal: { path: other === undefined ? ['kind'] : ['apiVersion'], code: 'unknown_kind', message } };
}

function issueOf(document: ManifestDocument, { path, code, message }: Remark): ValidationIssue {
  return { path: ['manifest', document.index, ...path], code, message, ...document.locate(path) };
}

/** What the server keeps by itself; a text that was shown and edited still carries it. */
const serverMetadata = new Set([
  'managedFields',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
]);

/** The uid stays: a text of one object must not be applied to another that was given its name. */
function toSend(object: ManifestDocument['object'], namespace: string | undefined): object {
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([key]) => !serverMetadata.has(key)));
  return { ...object, metadata: { ...metadata, ...(namespace === undefined ? {} : { namespace }) } };
}

function maskedValues(secret: Readonly<Record<string, unknown>>): (readonly string[])[] {
  const paths = ['data', 'stringData'].flatMap((field) => {
    const values = secret[field];
    if (!isPlainObject(values)) return [];
    return Object.keys(values)
      .filter((key) => values[key] === secretMask)
      .map((key) => [field, key]);
  });
  return paths.slice(0, maxIssues);
}

/** One object twice in one manifest is a mistake, and which of them would win is nobody's guess. */
function findTwins(planned: readonly PlannedDocument[], issues: ValidationIssue[]): void {
  const seen = new Map<string, number>();
  for (const { document, kind, namespace, name } of planned) {
    const key = JSON.stringify([subjectOf(kind), namespace, name]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, document.index);
    else {
      issues.push({
        path: ['manifest', document.index],
        code: 'duplicate_object',
        message: `Documents ${first} and ${document.index} are both ${describeDocument({ kind, namespace, name })}`,
        ...document.locate([]),
      });
    }
  }
}

/** `Deployment 'shop/web'` */
export function describeDocument({
  kind,
  namespace,
  name,
}: Pick<PlannedDocument, 'kind' | 'namespace' | 'name'>): string {
  return `${kind.kind} '${namespace === undefined ? name : `${namespace}/${name}`}'`;
}

export function apiVersionOfPlan({ kind }: Pick<PlannedDocument, 'kind'>): string {
  return apiVersionOf(kind);
}
