import { type Project, tenancyServiceRef } from 'longshore/plugins/core';
import { NotFoundError, type RequestContext, resolveNode, ValidationError } from 'longshore/sdk';

export interface DiskPlaceInput {
  readonly projectId?: string | null | undefined;
  readonly cluster: string;
  readonly namespace?: string | null | undefined;
}

/**
 * The namespace that a new disk shall be in: the one that is named, else the only one that its project has in the cluster. Throws
 * `NotFoundError` for a project that is not there for the caller, `ValidationError` where it has none or several there.
 */
export async function namespaceOfDisk(
  { projectId, cluster, namespace }: DiskPlaceInput,
  context: RequestContext,
): Promise<string> {
  if (!projectId) {
    if (namespace) return namespace;
    throw new ValidationError([
      { path: ['namespace'], code: 'required', message: 'namespace or projectId must say where the disk shall be' },
    ]);
  }
  const project = (await resolveNode(projectId, context)) as Project | null;
  if (project?.nodeTypeName !== 'Project') throw new NotFoundError('There is no project with this id');
  const all = await context.service(tenancyServiceRef).namespacesOf(project);
  const there = all
    .filter((each) => each.cluster === cluster)
    .map((each) => each.namespace)
    .sort();
  if (namespace) {
    if (there.includes(namespace)) return namespace;
    const message = `Namespace '${namespace}' of cluster '${cluster}' does not belong to project '${project.identifier}'`;
    throw new ValidationError([{ path: ['namespace'], code: 'other_project', message }]);
  }
  const [only, ...more] = there;
  if (only !== undefined && more.length === 0) return only;
  const what = only === undefined ? 'no namespace' : `the namespaces ${there.join(', ')}`;
  const message = `Project '${project.identifier}' has ${what} in cluster '${cluster}': name one that is there`;
  throw new ValidationError([{ path: ['namespace'], code: 'required', message }]);
}
