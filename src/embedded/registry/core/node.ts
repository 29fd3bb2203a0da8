import { asObject } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { nodeTable } from '../tables/node-table.ts';

export const nodes = defineResource(
  {
    group: '',
    version: 'v1',
    kind: 'Node',
    plural: 'nodes',
    shortNames: ['no'],
    isClusterScoped: true,
    subresources: ['status', 'proxy'],
  },
  {
    // A kubelet registers its node with the status it has measured.
    keepsStatusOnCreate: true,
    validateUpdate(draft, current, errors) {
      const before = asObject(current.spec)?.providerID;
      const next = asObject(draft.spec)?.providerID;
      if (before !== undefined && before !== '' && next !== before) {
        errors.forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid');
      }
    },
    selectableFields: {
      'spec.unschedulable': (node) => String(asObject(node.spec)?.unschedulable === true),
    },
    table: nodeTable,
  },
);
