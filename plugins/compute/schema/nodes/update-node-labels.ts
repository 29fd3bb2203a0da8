import { labelInputName, tenancyServiceRef } from 'longshore/plugins/core';
import {
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  type MapChange,
  mapPatch,
  objectSuccess,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { clusterNodeTypeRef, type NodeObject, nodeKind } from '../../api.ts';
import { checkNodeLabels, maxChanges, requireOwnLabels } from '../../services/nodes/node-labels.ts';
import { patchNode } from '../../services/nodes/patch-node.ts';

/** Labels of one's own on nodes (CMP-28). */
export function registerUpdateNodeLabels(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateNodeLabels',
    description: `Sets and removes labels of a node, up to ${maxChanges} at once; the others stay as they are. Refused with INHERENT_LABEL for those that come with the node: of Kubernetes and its providers, and that of its deployment unit (CMP-28).`,
    allow: { action: 'UPDATE', subject: subjectOf(nodeKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The node's id." }),
      labels: t.field({ type: [labelInputName as never], description: 'Labels to set, over those of the same key.' }),
      removeLabels: t.stringList({ description: 'Keys of labels to take away; those that are not there are nothing.' }),
    }),
    success: objectSuccess('The labels are as wanted.', 'clusterNode', clusterNodeTypeRef),
    load: ({ id }, context) => loadOfKind(String(id), nodeKind, context),
    check(input, _node, context) {
      const { deploymentUnitLabel } = context.service(tenancyServiceRef);
      const change = changeOf(input);
      const issues = checkNodeLabels(change, deploymentUnitLabel);
      if (issues.length === 0) requireOwnLabels(change, deploymentUnitLabel);
      return issues;
    },
    run: (input, node: NodeObject, ticket, context) =>
      patchNode(node, () => ({ metadata: { labels: mapPatch(changeOf(input)) } }), ticket, context),
    replay: (node): NodeObject | null => (isOfKind(node, nodeKind) ? node : null),
  });
}

const changeOf = (input: {
  readonly labels?: unknown;
  readonly removeLabels?: readonly string[] | null | undefined;
}): MapChange => ({ set: (input.labels ?? []) as MapChange['set'], remove: input.removeLabels ?? [] });
