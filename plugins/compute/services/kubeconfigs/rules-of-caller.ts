import type { Access } from 'longshore/sdk';

type Action = Parameters<Access['allowed']>[0];

/** What a kubeconfig may be about: kinds of Kubernetes itself, never those of engines, and no Secrets (CMP-15). */
interface GrantedKind {
  readonly subject: string;
  readonly group: string;
  readonly resource: string;
  /** Whether it has logs, which are read below it. */
  readonly logs?: true;
}

const kindsOf = (group: string, word: string, ...names: readonly (readonly [string, string])[]): GrantedKind[] =>
  names.map(([kind, resource]) => ({ subject: `${word}/${kind}`, group, resource }));

const namespaced: readonly GrantedKind[] = [
  { subject: 'core/Pod', group: '', resource: 'pods', logs: true },
  ...kindsOf(
    '',
    'core',
    ['Service', 'services'],
    ['ConfigMap', 'configmaps'],
    ['PersistentVolumeClaim', 'persistentvolumeclaims'],
    ['Event', 'events'],
    ['ResourceQuota', 'resourcequotas'],
    ['ServiceAccount', 'serviceaccounts'],
  ),
  ...kindsOf(
    'apps',
    'apps',
    ['Deployment', 'deployments'],
    ['StatefulSet', 'statefulsets'],
    ['DaemonSet', 'daemonsets'],
    ['ReplicaSet', 'replicasets'],
    ['ControllerRevision', 'controllerrevisions'],
  ),
  ...kindsOf('batch', 'batch', ['Job', 'jobs'], ['CronJob', 'cronjobs']),
  ...kindsOf('autoscaling', 'autoscaling', ['HorizontalPodAutoscaler', 'horizontalpodautoscalers']),
  ...kindsOf('networking.k8s.io', 'networking.k8s.io', ['Ingress', 'ingresses'], ['NetworkPolicy', 'networkpolicies']),
  ...kindsOf('policy', 'policy', ['PodDisruptionBudget', 'poddisruptionbudgets']),
];

const ofTheCluster: readonly GrantedKind[] = [
  ...kindsOf('', 'core', ['Node', 'nodes'], ['Namespace', 'namespaces'], ['PersistentVolume', 'persistentvolumes']),
  ...kindsOf('storage.k8s.io', 'storage.k8s.io', ['StorageClass', 'storageclasses']),
];

/** A rule of a Role (`rbac.authorization.k8s.io/v1`). */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const reading = ['get', 'list', 'watch'] as const;
const writing: readonly (readonly [Action, readonly string[]])[] = [
  ['CREATE', ['create']],
  ['UPDATE', ['update', 'patch']],
  ['DELETE', ['delete']],
];

interface Asked {
  readonly access: Pick<Access, 'allowed' | 'conditionsFor' | 'readFilter'>;
  readonly cluster: string;
}

/**
 * What the caller may do in a namespace, or in all of them where none is named, in words of RBAC: no more than through this API, and writing
 * only where it was asked for. Pure.
 */
export function rulesInNamespace(
  { access, cluster }: Asked,
  namespace: string | undefined,
  canWrite: boolean,
): readonly PolicyRule[] {
  return gathered(
    namespaced.flatMap(({ subject, group, resource, logs }) => {
      const may = (action: Action) =>
        namespace === undefined
          ? access.conditionsFor(action, subject) === 'all' && access.allowed(action, { subject, cluster })
          : access.allowed(action, { subject, cluster, namespace });
      if (!may('READ')) return [];
      const written = canWrite ? writing.flatMap(([action, verbs]) => (may(action) ? verbs : [])) : [];
      return [
        { group, resource, verbs: [...reading, ...written] },
        ...(logs && may('READ_LOGS') ? [{ group, resource: `${resource}/log`, verbs: ['get'] }] : []),
      ];
    }),
  );
}

/** What of the cluster as a whole the caller may see all of. Pure. */
export function rulesOfCluster({ access, cluster }: Asked): readonly PolicyRule[] {
  return gathered(
    ofTheCluster
      .filter(({ subject }) => access.readFilter(subject, cluster) === 'all')
      .map(({ group, resource }) => ({ group, resource, verbs: reading })),
  );
}

/**
 * What of rules that were given is covered by others: never more than was given. The very same object where nothing is lost. Pure.
 */
export function remainingRules(given: readonly PolicyRule[], now: readonly PolicyRule[]): readonly PolicyRule[] {
  const covered = new Set(flat(now).map(wordOf));
  const all = flat(given);
  const left = all.filter((each) => covered.has(wordOf(each)));
  if (left.length === all.length) return given;
  const verbs = new Map<string, { readonly group: string; readonly resource: string; readonly verbs: string[] }>();
  for (const { group, resource, verb } of left) {
    const key = `${group}/${resource}`;
    const known = verbs.get(key);
    if (known) known.verbs.push(verb);
    else verbs.set(key, { group, resource, verbs: [verb] });
  }
  return gathered([...verbs.values()]);
}

interface GrantedVerb {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
}

const flat = (rules: readonly PolicyRule[]): GrantedVerb[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb })))),
  );
const wordOf = ({ group, resource, verb }: GrantedVerb): string => `${group}/${resource} ${verb}`;

interface Granted {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}

/** One rule for what has one group and the same verbs. */
function gathered(all: readonly Granted[]): readonly PolicyRule[] {
  const rules = new Map<string, { apiGroups: string[]; resources: string[]; verbs: readonly string[] }>();
  for (const { group, resource, verbs } of all) {
    const key = `${group} ${verbs.join(' ')}`;
    const known = rules.get(key);
    if (known) known.resources.push(resource);
    else rules.set(key, { apiGroups: [group], resources: [resource], verbs });
  }
  return [...rules.values()];
}
