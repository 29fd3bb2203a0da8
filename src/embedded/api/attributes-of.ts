import type { AccessAttributes } from '../access/authorizer.ts';
import { parseFieldSelector } from '../machinery/field-selector.ts';
import type { RequestInfo } from './request-info.ts';

/** The question a request asks of the authorizer. */
export function attributesOf(info: RequestInfo, query: URLSearchParams): AccessAttributes {
  const { verb, group, resource, subresource, path, isResource } = info;
  const isMany = info.name === '' && (verb === 'list' || verb === 'watch');
  // A list of one is asked for by that name, so that a rule with resourceNames can grant it.
  const name = isMany ? selectedName(query.get('fieldSelector') ?? '') : info.name;
  // A namespace is asked for as if it were in itself, so that its own roles can grant it.
  const namespace = group === '' && resource === 'namespaces' ? info.name : (info.namespace ?? '');
  return { verb, group, resource, subresource, namespace, name, ...(isResource ? {} : { path }) };
}

/** The name in `metadata.name=<name>`; empty where the selector wants no single name or cannot be read. */
function selectedName(selector: string): string {
  if (!selector.includes('metadata.name')) return '';
  try {
    const term = parseFieldSelector(selector).find(({ field, isEqual }) => field === 'metadata.name' && isEqual);
    return term === undefined || /[/%]/.test(term.value) ? '' : term.value;
  } catch {
    return '';
  }
}
