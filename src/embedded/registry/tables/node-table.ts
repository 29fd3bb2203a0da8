import { formatAge } from '../../machinery/format-age.ts';
import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';

const rolePrefix = 'node-role.kubernetes.io/';

export const nodeTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Status', 'The status of the node.'),
    textColumn('Roles', 'The roles of the node.'),
    ageColumn,
    textColumn('Version', 'Kubelet version reported by the node.'),
    textColumn('Internal-IP', 'The address inside the cluster.', 1),
    textColumn('External-IP', 'The address outside the cluster.', 1),
    textColumn('OS-Image', 'The operating system image.', 1),
    textColumn('Kernel-Version', 'The kernel of the node.', 1),
    textColumn('Container-Runtime', 'The container runtime of the node.', 1),
  ],
  cells(node, nowMs) {
    const status = asObject(node.status) ?? {};
    const info = asObject(status.nodeInfo) ?? {};
    const ready = asObjectList(status.conditions).find((condition) => condition.type === 'Ready');
    const words = [ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'];
    if (asObject(node.spec)?.unschedulable === true) words.push('SchedulingDisabled');
    const roles = Object.keys(node.metadata.labels ?? {})
      .filter((label) => label.startsWith(rolePrefix) && label.length > rolePrefix.length)
      .map((label) => label.slice(rolePrefix.length))
      .sort();
    return [
      node.metadata.name,
      words.join(','),
      roles.length === 0 ? '<none>' : roles.join(','),
      formatAge(node.metadata.creationTimestamp, nowMs),
      asString(info.kubeletVersion) ?? '<unknown>',
      addressOf(status, 'InternalIP'),
      addressOf(status, 'ExternalIP'),
      asString(info.osImage) ?? '<unknown>',
      asString(info.kernelVersion) ?? '<unknown>',
      asString(info.containerRuntimeVersion) ?? '<unknown>',
    ];
  },
};

function addressOf(status: JsonObject, type: string): string {
  const found = asObjectList(status.addresses).find((address) => address.type === type);
  return asString(found?.address) ?? '<none>';
}
