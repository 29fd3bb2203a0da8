import type { AccessAttributes } from '../access/authorizer.ts';
import type { RequestInfo } from './request-info.ts';

/** The question a request asks of the authorizer. */
export function attributesOf(info: RequestInfo): AccessAttributes {
  const { verb, group, resource, subresource, name, path, isResource } = info;
  // A namespace is asked for as if it were in itself, so that its own roles can grant it.
  const namespace = group === '' && resource === 'namespaces' ? name : (info.namespace ?? '');
  return { verb, group, resource, subresource, namespace, name, ...(isResource ? {} : { path }) };
}
