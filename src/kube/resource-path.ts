import { ValidationError } from '../kernel/answer-error.ts';
import type { KindRef } from './kind-ref.ts';

/** Path of a kind's collection, cluster-wide or of one namespace, or of one object or subresource below it. */
export function resourcePath(kind: KindRef, namespace?: string, name?: string, subresource?: string): string {
  const segments = kind.group === '' ? ['api', kind.version] : ['apis', kind.group, kind.version];
  if (namespace !== undefined && kind.isNamespaced) segments.push('namespaces', segment(namespace, 'namespace'));
  segments.push(kind.plural);
  if (name !== undefined) segments.push(segment(name, 'name'));
  if (subresource !== undefined) segments.push(...subresource.split('/'));
  return `/${segments.map(encodeURIComponent).join('/')}`;
}

/** Names of a dot or two would climb the path, and Kubernetes allows neither them nor slashes in any name. */
function segment(value: string, what: string): string {
  if (value === '' || value === '.' || value === '..' || value.includes('/') || value.includes('%')) {
    throw new ValidationError([
      {
        path: [what],
        code: 'invalid_name',
        message: `${what} must be a Kubernetes name, got ${JSON.stringify(value)}`,
      },
    ]);
  }
  return value;
}
