import { asObjectList, readPath } from '../machinery/json.ts';
import { nanosOf } from '../machinery/quantity.ts';
import type { ClusterObject } from '../store/types.ts';
import { defineResource } from './define-resource.ts';
import type { RegisteredResource, TableLayout } from './resource-strategy.ts';
import { nameColumn, textColumn } from './tables/columns.ts';

const table: TableLayout = {
  columns: [nameColumn, textColumn('cpu', ''), textColumn('memory', ''), textColumn('Window', '')],
  cells(object) {
    const usages = [readPath(object, 'usage'), ...asObjectList(object.containers).map(({ usage }) => usage)];
    const sum = (resource: string): bigint =>
      usages.reduce((total: bigint, usage) => total + nanosOf(readPath(usage, resource)), 0n);
    return [object.metadata.name, `${sum('cpu')}n`, `${sum('memory') / 1_024_000_000_000n}Ki`, windowOf(object)];
  },
};

const names = { group: 'metrics.k8s.io', version: 'v1beta1' };

/** Measured when they are asked for and never stored (`metrics.k8s.io/v1beta1`); only get and list are served. */
export const podMetrics: RegisteredResource = defineResource(
  { ...names, kind: 'PodMetrics', plural: 'pods' },
  { table },
);
export const nodeMetrics: RegisteredResource = defineResource(
  { ...names, kind: 'NodeMetrics', plural: 'nodes', isClusterScoped: true },
  { table },
);

function windowOf(object: ClusterObject): unknown {
  return object.window;
}
