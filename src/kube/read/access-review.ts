import type { Clock } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { MaybePromise } from '../cluster-reader.ts';
import { clusterUserOf } from '../cluster-user.ts';
import type { KindRef } from '../kind-ref.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';
import { impersonationHeaders } from '../transport/impersonation-headers.ts';

/**
 * Whether a cluster lets a caller list a kind, asked by SubjectAccessReview and remembered for 8 s. Only clusters with
 * `identity: impersonate` are asked; elsewhere the platform's own rules decide alone.
 */
export interface AccessReview {
  /** Namespace undefined: in the whole cluster. Rejects with answer errors: where the cluster cannot be asked, nobody may read. */
  canRead(principal: Principal, kind: KindRef, namespace: string | undefined): MaybePromise<boolean>;
  /** See `Cluster.canReadLogs`. */
  canReadLogs(principal: Principal, of: LogsOf): MaybePromise<boolean>;
  /** See `Cluster.sessionVerbs`. */
  sessionVerbs(
    principal: Principal,
    namespace: string,
    pod: string,
    way: 'exec' | 'attach',
  ): Promise<ReadonlySet<string> | undefined>;
  /** Rights have changed. */
  forget(): void;
}

/** Of all pods, of the pods of a namespace, or of what runs on nodes outside of pods. */
export type LogsOf = 'PODS' | 'NODES' | { readonly namespace: string };

const keepMs = 8_000;
const maxRemembered = 20_000;

export function createAccessReview(options: {
  readonly transport: ClusterTransport;
  readonly isImpersonating: boolean;
  readonly clock: Clock;
}): AccessReview {
  const { transport, clock } = options;
  const remembered = new Map<string, { readonly answer: MaybePromise<boolean>; readonly untilMs: number }>();

  async function ask(principal: Principal, resourceAttributes: object): Promise<boolean> {
    // Names that may not be used towards a cluster are refused before anybody asks about them.
    impersonationHeaders(principal);
    const { body } = await transport.json({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      timeoutMs: 10_000,
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: {
          user: clusterUserOf(principal),
          groups: [...principal.groups, 'system:authenticated'],
          resourceAttributes,
        },
      },
    });
    const status = typeof body === 'object' && body !== null && 'status' in body ? body.status : undefined;
    return typeof status === 'object' && status !== null && 'allowed' in status && status.allowed === true;
  }

  function mayList(principal: Principal, kind: KindRef, namespace: string | undefined): MaybePromise<boolean> {
    const { group, version, plural: resource } = kind;
    return review(principal, { verb: 'list', group, version, resource, namespace });
  }

  function review(principal: Principal, resourceAttributes: object): MaybePromise<boolean> {
    const key = JSON.stringify([clusterUserOf(principal), principal.groups, resourceAttributes]);
    const known = remembered.get(key);
    if (known !== undefined && known.untilMs > clock.now()) return known.answer;
    if (remembered.size >= maxRemembered) remembered.clear();
    const untilMs = clock.now() + keepMs;
    const answer = ask(principal, resourceAttributes);
    remembered.set(key, { answer, untilMs });
    answer.then(
      (isAllowed) => {
        if (remembered.get(key)?.answer === answer) remembered.set(key, { answer: isAllowed, untilMs });
      },
      () => {
        if (remembered.get(key)?.answer === answer) remembered.delete(key);
      },
    );
    return answer;
  }

  return {
    canRead(principal, kind, namespace) {
      if (!options.isImpersonating || principal.kind === 'SYSTEM') return true;
      const wide = mayList(principal, kind, undefined);
      if (namespace === undefined || !kind.isNamespaced) return wide;
      if (typeof wide === 'boolean') return wide || mayList(principal, kind, namespace);
      return wide.then((isAllowed) => isAllowed || mayList(principal, kind, namespace));
    },
    canReadLogs(principal, of) {
      if (!options.isImpersonating || principal.kind === 'SYSTEM') return true;
      const get = { verb: 'get', group: '', version: 'v1' };
      // What reads a node's own logs is the way to its kubelet.
      if (of === 'NODES') return review(principal, { ...get, resource: 'nodes', subresource: 'proxy' });
      const logs = { ...get, resource: 'pods', subresource: 'log' };
      const wide = review(principal, logs);
      if (of === 'PODS') return wide;
      const inNamespace = () => review(principal, { ...logs, namespace: of.namespace });
      return typeof wide === 'boolean' ? wide || inNamespace() : wide.then((isAllowed) => isAllowed || inNamespace());
    },
    async sessionVerbs(principal, namespace, name, subresource) {
      if (!options.isImpersonating || principal.kind === 'SYSTEM') return undefined;
      // A WebSocket begins as a GET; from 1.35 on clusters ask for `create` as well.
      const resource = { group: '', version: 'v1', resource: 'pods', subresource, namespace, name };
      const verbs = ['get', 'create'];
      const answers = await Promise.all(verbs.map((verb) => review(principal, { ...resource, verb })));
      return new Set(verbs.filter((_verb, index) => answers[index]));
    },
    forget: () => remembered.clear(),
  };
}
