import { ConflictError, NotFoundError, readLive } from 'longshore/sdk';
import { type ClusterLook, changeFailed } from '../managed-clusters/cluster-loop.ts';
import { stateOfHost } from './host-facts.ts';
import { type BareMetalHostObject, bareMetalHostKind, hostGroupLabel } from './host-kind.ts';

/** Marks the hosts that were chosen, so that the machines of their groups find them. Throws where one is not free any more: nothing is made then. */
export async function markHosts(look: ClusterLook): Promise<void> {
  const { row, writer, running } = look;
  for (const { name, mark } of row.plan.expand?.hosts ?? []) {
    const host = (await readLive(writer, bareMetalHostKind, row.namespace, name)) as BareMetalHostObject | undefined;
    if (host && stateOfHost(host) === 'AVAILABLE') {
      if (host.metadata.labels?.[hostGroupLabel] === mark) continue;
      const { uid, resourceVersion } = host.metadata;
      const version = resourceVersion === undefined ? {} : { resourceVersion };
      const patch = { metadata: { labels: { [hostGroupLabel]: mark } } };
      await writer.patch(running.ticket, bareMetalHostKind, row.namespace, name, patch, { uid, ...version });
      continue;
    }
    await unmarkHosts(look);
    throw changeFailed(`Machine '${name}' is ${host ? stateOfHost(host) : 'gone'}, and cannot become a node.`);
  }
}

/** Takes the marks away again, of those that bear them. */
export async function unmarkHosts({ row, writer, running }: ClusterLook): Promise<void> {
  for (const { name, mark } of row.plan.expand?.hosts ?? []) {
    const host = await readLive(writer, bareMetalHostKind, row.namespace, name);
    if (host?.metadata.labels?.[hostGroupLabel] !== mark) continue;
    const patch = { metadata: { labels: { [hostGroupLabel]: null } } };
    const { uid } = host.metadata;
    await writer.patch(running.ticket, bareMetalHostKind, row.namespace, name, patch, { uid }).catch((error) => {
      if (!(error instanceof NotFoundError || error instanceof ConflictError)) throw error;
    });
  }
}
