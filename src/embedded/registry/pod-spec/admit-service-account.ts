import { forbidden } from '../../api/status-error.ts';
import { generatedSuffix } from '../../machinery/generated-suffix.ts';
import { asList, asObject, asObjectList, asString, ensureObject, type JsonObject } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { Draft, StrategyEnvironment } from '../resource-strategy.ts';
import { problemOfSecretReferences } from './limit-secret-references.ts';
import { mirrorAnnotation, problemOfMirrorPod } from './problem-of-mirror-pod.ts';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';

/**
 * The admission of service accounts: a pod has one, which exists; its token is mounted into every container unless the pod or
 * the account says otherwise, and the account's pull secrets are used. Throws `StatusError` 403.
 */
export function admitServiceAccount(draft: Draft, environment: StrategyEnvironment): void {
  const spec = ensureObject(draft, 'spec');
  if (asObject(draft.metadata.annotations)?.[mirrorAnnotation] !== undefined) {
    const problem = problemOfMirrorPod(spec);
    if (problem !== undefined) throw refusal(draft, problem);
    return;
  }
  const account = findAccount(draft, spec, environment);
  const mounts = spec.automountServiceAccountToken ?? account?.automountServiceAccountToken ?? true;
  if (mounts === true) mountToken(spec);
  const pullSecrets = asObjectList(account?.imagePullSecrets);
  if (asList(spec.imagePullSecrets).length === 0 && pullSecrets.length > 0) {
    spec.imagePullSecrets = pullSecrets.map(({ name }) => ({ name }));
  }
  const problem = account === undefined ? undefined : problemOfSecretReferences(spec, account);
  if (problem !== undefined) throw refusal(draft, problem);
}

function findAccount(draft: Draft, spec: JsonObject, environment: StrategyEnvironment): ClusterObject | undefined {
  const name = asString(spec.serviceAccountName) || 'default';
  spec.serviceAccountName = name;
  spec.serviceAccount = name;
  const namespace = asString(draft.metadata.namespace) ?? '';
  const found = environment.find('', 'serviceaccounts', name, namespace);
  // A real server waits for the default account of a new namespace, which is sure to come.
  if (found !== undefined || name === 'default') return found;
  throw refusal(draft, `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`);
}

function refusal(draft: Draft, why: string): Error {
  return forbidden({ group: '', plural: 'pods' }, asString(draft.metadata.name) ?? '', why);
}

function mountToken(spec: JsonObject): void {
  const volumes = asObjectList(spec.volumes);
  const present = volumes.find(({ name }) => asString(name)?.startsWith(volumePrefix) === true)?.name;
  const name = present ?? `${volumePrefix}${generatedSuffix()}`;
  let isNeeded = false;
  for (const container of [...asObjectList(spec.initContainers), ...asObjectList(spec.containers)]) {
    const mounts = asObjectList(container.volumeMounts);
    // Whoever mounts something there himself does not want the token.
    if (mounts.some((mount) => mount.mountPath === mountPath)) continue;
    container.volumeMounts = [...mounts, { name, readOnly: true, mountPath }];
    isNeeded = true;
  }
  if (isNeeded && present === undefined) spec.volumes = [...volumes, { name, projected: tokenVolume() }];
}

function tokenVolume(): JsonObject {
  return {
    sources: [
      // The lifetime by which the server knows that a kubelet asks for a pod.
      { serviceAccountToken: { expirationSeconds: 3_607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
    defaultMode: 420,
  };
}
