import type { Answer, ApiRequest } from '../api-context.ts';

/** A document with its ETag among the headers, or that the caller's copy of it is still the newest. */
export function answerDocument(
  request: ApiRequest,
  text: string | Buffer,
  headers: Readonly<Record<string, string>>,
  contentType = 'application/json',
): Answer {
  const isKnown = (request.headers['if-none-match'] ?? '').split(',').some((each) => each.trim() === headers.etag);
  if (isKnown) return { code: 304, text: '', contentType, headers };
  return { code: 200, text, contentType, headers };
}
