import {
  inputRef,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  named,
  nameUsers,
  objectSuccess,
  type RaisedWarning,
  type RequestContext,
  readEveryUser,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { clusterNodeTypeRef, type NodeObject, nodeKind, type PodObject } from '../../api.ts';
import { podsOnNode } from '../../services/find-pods.ts';
import { maxChanges } from '../../services/nodes/node-labels.ts';
import {
  changeTaints,
  checkTaints,
  requireOwnTaints,
  type TaintChange,
  toTaint,
} from '../../services/nodes/node-taints.ts';
import { patchNode } from '../../services/nodes/patch-node.ts';
import { hasToGo, type Taint } from '../../services/nodes/tolerates.ts';

const setRef = inputRef<TaintChange['set'][number]>('NodeTaintInput');
const removeRef = inputRef<TaintChange['remove'][number]>('NodeTaintKeyInput');

/** Taints of nodes (CMP-29). */
export function registerUpdateNodeTaints(builder: LongshoreBuilder): void {
  builder.inputType('NodeTaintInput', {
    description: 'A taint to set.',
    fields: (t) => ({
      key: t.string({ required: true, description: 'Its key, as of a label.' }),
      value: t.string({ description: 'Its value, up to 63 characters; none where not given.' }),
      effect: t.field({ type: named('TaintEffect'), required: true, description: 'What it does; not UNKNOWN.' }),
    }),
  });
  builder.inputType('NodeTaintKeyInput', {
    description: 'A taint to take away.',
    fields: (t) => ({
      key: t.string({ required: true, description: 'Its key.' }),
      effect: t.field({ type: named('TaintEffect'), description: 'Its effect; all of the key where not given.' }),
    }),
  });
  registerMutation(builder, {
    name: 'updateNodeTaints',
    description: `Sets and takes away taints of a node, up to ${maxChanges} at once; there is one for each key and effect, and the others stay as they are. NO_EXECUTE ends running pods that do not put up with it: that is to be acknowledged (PODS_EVICTED). Refused with INHERENT_TAINT for those that the cluster itself sets (CMP-29).`,
    allow: { action: 'UPDATE', subject: subjectOf(nodeKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The node's id." }),
      set: t.field({ type: [setRef], description: 'Taints to set, over those of the same key and effect.' }),
      remove: t.field({ type: [removeRef], description: 'Taints to take away; those that are not there are nothing.' }),
    }),
    success: objectSuccess('The taints are as wanted.', 'clusterNode', clusterNodeTypeRef),
    load: ({ id }, context) => loadOfKind(String(id), nodeKind, context),
    check(input) {
      const change = changeOf(input);
      const issues = checkTaints(change);
      if (issues.length === 0) requireOwnTaints(change);
      return issues;
    },
    warn: {
      codes: ['PODS_EVICTED'],
      find: (input, node: NodeObject, context) => warnOfEvictions(changeOf(input), node, context),
    },
    run: (input, node: NodeObject, ticket, context) =>
      patchNode(
        node,
        ({ spec }) => {
          const before = spec?.taints ?? [];
          const taints = changeTaints(before, changeOf(input));
          const isSame = taints.length === before.length && taints.every((taint, at) => taint === before[at]);
          return isSame ? undefined : { spec: { taints: taints.length > 0 ? taints : null } };
        },
        ticket,
        context,
      ),
    replay: (node): NodeObject | null => (isOfKind(node, nodeKind) ? node : null),
  });
}

const changeOf = (input: { readonly set?: unknown; readonly remove?: unknown }): TaintChange => ({
  set: (input.set ?? []) as TaintChange['set'],
  remove: (input.remove ?? []) as TaintChange['remove'],
});

/** Pods that run there now and would go, for each taint that is new. */
async function warnOfEvictions(
  change: TaintChange,
  node: NodeObject,
  context: RequestContext,
): Promise<readonly RaisedWarning[]> {
  const isThere = (taint: Taint) =>
    node.spec?.taints?.some(
      ({ key, value = '', effect }) => key === taint.key && effect === taint.effect && value === (taint.value ?? ''),
    );
  const fresh = change.set.map(toTaint).map((taint, at) => ({ taint, at }));
  const news = fresh.filter(({ taint }) => taint.effect === 'NoExecute' && !isThere(taint));
  if (news.length === 0) return [];
  const pods: readonly PodObject[] = await readEveryUser(node, context, (reader) => podsOnNode(reader, node));
  const running = pods.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  return news.flatMap(({ taint, at }) => {
    const going = running.filter((pod) => hasToGo(pod, taint));
    if (going.length === 0) return [];
    const { words } = nameUsers(going, context, ({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    const message = `${going.length} pods do not put up with '${taint.key}' and will be ended: ${words}.`;
    return [{ code: 'PODS_EVICTED', message, path: ['set', at] }];
  });
}
