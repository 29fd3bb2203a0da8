import { subjectOf } from '../kube/kind-ref.ts';
import { type KubeObject, origin } from '../kube/kube-object.ts';

export type Fact = string | number | boolean;

/** What rules may look at. A condition on a fact that is not there does not hold. */
export interface SubjectFacts {
  /** `core/Pod`, `apps/Deployment`, `core/OperationRecord`: group and kind, or plugin and type. */
  readonly subject: string;
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** Id of the principal it belongs to. */
  readonly owner?: string | undefined;
  /** Tenants it lies in, e.g. `workspace/<uuid>`: whoever belongs to one of them may have rights on it. */
  readonly tenants?: readonly string[] | undefined;
  /** UUID of the workspace whose profile holds for it, where it lies in no namespace; see `placeOfWorkspace`. */
  readonly workspace?: string | undefined;
  /** Lists of people it names, e.g. `{ owner: ['oidc:…:ann'], operators: ['group:ops'] }`: ids of principals, groups with `group:`. */
  readonly people?: Readonly<Record<string, readonly string[] | undefined>> | undefined;
  /** Anything else a rule of this subject compares, e.g. `{ visibility: 'PUBLIC' }`. */
  readonly facts?: Readonly<Record<string, Fact | undefined>> | undefined;
}

/** A row of a table, by the subject whose descriptor can read it. */
export interface SubjectRow {
  readonly subject: string;
  readonly row: unknown;
}

/** What may be asked about: an object of a cluster, a row, or the facts of what does not exist yet. Never a bare type. */
export type Instance = KubeObject | SubjectRow | SubjectFacts;

/**
 * How to read the facts of a subject's instances: of a plugin's table rows, or what a Kubernetes kind has beyond
 * cluster, namespace and name (those always come from the object itself).
 */
export interface SubjectDescriptor<Row = unknown> {
  readonly subject: string;
  facts(row: Row): Omit<SubjectFacts, 'subject'>;
  /**
   * Its `tenants` are those that it lay in when it came to be, for good: members see it for their sake, and never because its namespace is
   * theirs by now.
   */
  readonly keepsTenants?: true;
}

/** Facts of any instance. Throws for what is none, and for a row whose subject nobody described. */
export function createFactsReader(
  descriptors: ReadonlyMap<string, SubjectDescriptor>,
): (instance: Instance) => SubjectFacts {
  return (instance) => {
    if (typeof instance !== 'object' || instance === null) {
      throw new TypeError(`Permissions are asked about an instance, not about ${JSON.stringify(instance)}.`);
    }
    if (isKubeObject(instance)) return factsOfObject(instance, descriptors);
    if (typeof instance.subject !== 'string') {
      throw new TypeError('Permissions are asked about an instance that names its subject.');
    }
    if (!('row' in instance)) return instance;
    const descriptor = descriptors.get(instance.subject);
    if (!descriptor) {
      throw new Error(`No plugin describes the subject '${instance.subject}'. Add it to the manifest's subjects.`);
    }
    return { ...descriptor.facts(instance.row), subject: instance.subject };
  };
}

/** The subject of any instance. */
export function subjectNameOf(instance: Instance): string {
  return isKubeObject(instance) ? subjectOf(instance[origin]) : instance.subject;
}

function isKubeObject(instance: Instance): instance is KubeObject {
  return origin in instance;
}

function factsOfObject(object: KubeObject, descriptors: ReadonlyMap<string, SubjectDescriptor>): SubjectFacts {
  const from = object[origin];
  const subject = subjectOf(from);
  const described = descriptors.get(subject)?.facts(object);
  return {
    owner: described?.owner,
    tenants: described?.tenants,
    workspace: described?.workspace,
    people: described?.people,
    facts: described?.facts,
    subject,
    cluster: from.cluster,
    // A Namespace lies in itself: who may work in it may see it.
    namespace: subject === namespaceSubject ? object.metadata.name : object.metadata.namespace,
    name: object.metadata.name,
  };
}

export const namespaceSubject = 'core/Namespace';
