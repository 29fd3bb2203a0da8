import { createHash } from 'node:crypto';
import type { Answer, ApiRequest } from '../api-context.ts';
import { answerDocument } from './answer-document.ts';

const contentType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** An aggregated discovery document, or that the caller's copy of it is still the newest (KEP-3352). */
export function answerAggregated(request: ApiRequest, document: object): Answer {
  const text = JSON.stringify(document);
  const etag = `"${createHash('sha512').update(text).digest('hex').toUpperCase()}"`;
  return answerDocument(request, text, { etag, vary: 'Accept', 'cache-control': 'public' }, contentType);
}
