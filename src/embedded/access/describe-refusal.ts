import { forbidden, forbiddenPath, type StatusError } from '../api/status-error.ts';
import type { AccessAttributes, UserInfo } from './authorizer.ts';
import { goQuote } from './go-quote.ts';

/** Why not, in Kubernetes' words; goes behind "<resource> is forbidden: ". */
export function describeRefusal(user: UserInfo, attributes: AccessAttributes, reason: string): string {
  const { path, resource, subresource, namespace } = attributes;
  const who = `User ${goQuote(user.username)} cannot ${attributes.verb}`;
  const because = reason === '' ? '' : `: ${reason}`;
  if (path !== undefined) return `${who} path ${goQuote(path)}${because}`;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${goQuote(namespace)}`;
  return `${who} resource ${goQuote(what)} in API group ${goQuote(attributes.group)} ${where}${because}`;
}

/** The 403 that says so. */
export function refusal(attributes: AccessAttributes, why: string): StatusError {
  if (attributes.path !== undefined) return forbiddenPath(why);
  return forbidden({ group: attributes.group, plural: attributes.resource }, attributes.name, why);
}
