import type { Handler } from '../api-context.ts';
import { parseListOptions } from '../list-options.ts';
import { presentList } from '../present.ts';
import { presentationOf } from '../presentation-of.ts';
import { readCollection } from '../read-collection.ts';
import { resourceOf } from '../resource-of.ts';
import { parseSelection } from '../selection.ts';

export const handleList: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  const options = parseListOptions(request.query, false);
  const selection = parseSelection(resource, request.query);
  const { objects, head } = readCollection(context, resource, request.info.namespace, options, selection);
  return { code: 200, list: presentList(presentationOf(context, request, resource), objects, head) };
};
