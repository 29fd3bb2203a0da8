import type { KindRef } from '../kube/kind-ref.ts';
import { subjectOf } from '../kube/kind-ref.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import type { SubjectDescriptor, SubjectFacts } from './subject-facts.ts';

/** The label of objects that lie in no namespace and are of a workspace; its value is the workspace's UUID. */
export const workspaceLabel = 'longshore.dev/workspace';

/**
 * A kind that lies in no namespace, and whose objects may be of a workspace by their label: then its members may have rights on them, by
 * rules that ask for the membership (`{ member: 'DEVELOPER', tenantKind: 'workspace' }`). On every other kind the label means nothing.
 */
export interface WorkspaceKind {
  readonly kind: KindRef;
  /**
   * What members may say in `spec`, `'any'` or one of a few values; what else stands there is an administrator's, who alone may change
   * the object then. What the engine fills in by itself belongs here too; what is off, empty or zero asks for nothing.
   */
  readonly fields: Readonly<Record<string, 'any' | readonly (string | number | boolean)[]>>;
  /** Those of the fields that list namespaces: members name their own alone. */
  readonly namespaceFields?: readonly string[];
}

/** Where an instance lies that is of a workspace and in no namespace: what rights and profiles go by. */
export function placeOfWorkspace(uuid: string | undefined): Pick<SubjectFacts, 'tenants' | 'workspace'> {
  return uuid === undefined ? {} : { tenants: [`workspace/${uuid}`], workspace: uuid };
}

/** UUID of the workspace that an object says it is of; undefined where it says none, or lies in a namespace. */
export function workspaceOf({ metadata }: Pick<KubeObject, 'metadata'>): string | undefined {
  const uuid = metadata.namespace === undefined ? metadata.labels?.[workspaceLabel] : undefined;
  return uuid === '' ? undefined : uuid;
}

/** How rights read the objects of such a kind. */
export function describeWorkspaceKind({ kind }: WorkspaceKind): SubjectDescriptor<KubeObject> {
  return { subject: subjectOf(kind), facts: (object) => placeOfWorkspace(workspaceOf(object)) };
}

declare module '../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Kinds in no namespace whose objects workspaces may have. */
    readonly workspaceKinds?: readonly WorkspaceKind[];
  }
}
