import { isEqualJson } from '../machinery/json.ts';
import type { ClusterObject, ResourceDefinition } from '../store/types.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, ownKey, splitKey } from './controller.ts';
import type { ResourceCatalog } from './create-resource-catalog.ts';
import { createKindClient } from './kind-client.ts';
import type { Condition, Namespace } from './kubernetes-shapes.ts';
import { setCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

/** While content remains (pods that terminate, objects that finalizers hold) the namespace looks again this often. */
const retryMs = 1_000;
/** So many objects are deleted in one pass; the next pass goes on, so that a large namespace does not block. */
const deletionsPerPass = 50;

const rootCertificateMap = 'kube-root-ca.crt';
const rootCertificateDescription =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Gives each namespace what every namespace has, and empties and removes those being deleted. */
export function createNamespaceController(
  context: ClusterContext,
  catalog: ResourceCatalog,
  rootCertificate: string,
): Controller {
  const { store, clock } = context;
  const manager = 'kube-controller-manager';
  const namespaces = createKindClient<Namespace>(store, manager, '', 'namespaces');
  const serviceAccounts = createKindClient<ClusterObject>(store, manager, '', 'serviceaccounts');
  const configMaps = createKindClient<ClusterObject>(store, manager, '', 'configmaps');

  function fill(namespace: string): void {
    if (serviceAccounts.get(namespace, 'default') === undefined) {
      serviceAccounts.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } });
    }
    publishRootCertificate(namespace);
  }

  /** Puts it there, and back when somebody has changed it. */
  function publishRootCertificate(namespace: string): void {
    const name = rootCertificateMap;
    const annotations = { 'kubernetes.io/description': rootCertificateDescription };
    const data = { 'ca.crt': rootCertificate };
    const known = configMaps.get(namespace, name);
    if (known === undefined) {
      configMaps.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, annotations }, data });
      return;
    }
    const isDescribed = known.metadata.annotations?.['kubernetes.io/description'] === rootCertificateDescription;
    if (isDescribed && isEqualJson(known.data, data)) return;
    const metadata = { ...known.metadata, annotations: { ...known.metadata.annotations, ...annotations } };
    configMaps.update({ ...known, metadata, data });
  }

  interface Remaining {
    readonly resource: ResourceDefinition;
    readonly count: number;
    readonly finalizers: readonly string[];
  }

  interface Leftovers {
    readonly pods: readonly Remaining[];
    readonly others: readonly Remaining[];
  }

  /** Deletes what is in the namespace, its pods first and the rest only when they are gone (KEP-5080). */
  function empty(namespace: string): Leftovers | undefined {
    const isPods = ({ group, plural }: ResourceDefinition): boolean => group === '' && plural === 'pods';
    const resources = catalog.all().filter(({ namespaced }) => namespaced);
    const pods = deleteAll(namespace, resources.filter(isPods));
    if (pods === undefined || pods.length > 0) return pods && { pods, others: [] };
    const others = deleteAll(
      namespace,
      resources.filter((resource) => !isPods(resource)),
    );
    return others && { pods, others };
  }

  /** Deletes as much as one pass may; what is still there is `undefined` until all was tried. */
  function deleteAll(namespace: string, resources: readonly ResourceDefinition[]): Remaining[] | undefined {
    const remaining: Remaining[] = [];
    let deletions = 0;
    for (const resource of resources) {
      for (const object of store.list(resource, namespace)) {
        if (object.metadata.deletionTimestamp !== undefined) continue;
        if (deletions === deletionsPerPass) return undefined;
        deletions += 1;
        store.delete(resource, namespace, object.metadata.name, {
          fieldManager: manager,
          propagationPolicy: 'Background',
        });
      }
      const left = store.list(resource, namespace);
      if (left.length === 0) continue;
      const finalizers = left.flatMap((object) => object.metadata.finalizers ?? []);
      remaining.push({ resource, count: left.length, finalizers });
    }
    return remaining;
  }

  function reportRemaining(namespace: Namespace, remaining: readonly Remaining[]): void {
    const now = timestamp(clock.now());
    const names = remaining.map(({ resource: { group, plural }, count }) => {
      const name = group === '' ? `${plural}.` : `${plural}.${group}`;
      return `${name} has ${count} resource instances`;
    });
    const held = new Map<string, number>();
    for (const name of remaining.flatMap(({ finalizers }) => finalizers)) held.set(name, (held.get(name) ?? 0) + 1);
    const holders = [...held].map(([name, count]) => `${name} in ${count} resource instances`);
    const conditions: Condition[] = [
      condition(
        'NamespaceDeletionDiscoveryFailure',
        false,
        'ResourcesDiscovered',
        'All resources successfully discovered',
      ),
      condition(
        'NamespaceDeletionGroupVersionParsingFailure',
        false,
        'ParsedGroupVersions',
        'All legacy kube types successfully parsed',
      ),
      condition(
        'NamespaceDeletionContentFailure',
        false,
        'ContentDeleted',
        'All content successfully deleted, may be waiting on finalization',
      ),
      names.length > 0
        ? condition(
            'NamespaceContentRemaining',
            true,
            'SomeResourcesRemain',
            `Some resources are remaining: ${names.join(', ')}`,
          )
        : condition('NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed'),
      holders.length > 0
        ? condition(
            'NamespaceFinalizersRemaining',
            true,
            'SomeFinalizersRemain',
            `Some content in the namespace has finalizers remaining: ${holders.join(', ')}`,
          )
        : condition(
            'NamespaceFinalizersRemaining',
            false,
            'ContentHasNoFinalizers',
            'All content-preserving finalizers finished',
          ),
    ];
    const merged = conditions.reduce((list, next) => setCondition(list, next, now), namespace.status?.conditions ?? []);
    namespaces.updateStatus(namespace, { ...namespace.status, phase: 'Terminating', conditions: merged });
  }

  return {
    name: 'namespace',
    keysOf(change, resource) {
      catalog.learn(resource);
      if (resource.group === '' && resource.plural === 'namespaces') return ownKey(change.object);
      if (resource.plural === 'configmaps' && change.object.metadata.name === rootCertificateMap) {
        return [`/${change.object.metadata.namespace ?? ''}`];
      }
      // What goes may be the last thing a namespace waited for; what every namespace has is put back.
      return change.type === 'DELETED' && resource.namespaced ? [`/${change.object.metadata.namespace ?? ''}`] : [];
    },
    reconcile(key) {
      const { name } = splitKey(key);
      const namespace = namespaces.get(undefined, name);
      if (namespace === undefined) return undefined;
      if (namespace.metadata.deletionTimestamp === undefined) {
        fill(name);
        return undefined;
      }
      const left = empty(name);
      if (left === undefined) return 0;
      // Pods alone are not reported as content that remains.
      reportRemaining(namespace, left.others);
      if (left.pods.length + left.others.length > 0) return retryMs;
      const current = namespaces.get(undefined, name);
      const finalizers = (current?.spec?.finalizers ?? []).filter((finalizer) => finalizer !== 'kubernetes');
      if (current !== undefined) namespaces.update({ ...current, spec: { ...current.spec, finalizers } });
      return undefined;
    },
  };
}

function condition(type: string, isTrue: boolean, reason: string, message: string): Condition {
  return { type, status: isTrue ? 'True' : 'False', reason, message };
}

/** The namespaces that every cluster has, made when they are missing. */
const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'] as const;

export function ensureSystemNamespaces(context: ClusterContext): void {
  const namespaces = createKindClient<Namespace>(context.store, 'kube-apiserver', '', 'namespaces');
  for (const name of systemNamespaces) {
    if (namespaces.get(undefined, name) !== undefined) continue;
    namespaces.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    });
  }
}
