import { type Cluster, readLive } from 'longshore/sdk';
import { nodeKind } from '../../api.ts';
import { groupsOf } from './cluster-facts.ts';
import type { ClusterLook } from './cluster-loop.ts';
import { groupNameLabel, type MachineObject } from './kinds.ts';

const zoneLabel = 'topology.kubernetes.io/zone';

/** Labels the nodes of a cluster with the units and zones that their groups are of (CORE-04), where nobody else has said so: Cluster API brings few labels to nodes. */
export async function labelUnits(
  { found, running, reach }: ClusterLook,
  served: Cluster,
  machines: readonly MachineObject[],
  unitLabel: string,
): Promise<void> {
  const groups = new Map(found ? groupsOf(found).map((group) => [group.name, group]) : []);
  const writer = served.writer(running.principal);
  for (const machine of machines) {
    const group = groups.get(machine.metadata.labels?.[groupNameLabel] ?? '');
    const nodeName = machine.status?.nodeRef?.name;
    if (!group || nodeName === undefined) continue;
    const wanted = { [unitLabel]: group.metadata?.labels?.[unitLabel], [zoneLabel]: group.failureDomain };
    const said = Object.entries(wanted).filter(([, value]) => value !== undefined);
    const node = said.length > 0 ? await readLive(writer, nodeKind, undefined, nodeName) : undefined;
    const missing = said.filter(([key]) => node?.metadata.labels?.[key] === undefined);
    if (!node || missing.length === 0) continue;
    await reach('before-label');
    const patch = { metadata: { labels: Object.fromEntries(missing) } };
    await writer.patch(running.ticket, nodeKind, undefined, nodeName, patch, { uid: node.metadata.uid });
    await reach('after-label');
  }
}
