import { type LongshoreBuilder, nodeRef, RequestError, registerQuery, resolveNode, resolveNodes } from 'longshore/sdk';

const everyNodeGuarded = 'Any id can be named; each object or row is asked for its own rights';
const maxNodes = 100;

/** Relay Global Object Identification. */
export function registerNodes(builder: LongshoreBuilder): void {
  registerQuery(builder, {
    name: 'node',
    description: 'What is behind a global id; null where it is gone, not for you, or no id.',
    allow: { public: everyNodeGuarded },
    type: nodeRef,
    nullable: true,
    args: (t) => ({ id: t.id({ required: true, description: 'A global id.' }) }),
    resolve: ({ id }, context) => resolveNode(id, context),
  });
  registerQuery(builder, {
    name: 'nodes',
    description: 'What is behind global ids, in their order; null for what is gone, not for you, or no id.',
    allow: { public: everyNodeGuarded },
    type: [nodeRef],
    nullable: { list: false, items: true },
    args: (t) => ({ ids: t.idList({ required: true, description: `Global ids, up to ${maxNodes}.` }) }),
    resolve: ({ ids }, context) => {
      if (ids.length > maxNodes) {
        throw new RequestError('BAD_USER_INPUT', `ids may have ${maxNodes} entries at the most, got ${ids.length}`);
      }
      return resolveNodes(ids, context);
    },
  });
}
