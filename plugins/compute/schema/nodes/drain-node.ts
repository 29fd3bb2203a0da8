import {
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  named,
  type OperationHandle,
  origin,
  type RequestContext,
  registerEnum,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { type NodeObject, nodeKind } from '../../api.ts';
import { drainSteps, removalSteps } from '../../long-operations/node-drain.ts';
import { drainWarnings } from '../../services/drains/classify-pod.ts';
import { type NodeRemoval, type NodeRemovalMode, nodeRemovalModes } from '../../services/drains/drain-options.ts';
import { nodeDrainsRef } from '../../services/drains/node-drains.ts';
import {
  checkDrainTimes,
  defaultTimeoutSeconds,
  tellWhatStays,
  warnOfDrain,
} from '../../services/drains/plan-drain.ts';
import { planRemoval } from '../../services/drains/plan-removal.ts';
import { isNodeSchedulable } from '../../services/node-facts.ts';

type Fields = Parameters<Parameters<typeof registerMutation>[1]['input']>[0];

const nodeId = (t: Fields) => t.id({ required: true, description: "The node's id." });
const drainInput = (t: Fields) => ({
  id: nodeId(t),
  gracePeriodSeconds: t.int({ description: "Seconds that each pod's processes have to end; its own where not given." }),
  timeoutSeconds: t.int({
    description: `Seconds after which it fails with the pods that are left, up to a day; ${defaultTimeoutSeconds} where not given. It can be retried then.`,
  }),
});
const warn = {
  codes: Object.keys(drainWarnings),
  find: (_input: object, node: NodeObject, context: RequestContext) => warnOfDrain(node, context),
};
/** A drain goes on while its mutation answers: how it stands is asked by the node's id. */
const success = (description: string) => ({
  description,
  fields: (t: Parameters<Parameters<typeof registerMutation<never, unknown, string>>[1]['success']['fields']>[0]) => ({
    clusterNodeId: t.id({ description: "The node's global id.", resolve: ({ value }) => value }),
  }),
});
const replay = (node: unknown): string | null => (isOfKind(node, nodeKind) ? idOfObject(node) : null);

/** Emptying nodes, and removing them (CMP-26). */
export function registerDrainNode(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'drainNode',
    description:
      'Begins to empty a node: it is cordoned, then its pods are evicted, each as far as PodDisruptionBudgets let it go, until none is left or the time is up. Pods of DaemonSets and static pods stay. What would be lost is to be acknowledged: local data, pods without controller, pods for which there is no room elsewhere. Follow its steps by `operationRecordChanges`, its pods by `ClusterNode.drain`; a failed step can be retried or ignored. Refused with NODE_DRAINING while it is drained already (CMP-26).',
    allow: { action: 'DRAIN', subject: subjectOf(nodeKind) },
    mustConfirm: 'BY_PROFILE',
    consequence: 'Its pods end and are made anew on other nodes, where there is room.',
    input: drainInput,
    success: success('Draining has begun.'),
    validate: checkDrainTimes,
    load: ({ id }, context) => loadOfKind(String(id), nodeKind, context),
    warn,
    run: (input, node: NodeObject, ticket, context) =>
      begin({ ...input, name: 'drainNode' }, node, undefined, ticket, context),
    replay,
  });
  registerMutation(builder, {
    name: 'cancelNodeDrain',
    description:
      'Ends draining a node, also where a step of it has failed: pods that left stay away, the others stay. Its operation ends as FAILED and says who cancelled it. Refused with NODE_NOT_DRAINING where it is not drained, or is being removed already (CMP-26).',
    allow: { action: 'DRAIN', subject: subjectOf(nodeKind) },
    input: (t) => ({
      id: nodeId(t),
      uncordon: t.boolean({
        description: 'Whether new pods may come again; where not given, if they might before draining began.',
      }),
    }),
    success: success('It is ending.'),
    load: ({ id }, context) => loadOfKind(String(id), nodeKind, context),
    run: async ({ uncordon }, node: NodeObject, ticket, context) => {
      const place = { cluster: node[origin].cluster, node: node.metadata.name };
      await context.service(nodeDrainsRef).cancel(place, uncordon ?? undefined, ticket, context.principal);
      return { value: idOfObject(node), resultId: idOfObject(node) };
    },
    replay,
  });
  registerDeleteNode(builder);
}

function registerDeleteNode(builder: LongshoreBuilder): void {
  registerEnum(builder, 'NodeRemovalMode', "What becomes of a node's machine when it is removed.", nodeRemovalModes);
  registerMutation(builder, {
    name: 'deleteNode',
    description:
      'Begins to remove a node: it is drained as by `drainNode`, then deleted. Do it off-peak, and back up what its pods have on it. Its machine is kept unless `mode` says otherwise, which needs the right to change its managed cluster: the group that it is of gets smaller by one. CAPABILITY_MISSING where nothing here can do that, SUBSCRIPTION_BILLED for destroying one that is paid for by the month or year. Refused with NODE_DRAINING while it is drained already (CMP-26).',
    allow: { action: 'DELETE', subject: subjectOf(nodeKind) },
    mustConfirm: true,
    consequence:
      'Its pods end and are made anew on other nodes, where there is room; what they keep on the node is lost. Do it off-peak, and back data up before.',
    input: (t) => ({
      ...drainInput(t),
      mode: t.field({
        type: named('NodeRemovalMode'),
        description: 'What becomes of its machine; NODE_ONLY where not given.',
      }),
      rootPasswordSecret: t.string({
        description:
          'With CLEAR_MACHINE, name of a Secret beside its machine with the new password of root; passwords themselves are taken nowhere.',
      }),
    }),
    success: success('Removing it has begun.'),
    validate: checkDrainTimes,
    load: ({ id }, context) => loadOfKind(String(id), nodeKind, context),
    async check(input, node: NodeObject, context) {
      return (await plan(input, node, context)).issues;
    },
    warn,
    run: async (input, node: NodeObject, ticket, context) =>
      begin({ ...input, name: 'deleteNode' }, node, (await plan(input, node, context)).removal, ticket, context),
    replay,
  });
}

const plan = (
  { mode, rootPasswordSecret }: { readonly mode?: unknown; readonly rootPasswordSecret?: string | null | undefined },
  node: NodeObject,
  context: RequestContext,
) => planRemoval(node, (mode as NodeRemovalMode | null) ?? 'NODE_ONLY', rootPasswordSecret ?? undefined, context);

async function begin(
  input: {
    readonly name: string;
    readonly gracePeriodSeconds?: number | null | undefined;
    readonly timeoutSeconds?: number | null | undefined;
    readonly acknowledge?: readonly string[] | null | undefined;
  },
  node: NodeObject,
  removal: NodeRemoval | undefined,
  ticket: OperationHandle,
  context: RequestContext,
) {
  const resultId = idOfObject(node);
  const { name, uid } = node.metadata;
  const drain = {
    cluster: node[origin].cluster,
    node: name,
    nodeUid: uid,
    wasSchedulable: isNodeSchedulable(node),
    options: {
      gracePeriodSeconds: input.gracePeriodSeconds ?? null,
      timeoutSeconds: input.timeoutSeconds ?? defaultTimeoutSeconds,
      acknowledged: [...(input.acknowledge ?? [])],
      ...(removal ? { removal } : {}),
    },
  };
  const steps = removal ? removalSteps : drainSteps;
  await context.service(nodeDrainsRef).begin(drain, steps, ticket, { type: input.name, id: resultId });
  return { value: resultId, resultId, warnings: await tellWhatStays(node, context) };
}
