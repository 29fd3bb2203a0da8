import { asObject, asObjectList, ensureObject } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { nodeTable } from '../tables/node-table.ts';

const notReady = 'node.kubernetes.io/not-ready';

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
    admitCreate(draft, { hasControllers }) {
      // A node is kept free of pods until it is known to be ready (admission plugin TaintNodesByCondition).
      const spec = ensureObject(draft, 'spec');
      const taints = asObjectList(spec.taints);
      const isTainted = taints.some(({ key, effect }) => key === notReady && effect === 'NoSchedule');
      if (hasControllers && !isTainted) spec.taints = [...taints, { key: notReady, effect: 'NoSchedule' }];
    },
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
