import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../data/database.ts';
import type { Logger } from '../kernel/logger.ts';
import { kindRef } from '../kube/kind-ref.ts';
import type { AfterWrite, KubeClusters } from '../kube/kube-cluster.ts';
import type { OwnWrite, Writer } from '../kube/write/own-writes.ts';

const channel = 'own-writes';

const text = z.string();
const message = z.object({
  from: text,
  cluster: text,
  principal: text,
  kind: z.object({ group: text, version: text, kind: text, plural: text, isNamespaced: z.boolean() }),
  namespace: text.optional(),
  name: text,
  uid: text,
  resourceVersion: text.optional(),
});

/** How one replica tells the others what somebody wrote through it. */
export interface SharedWrites {
  /** Resolves once the signal is sent: before whoever wrote is answered. */
  readonly tell: AfterWrite;
  /** Begins to pass on what others tell; the returned function ends it. */
  listen(clusters: Pick<KubeClusters, 'get'>): () => void;
}

/**
 * Makes one's own write visible in one's next read through another replica, also while that one's cache lags. Only names and
 * versions travel. A signal takes as long as the next read at least: who is quicker than the database sees the state before.
 */
export function shareOwnWrites({
  database,
  logger,
}: {
  readonly database: Database;
  readonly logger: Logger;
}): SharedWrites {
  const from = randomUUID();

  function read(id: string): { cluster: string; principal: Writer; write: OwnWrite } | undefined {
    try {
      const { success, data } = message.safeParse(JSON.parse(id));
      if (!success || data.from === from) return undefined;
      const { cluster, principal, kind, namespace, name, uid, resourceVersion } = data;
      return {
        cluster,
        principal: { id: principal },
        write: { kind: kindRef(kind), namespace, name, uid, resourceVersion },
      };
    } catch {
      logger.warn({ channel }, 'a signal of a write by another replica cannot be read');
      return undefined;
    }
  }

  return {
    tell(cluster, principal, { kind, namespace, name, uid, resourceVersion }) {
      const { group, version, kind: word, plural, isNamespaced } = kind;
      return database.signal(
        channel,
        JSON.stringify({
          from,
          cluster,
          principal: principal.id,
          kind: { group, version, kind: word, plural, isNamespaced },
          namespace,
          name,
          uid,
          resourceVersion,
        }),
      );
    },
    listen: (clusters) =>
      database.onSignal(channel, (id) => {
        const told = read(id);
        if (told) clusters.get(told.cluster)?.expectWrite(told.principal, told.write);
      }),
  };
}
