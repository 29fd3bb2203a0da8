import { NotFoundError } from '../kernel/answer-error.ts';
import type { SubjectFacts } from './subject-facts.ts';

/**
 * The one answer for what is absent and for what the caller may not read: same class, same text, same code. Both roads
 * must take it from here, with nothing but what the caller asked for.
 */
export function notFound(asked: Pick<SubjectFacts, 'subject' | 'cluster' | 'namespace' | 'name'>): NotFoundError {
  return new NotFoundError(`There is no ${describeSubject(asked)}.`);
}

/** `Deployment 'shop/web' in cluster 'embedded'` */
export function describeSubject(asked: Pick<SubjectFacts, 'subject' | 'cluster' | 'namespace' | 'name'>): string {
  // A cluster lies in no cluster: it is asked for by where it would be.
  if (asked.subject === 'core/Cluster') return `Cluster '${asked.cluster ?? asked.name ?? ''}'`;
  const kind = asked.subject.slice(asked.subject.indexOf('/') + 1);
  const isOwnNamespace = kind === 'Namespace' && asked.namespace === asked.name;
  const parts = [isOwnNamespace ? undefined : asked.namespace, asked.name].filter((part) => part !== undefined);
  const name = parts.length === 0 ? '' : ` '${parts.join('/')}'`;
  return `${kind}${name}${asked.cluster === undefined ? '' : ` in cluster '${asked.cluster}'`}`;
}
