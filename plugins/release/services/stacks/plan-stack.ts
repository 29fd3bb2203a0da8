import { workloadPartsRef } from 'longshore/plugins/compute';
import { type JudgedObjects, manifestServiceRef, namespaceKind, tenancyServiceRef } from 'longshore/plugins/core';
import {
  type Instance,
  NotFoundError,
  type Profile,
  type RequestContext,
  ValidationError,
  type ValidationIssue,
} from 'longshore/sdk';
import type { StackFormat, StackScale } from '../../api.ts';
import { readContent } from '../templates/check-content.ts';
import type { ReadTemplate } from '../templates/read-template.ts';
import type { ProjectPlace } from '../templates/templates.ts';
import { renderStack } from './render-stack.ts';
import { objectsOf, type StackObject, type StackPlan, stackLabel } from './stack-plan.ts';

export interface StackRequest {
  /** Uuid of the stack. */
  readonly id: string;
  readonly name: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly project: ProjectPlace;
  readonly format: StackFormat;
  readonly content: string;
  readonly scale: StackScale | null;
}

export interface PlannedStack {
  readonly plan: StackPlan;
  /** Everything that is wrong; where anything is, the plan is of no use. */
  readonly issues: readonly ValidationIssue[];
  /** What its author should know, in words. */
  readonly told: readonly string[];
}

/** Longest name of a Service or a label's value. */
const longestName = 63;

/**
 * What a text comes to in a namespace, checked whole before anything is written (REL-44): its text, its names, what the caller may apply, the rules of all
 * plugins, and the cluster's own dry run with its quotas. Throws `ForbiddenError` for what the caller may not apply there, and what the dry run throws.
 */
export async function planStack(request: StackRequest, context: RequestContext): Promise<PlannedStack> {
  const { cluster, namespace, project, format, content } = request;
  const nothing = { plan: { shared: [], apps: [] }, told: [] };
  const projectProfile = await context.service(tenancyServiceRef).profileOf(project);
  const read = await readContent(format, content, projectProfile, context);
  if (read.issues.length > 0) return { ...nothing, issues: read.issues };
  const profile: Profile = context.services.profiles.at({ cluster, namespace });
  const plan = renderStack({ ...request, read, profile, parts: context.service(workloadPartsRef) });
  const objects = objectsOf(plan);
  const long = objects.find(({ name }) => name.length > longestName);
  if (long) {
    const message = `With it ${long.kind} '${long.name}' would have a name of more than ${longestName} characters`;
    return { ...nothing, issues: [{ path: ['name'], code: 'too_long', message }] };
  }

  const judged = await context
    .service(manifestServiceRef)
    .judge({ cluster, namespace, objects: objects.map(({ manifest }) => ({ object: manifest })) }, context);
  if (judged.refused) context.access.requireAllowed('APPLY', judged.refused);
  const issues = [
    ...judged.issues.map((issue) => toIssue(issue, objects, plan, read, format)),
    ...findTaken(judged, request),
  ];
  if (issues.length > 0) return { ...nothing, issues };
  try {
    await judged.tryAll();
  } catch (error) {
    // Its paths point into objects that nobody has written.
    if (!(error instanceof ValidationError)) throw error;
    const found = error.issues.map(({ path: [, index, ...path], ...issue }) =>
      toIssue({ ...issue, object: Number(index), path }, objects, plan, read, format),
    );
    return { ...nothing, issues: found };
  }
  return { plan, issues: [], told: judged.told };
}

/** What is there already under one of its names, and is not its own: nothing of others is taken over. */
function findTaken({ objects }: JudgedObjects, { id }: StackRequest): readonly ValidationIssue[] {
  return objects
    .filter(({ existing }) => existing && existing.metadata.labels?.[stackLabel] !== id)
    .map(({ kind, name }) => ({
      path: ['name'],
      code: 'name_in_use',
      message: `There is a ${kind.kind} '${name}' in the namespace already, which is not of this stack`,
    }));
}

/** Told where the text has the application. */
function toIssue(
  { object: index, path, code, message }: JudgedObjects['issues'][number],
  objects: readonly StackObject[],
  plan: StackPlan,
  { apps, shared, locate }: ReadTemplate,
  format: StackFormat,
): ValidationIssue {
  const object = objects[index];
  const app = plan.apps.find((each) => object !== undefined && each.objects.includes(object));
  const source = app ? apps.find(({ name }) => name === app.name) : shared[object ? plan.shared.indexOf(object) : -1];
  const { document = 0, path: place = [] } = source?.place ?? {};
  const where = object ? `${object.kind} '${object.name}'${path.length > 0 ? `, ${path.join('.')}` : ''}: ` : '';
  // Only manifests have what is wrong where the object has it.
  const inside = format === 'KUBERNETES' ? path.map((key) => (/^\d+$/.test(String(key)) ? Number(key) : key)) : [];
  const whole = [...place, ...inside];
  return { path: ['content', document, ...whole], code, message: `${where}${message}`, ...locate(document, whole) };
}

/** The namespace that is named, or the only one that the project has in the cluster. Throws where the caller sees none such. */
export async function findPlace(
  {
    cluster,
    namespace: named,
    project,
  }: Pick<StackRequest, 'cluster' | 'project'> & { readonly namespace?: string | null | undefined },
  context: RequestContext,
): Promise<string> {
  const reader = context.kube(context.cluster(cluster).name);
  const namespace = named ?? (await onlyNamespace(cluster, project, context));
  const object = await reader.get(namespaceKind, undefined, namespace);
  if (object && context.access.allowed('READ', object as Instance)) return namespace;
  throw new NotFoundError(`There is no namespace '${namespace}' in cluster '${cluster}'`);
}

async function onlyNamespace(cluster: string, { projectUuid }: ProjectPlace, context: RequestContext): Promise<string> {
  const tenant = { nodeTypeName: 'Project', uuid: projectUuid } as never;
  const bound = (await context.service(tenancyServiceRef).namespacesOf(tenant)).filter(
    (each) => each.cluster === cluster,
  );
  const [only, second] = bound;
  if (only && !second) return only.namespace;
  const message = only
    ? 'The project has several namespaces in the cluster: say which'
    : 'The project has no namespace in the cluster: say which it shall be';
  throw new ValidationError([{ path: ['namespace'], code: 'required', message }]);
}
