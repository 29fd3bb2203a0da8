import { createHash } from 'node:crypto';
import type { Answer, ApiRequest } from '../api-context.ts';

/** An aggregated discovery document, or that the caller's copy of it is still the newest (KEP-3352). */
export function answerAggregated(request: ApiRequest, document: object): Answer {
  const text = JSON.stringify(document);
  const etag = `"${createHash('sha512').update(text).digest('hex').toUpperCase()}"`;
  const contentType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const headers = { etag, vary: 'Accept', 'cache-control': 'public' };
  const isKnown = (request.headers['if-none-match'] ?? '').split(',').some((each) => each.trim() === etag);
  return isKnown ? { code: 304, text: '', contentType, headers } : { code: 200, text, contentType, headers };
}
