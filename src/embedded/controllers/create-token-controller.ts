import { asObject, asString } from '../machinery/json.ts';
import type { ClusterObject } from '../store/types.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keyOf, splitKey } from './controller.ts';
import { createKindClient } from './kind-client.ts';

/** Signs the token that a Secret of an account carries. */
export type SignSecretToken = (account: ClusterObject, secret: ClusterObject) => Promise<string>;

const tokenType = 'kubernetes.io/service-account-token';
const nameAnnotation = 'kubernetes.io/service-account.name';
const uidAnnotation = 'kubernetes.io/service-account.uid';

/**
 * Fills Secrets of type kubernetes.io/service-account-token with the account's token, the namespace and the authority,
 * and removes those whose account is gone or another one by now. Without it nobody gets a token that does not end.
 */
export function createTokenController(
  context: ClusterContext,
  rootCertificate: string,
  signToken: SignSecretToken,
): Controller {
  const { store, logger } = context;
  const manager = 'kube-controller-manager';
  const secrets = createKindClient<ClusterObject>(store, manager, '', 'secrets');
  const accounts = createKindClient<ClusterObject>(store, manager, '', 'serviceaccounts');
  /** Secrets whose token is being signed. */
  const pending = new Set<string>();

  /** The account the Secret belongs to; undefined when it is gone or was made anew. */
  function accountOf(secret: ClusterObject): ClusterObject | undefined {
    const { namespace, annotations = {} } = secret.metadata;
    const account = accounts.get(namespace, annotations[nameAnnotation] ?? '');
    const uid = annotations[uidAnnotation];
    return uid === undefined || account?.metadata.uid === uid ? account : undefined;
  }

  function fill(key: string, token: string, signedFor: string | undefined): void {
    const { namespace, name } = splitKey(key);
    const secret = secrets.get(namespace, name);
    const account = secret === undefined ? undefined : accountOf(secret);
    // In the meantime the Secret may have gone, or come back for another account.
    if (secret === undefined || account?.metadata.uid === undefined || account.metadata.uid !== signedFor) return;
    const { metadata } = secret;
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    secrets.update({
      ...secret,
      metadata: { ...metadata, annotations: { ...metadata.annotations, [uidAnnotation]: account.metadata.uid } },
      data: {
        ...asObject(secret.data),
        'ca.crt': base64(rootCertificate),
        namespace: base64(namespace),
        token: base64(token),
      },
    });
  }

  return {
    name: 'service-account-token',
    keysOf({ object }, resource) {
      if (resource.group !== '') return [];
      if (resource.plural === 'secrets') return object.type === tokenType ? [keyOf(object)] : [];
      if (resource.plural !== 'serviceaccounts') return [];
      return secrets
        .list(object.metadata.namespace)
        .filter((secret) => secret.type === tokenType)
        .map(keyOf);
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const secret = secrets.get(namespace, name);
      if (secret === undefined || secret.type !== tokenType || secret.metadata.deletionTimestamp !== undefined) {
        return undefined;
      }
      const account = accountOf(secret);
      if (account === undefined) {
        secrets.delete(secret);
        return undefined;
      }
      if (pending.has(key) || asString(asObject(secret.data)?.token) !== undefined) return undefined;
      pending.add(key);
      signToken(account, secret)
        .then((token) => fill(key, token, account.metadata.uid))
        .catch((cause: unknown) => logger.warn({ key, err: cause }, 'a token could not be put into its Secret'))
        .finally(() => pending.delete(key));
      return undefined;
    },
  };
}
