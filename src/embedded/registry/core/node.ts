import { asList, asObject, asObjectList, asString, ensureObject } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { taintEffects } from '../pod-spec/validate-scheduling.ts';
import type { Draft } from '../resource-strategy.ts';
import { nodeTable } from '../tables/node-table.ts';
import { validateRange } from '../validation/addresses.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfLabelValue, problemsOfQualifiedName } from '../validation/names.ts';
import { printGoStruct } from '../validation/print-go-struct.ts';

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
    setDefaults: (draft) => void ensureObject(draft, 'spec'),
    validate: validateNode,
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

function validateNode(draft: Draft, errors: FieldErrors): void {
  const spec = asObject(draft.spec) ?? {};
  const seen = new Set<string>();
  asObjectList(spec.taints).forEach((taint, at) => {
    // Taints are reported below metadata, where they once stood.
    const field = `metadata.taints[${at}]`;
    const key = asString(taint.key) ?? '';
    errors.eachInvalid(`${field}.key`, key, problemsOfQualifiedName(key));
    const value = asString(taint.value) ?? '';
    const problems = problemsOfLabelValue(value);
    if (problems.length > 0) errors.invalid(`${field}.value`, value, problems.join(';'));
    const effect = asString(taint.effect) ?? '';
    if (effect === '') errors.required(`${field}.effect`);
    else errors.oneOf(`${field}.effect`, effect, taintEffects);
    const pair = `${key}:${effect}`;
    if (seen.has(pair)) {
      errors.duplicate(field, printGoStruct('Taint', taint), 'taints must be unique by key and effect pair');
    }
    seen.add(pair);
  });
  asList(spec.podCIDRs).forEach((range, at) => {
    validateRange(range, `spec.podCIDRs[${at}]`, errors);
  });
}
