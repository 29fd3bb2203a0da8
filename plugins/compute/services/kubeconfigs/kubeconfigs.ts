import { namespaceKind } from 'longshore/plugins/core';
import {
  CapabilityMissingError,
  type Cluster,
  type ClusterWriter,
  ConflictError,
  type KindRef,
  type KubeObject,
  kindRef,
  NotFoundError,
  type OperationHandle,
  type Principal,
  QuotaExceededError,
  systemPrincipal,
  UpstreamError,
} from 'longshore/sdk';
import { serviceAccountKind } from '../../api.ts';
import type { GivenRights, NarrowedRights } from './decide-rights.ts';
import type { PolicyRule } from './rules-of-caller.ts';

/** Where the accounts live: apart from all namespaces in which somebody may start pods, which could take them for their own. */
export const kubeconfigNamespace = 'longshore-access';
/** On the ClusterRole that stands for one. */
export const kubeconfigLabel = 'longshore.dev/kubeconfig';
const annotations = {
  operation: 'longshore.dev/operation',
  principal: 'longshore.dev/principal',
  principalName: 'longshore.dev/principal-name',
  impersonatedBy: 'longshore.dev/impersonated-by',
  expiresAt: 'longshore.dev/expires-at',
  namespaces: 'longshore.dev/namespaces',
  canWrite: 'longshore.dev/can-write',
} as const;
const mostOfPrincipal = 10;

const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const;
interface RoleObject {
  readonly rules?: readonly PolicyRule[];
}
export const clusterRoleKind = kindRef<RoleObject>({
  ...rbac,
  kind: 'ClusterRole',
  plural: 'clusterroles',
  isNamespaced: false,
});
const clusterRoleBindingKind = kindRef({
  ...rbac,
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  isNamespaced: false,
});
const roleKind = kindRef<RoleObject>({ ...rbac, kind: 'Role', plural: 'roles', isNamespaced: true });
const roleBindingKind = kindRef({ ...rbac, kind: 'RoleBinding', plural: 'rolebindings', isNamespaced: true });

/** What is known of a kubeconfig that was given out; never what is in it. */
export interface GivenKubeconfig {
  readonly cluster: string;
  readonly name: string;
  /** Key of the operation record of whoever made it. */
  readonly operation: string;
  readonly principalId: string;
  readonly principalName: string;
  /** Id of the administrator who acted as them, if one did. */
  readonly impersonatorId: string | undefined;
  /** Undefined for the whole cluster. */
  readonly namespaces: readonly string[] | undefined;
  readonly canWrite: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface WantedKubeconfig {
  readonly principal: Pick<Principal, 'id' | 'name' | 'impersonatedBy'>;
  readonly namespaces: readonly string[] | undefined;
  readonly canWrite: boolean;
  readonly now: number;
  readonly seconds: number;
  readonly rulesOfCluster: readonly PolicyRule[];
  /** By namespace. */
  readonly rules: ReadonlyMap<string, readonly PolicyRule[]>;
}

const reason = 'somebody asks for a kubeconfig of their own';

/**
 * Makes an account with the rights of a role, and a token for it that ends by itself. All that is made belongs to one ClusterRole and goes with it,
 * also where this process dies in the middle. Throws `QuotaExceededError` where the principal has too many, and answer errors of the cluster.
 */
export async function giveKubeconfig(
  cluster: Cluster,
  wanted: WantedKubeconfig,
  ticket: OperationHandle,
): Promise<{ readonly given: GivenKubeconfig; readonly token: string | undefined }> {
  const { principal, now } = wanted;
  const own = (await listKubeconfigs(cluster)).filter(({ principalId }) => principalId === principal.id);
  if (own.filter(({ expiresAt }) => expiresAt.getTime() > now).length >= mostOfPrincipal) {
    throw new QuotaExceededError(
      `You have ${mostOfPrincipal} kubeconfigs of this cluster: revoke one that you need no more`,
    );
  }
  const writer = cluster.writer(systemPrincipal, { reason });
  const owner = await makeOwner(writer, wanted, ticket);
  const given = toGiven(cluster.name, owner);
  if (ticket.isDryRun) return { given, token: undefined };
  try {
    await makeNamespace(cluster, writer, ticket);
    const token = await makeAccount(writer, owner, wanted, ticket);
    return { given, token };
  } catch (error) {
    await writer
      .delete(ticket, clusterRoleKind, undefined, given.name, { propagationPolicy: 'Background' })
      .catch(() => {});
    throw error;
  }
}

async function makeOwner(
  writer: ClusterWriter,
  { principal, namespaces, canWrite, now, seconds, rulesOfCluster }: WantedKubeconfig,
  ticket: OperationHandle,
): Promise<KubeObject> {
  const operation = ticket.id ?? 'dry-run';
  const name = nameOf(operation);
  const { object } = await writer.create(ticket, clusterRoleKind, {
    ...head(clusterRoleKind),
    metadata: {
      name,
      labels: { [kubeconfigLabel]: 'true', 'app.kubernetes.io/managed-by': 'longshore' },
      annotations: {
        [annotations.operation]: operation,
        [annotations.principal]: principal.id,
        [annotations.principalName]: principal.name,
        ...(principal.impersonatedBy ? { [annotations.impersonatedBy]: principal.impersonatedBy.id } : {}),
        [annotations.expiresAt]: new Date(now + seconds * 1_000).toISOString(),
        [annotations.canWrite]: String(canWrite),
        ...(namespaces ? { [annotations.namespaces]: namespaces.join(',') } : {}),
      },
    },
    rules: rulesOfCluster,
  });
  return object as unknown as KubeObject;
}

async function makeAccount(
  writer: ClusterWriter,
  owner: KubeObject,
  { rules, seconds }: WantedKubeconfig,
  ticket: OperationHandle,
): Promise<string> {
  const { name, uid } = owner.metadata;
  const owned = (namespace?: string) => ({
    name,
    namespace,
    labels: { [kubeconfigLabel]: 'true', 'app.kubernetes.io/managed-by': 'longshore' },
    ownerReferences: [{ ...head(clusterRoleKind), name, uid }],
  });
  const subjects = [{ kind: 'ServiceAccount', name, namespace: kubeconfigNamespace }];
  const bound = (kind: 'Role' | 'ClusterRole') => ({ subjects, roleRef: { apiGroup: rbac.group, kind, name } });

  await writer.create(ticket, serviceAccountKind, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: owned(kubeconfigNamespace),
    automountServiceAccountToken: false,
  });
  await writer.create(ticket, clusterRoleBindingKind, {
    ...head(clusterRoleBindingKind),
    metadata: owned(),
    ...bound('ClusterRole'),
  });
  for (const [namespace, granted] of rules) {
    await writer.create(ticket, roleKind, { ...head(roleKind), metadata: owned(namespace), rules: granted });
    await writer.create(ticket, roleBindingKind, {
      ...head(roleBindingKind),
      metadata: owned(namespace),
      ...bound('Role'),
    });
  }
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { name, namespace: kubeconfigNamespace },
    spec: { expirationSeconds: seconds },
  };
  const { object } = await writer.create(ticket, serviceAccountKind, request, { subresource: 'token' });
  const { token } = (object as { readonly status?: { readonly token?: string } }).status ?? {};
  if (!token) throw new NotFoundError('The cluster gave no token');
  return token;
}

async function makeNamespace(cluster: Cluster, writer: ClusterWriter, ticket: OperationHandle): Promise<void> {
  if (await cluster.reader(systemPrincipal).get(namespaceKind, undefined, kubeconfigNamespace)) return;
  try {
    const metadata = { name: kubeconfigNamespace, labels: { 'app.kubernetes.io/managed-by': 'longshore' } };
    await writer.create(ticket, namespaceKind, { apiVersion: 'v1', kind: 'Namespace', metadata });
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
}

/** Of the account, and of all that is made for it. */
const nameOf = (operation: string): string => `kubeconfig-${operation.replaceAll(/[^a-z0-9]/g, '').slice(0, 20)}`;

/**
 * Those of a cluster that were given out and not revoked, the newest first. Rejects with `CapabilityMissingError` where the gateway may not see
 * roles, with `UpstreamError` where the cluster cannot be asked.
 */
export async function listKubeconfigs(cluster: Cluster): Promise<readonly GivenKubeconfig[]> {
  return (await rolesOf(cluster, clusterRoleKind))
    .map((object) => toGiven(cluster.name, object as unknown as KubeObject))
    .sort((one, other) => other.createdAt.getTime() - one.createdAt.getTime());
}

/** The same with what each may do. Rejects as `listKubeconfigs` does. */
export async function listWithRights(
  cluster: Cluster,
): Promise<readonly { readonly given: GivenKubeconfig; readonly rights: GivenRights }[]> {
  const whole = await rolesOf(cluster, clusterRoleKind);
  if (whole.length === 0) return [];
  const rules = new Map<string, Map<string, readonly PolicyRule[]>>();
  for (const { metadata, rules: said = [] } of await rolesOf(cluster, roleKind)) {
    const known = rules.get(metadata.name) ?? new Map();
    rules.set(metadata.name, known.set(metadata.namespace, said));
  }
  return whole.map((object) => {
    const given = toGiven(cluster.name, object as unknown as KubeObject);
    const { namespaces, canWrite, name } = given;
    const of = { rulesOfCluster: object.rules ?? [], rules: rules.get(name) ?? new Map() };
    return { given, rights: { cluster: cluster.name, namespaces, canWrite, ...of } };
  });
}

async function rolesOf(cluster: Cluster, kind: typeof roleKind): Promise<readonly KubeObject<RoleObject>[]> {
  const { items, problems } = await cluster
    .reader(systemPrincipal)
    .list(kind, { labelSelector: `${kubeconfigLabel}=true` });
  const [problem] = problems;
  if (problem && items.length === 0) {
    if (problem.code !== 'FORBIDDEN') throw new UpstreamError(`cluster '${cluster.name}'`, problem.message);
    const hint = "Grant the gateway's role what deploy/rbac.yaml says of kubeconfigs.";
    throw new CapabilityMissingError('kubeconfigs', problem.message, { hint });
  }
  return items;
}

/** Writes what is left of one: its rights first, then what it says of them. */
export async function narrowKubeconfig(
  cluster: Cluster,
  name: string,
  { namespaces, canWrite, rulesOfCluster, rules }: NarrowedRights,
  ticket: OperationHandle,
): Promise<void> {
  const writer = cluster.writer(systemPrincipal, {
    reason: 'whoever has a kubeconfig may do less than when it was made',
  });
  for (const [namespace, left] of rules) await writer.patch(ticket, roleKind, namespace, name, { rules: left });
  await writer.patch(ticket, clusterRoleKind, undefined, name, {
    metadata: {
      annotations: {
        [annotations.canWrite]: String(canWrite),
        ...(namespaces ? { [annotations.namespaces]: namespaces.join(',') } : {}),
      },
    },
    ...(rulesOfCluster ? { rules: rulesOfCluster } : {}),
  });
}

/** Its token is refused at once; roles and bindings follow. Nothing happens where it is gone already. */
export async function revokeKubeconfig(cluster: Cluster, name: string, ticket: OperationHandle): Promise<void> {
  const writer = cluster.writer(systemPrincipal, { reason: 'a kubeconfig is revoked, or has ended' });
  const gone = (error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error;
  };
  await writer.delete(ticket, serviceAccountKind, kubeconfigNamespace, name).catch(gone);
  await writer.delete(ticket, clusterRoleKind, undefined, name, { propagationPolicy: 'Background' }).catch(gone);
}

const head = ({ group, version, kind }: Pick<KindRef, 'group' | 'version' | 'kind'>) => ({
  apiVersion: `${group}/${version}`,
  kind,
});

function toGiven(cluster: string, { metadata }: KubeObject): GivenKubeconfig {
  const said = metadata.annotations ?? {};
  const namespaces = said[annotations.namespaces];
  return {
    cluster,
    name: metadata.name,
    operation: said[annotations.operation] ?? '',
    principalId: said[annotations.principal] ?? '',
    principalName: said[annotations.principalName] ?? '',
    impersonatorId: said[annotations.impersonatedBy],
    namespaces: namespaces?.split(','),
    canWrite: said[annotations.canWrite] === 'true',
    createdAt: new Date(String(metadata.creationTimestamp ?? 0)),
    expiresAt: new Date(said[annotations.expiresAt] ?? 0),
  };
}
